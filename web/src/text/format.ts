/**
 * Figures as words. A number that is not known is a dash, never a zero. Units follow a space.
 */

import type { Growth } from "../live/growth";
import { t } from "./en";

export const DASH = "–";

const GIB = 2 ** 30;

/** At most three significant digits, no trailing noise. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return String(Math.round(value));
  if (size >= 10) return trimZero(value.toFixed(1));
  if (size < 0.005) return "0";
  return trimZero(value.toFixed(2));
}

/** Three digits with their zeros kept, for columns whose decimals should stand still. */
export function steadyFigure(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return value.toFixed(value >= 9.995 ? 1 : 2);
}

function trimZero(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

export function percent(value: number | undefined): string {
  return value === undefined ? DASH : String(Math.round(value));
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= base * 0.9995 && step < units.length - 1) {
    rest /= base;
    step += 1;
  }
  return `${figure(rest)} ${units[step]}`;
}

/** Memory counts in powers of two. */
export function memory(bytes: number | undefined): string {
  if (bytes === undefined) return DASH;
  return scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
}

/** Capacity as vendors count it. */
export function capacity(bytes: number | undefined): string {
  if (bytes === undefined) return DASH;
  return scaled(bytes, 1000, ["B", "kB", "MB", "GB", "TB", "PB"]);
}

/** Disk I/O in bytes. */
export function byteRate(bytesPerSecond: number | undefined): string {
  if (bytesPerSecond === undefined) return DASH;
  return scaled(bytesPerSecond, 1000, ["B/s", "kB/s", "MB/s", "GB/s"]);
}

/** Network in bits. */
export function bitRate(bytesPerSecond: number | undefined): string {
  if (bytesPerSecond === undefined) return DASH;
  return scaled(bytesPerSecond * 8, 1000, ["b/s", "kb/s", "Mb/s", "Gb/s"]);
}

/** "412 of 576 GiB": both figures in the unit of the larger. */
export function usedOf(used: number | undefined, total: number | undefined, kind: "memory" | "capacity"): [string, string] {
  if (used === undefined || !total) return [DASH, ""];
  const base = kind === "memory" ? 1024 : 1000;
  const units = kind === "memory" ? ["B", "KiB", "MiB", "GiB", "TiB"] : ["B", "kB", "MB", "GB", "TB", "PB"];
  let step = 0;
  let size = total;
  while (size >= base * 0.9995 && step < units.length - 1) {
    size /= base;
    step += 1;
  }
  return [figure(used / base ** step), `${figure(size)} ${units[step]}`];
}

/** "10.6 / 16" GiB, or with its unit where it is less than one. */
export function memoryPair(used: number, total: number | undefined): string {
  if (!total || total < GIB) return memory(used);
  return `${figure(used / GIB)} / ${figure(total / GIB)}`;
}

export function gib(bytes: number | undefined): string {
  return bytes === undefined ? DASH : figure(bytes / GIB);
}

/** How long ago or how long already: two units at most, "2 h 14 m". */
export function span(milliseconds: number | undefined): string {
  if (milliseconds === undefined || Number.isNaN(milliseconds)) return DASH;
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} m` : `${hours} h`;
  const days = Math.floor(hours / 24);
  if (days < 10 && hours % 24) return `${days} d ${hours % 24} h`;
  return `${days} d`;
}

/** Uptime for a narrow column: the largest unit only. */
export function uptimeShort(seconds: number | undefined): string {
  if (seconds === undefined) return DASH;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** When storage will be full: a forecast, so in round figures. */
export function growthTime(days: number): string {
  return days < 2 ? t.growth.hours(Math.max(1, Math.round(days * 24))) : t.growth.days(Math.round(days));
}

export function growthWords(growth: Growth): string {
  return typeof growth === "number" ? t.growth.full(growthTime(growth)) : t.growth[growth];
}

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockTimeSeconds = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const dayTime = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" });
const dayOnly = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

export function timeOfDay(at: number, seconds = false): string {
  return (seconds ? clockTimeSeconds : clockTime).format(at);
}

/** "Mon 24", for the axis of a week. */
export function weekdayShort(at: number): string {
  return weekday.format(at);
}

/** "24 Nov", for the axis of months. */
export function dayShort(at: number): string {
  return dayOnly.format(at);
}

/** Day and time, "24 Nov 14:05". */
export function dayAndTime(at: number): string {
  return dayTime.format(at);
}

/** The time alone today, with the day before that. */
export function moment(at: number, now: number): string {
  return now - at < 12 * 3_600_000 ? clockTime.format(at) : dayTime.format(at);
}

export function date(at: number | string): string {
  return day.format(typeof at === "string" ? Date.parse(at) : at);
}

/** Absolute, for hover and copies. */
export function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Splits a long name so that the middle can go and the tail stays readable. */
export function middle(name: string): [string, string] {
  if (name.length <= 18) return [name, ""];
  const tail = Math.min(9, Math.floor(name.length / 3));
  return [name.slice(0, -tail), name.slice(-tail)];
}
