/** When storage will be full, where a week of history can tell. */
import { createSignal } from "solid-js";
import { askSparks, batchOf } from "../api/sparks";

const DAY = 86_400_000;
const LEAST_POINTS = 12;
const LEAST_SPAN = DAY;
/** Percent per day below which nothing grows. */
const STEADY = 0.02;
/** Further away than this nobody plans. */
const FAR = 730;
const AGAIN_AFTER = 30 * 60_000;

/** `collecting` until there is a day of points, then days until full, or `steady`. */
export type Growth = "collecting" | "steady" | number;

/** A straight line through the points, as days until it reaches 100. */
export function forecast(values: readonly (number | null)[], step: number): Growth {
  const points = values.flatMap((value, at) => (value === null ? [] : [{ at: (at * step) / DAY, value }]));
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last || points.length < LEAST_POINTS || (last.at - first.at) * DAY < LEAST_SPAN) return "collecting";
  const middle = points.reduce((sum, point) => sum + point.at, 0) / points.length;
  const mean = points.reduce((sum, point) => sum + point.value, 0) / points.length;
  const spread = points.reduce((sum, point) => sum + (point.at - middle) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.at - middle) * (point.value - mean), 0) / spread;
  const days = (100 - last.value) / slope;
  return slope < STEADY || days > FAR ? "steady" : Math.max(0, days);
}

const [growth, setGrowth] = createSignal<ReadonlyMap<string, Growth>>(new Map());
let askedFor = "";
let askedAt = 0;

/** What is known of a resource's growth. Tracked. */
export function growthOf(id: string): Growth {
  return growth().get(id) ?? "collecting";
}

type Values = readonly (number | null)[] | undefined;

/** Hosts are kept under one word, storages under another. */
function fuller(disk: Values, usage: Values): readonly (number | null)[] {
  return (disk?.some((value) => value !== null) ? disk : usage) ?? [];
}

/** Asks for a week of these, once per set and half hour. Without history they go on collecting. */
export function followGrowth(ids: readonly string[]): void {
  const key = ids.join();
  if (ids.length === 0 || (key === askedFor && Date.now() - askedAt < AGAIN_AFTER)) return;
  askedFor = key;
  askedAt = Date.now();
  askSparks(batchOf(ids), ["disk", "usage"], "7d", 84).then(
    (answer) => setGrowth(new Map(Object.entries(answer.series).map(([id, series]) => [id, forecast(fuller(series?.disk, series?.usage), answer.step)]))),
    () => undefined,
  );
}
