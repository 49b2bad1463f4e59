/** The ranges a chart can look back, their keys 1 to 6, and how their times are written. */
import { dayShort, timeOfDay, weekdayShort } from "../text/format";

export const RANGES = ["1h", "6h", "24h", "7d", "30d", "90d"] as const;
export type Range = (typeof RANGES)[number];

const HOUR = 3600;
const DAY = 24 * HOUR;

export const RANGE_SECONDS: Record<Range, number> = { "1h": HOUR, "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY };

/** An hour when the address says nothing or something unknown. */
export function parseRange(text: string | undefined): Range {
  return RANGES.find((range) => range === text) ?? "1h";
}

const STEPS = [60, 120, 300, 600, 900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 15 * DAY, 30 * DAY];
const MOST_LABELS = 6;

/** Round times between two moments, unix seconds: at most six, on full hours or midnights of the browser's zone. */
export function evenTimes(from: number, to: number): number[] {
  const step = STEPS.find((seconds) => (to - from) / seconds <= MOST_LABELS) ?? 30 * DAY;
  const zone = -new Date(from * 1000).getTimezoneOffset() * 60;
  const splits: number[] = [];
  for (let at = Math.ceil((from + zone) / step) * step - zone; at <= to; at += step) splits.push(at);
  return splits;
}

/** How an axis writes a time: the hour within a day and a half, else the day. */
export function axisTime(at: number, span: number): string {
  if (span <= 1.5 * DAY) return timeOfDay(at * 1000);
  return span <= 8 * DAY ? weekdayShort(at * 1000) : dayShort(at * 1000);
}
