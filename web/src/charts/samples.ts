/**
 * The series of one resource: read once, then grown from live reports. Gaps stay gaps.
 */
import type { History } from "../api/schema";
import type { Resource } from "../live/frames";

/** The word of the API: cpu, memory, netin, usage, smart_temp … */
export type Metric = string;

/** A longer silence than this many intervals is a gap. */
const GAP_INTERVALS = 2.5;
export const WINDOW_SECONDS = 3600;
const WINDOWS = [300, 600, 900, 1800, WINDOW_SECONDS];

export interface Gap {
  from: number;
  to: number;
}

type Values = Partial<Record<Metric, number>>;
type Cell = number | null;

interface Point {
  value: number;
  min: number;
  max: number;
}

/** One live report as chart values, under the words history keeps them. */
export function valuesOf(resource: Resource): Values {
  const { disk } = resource;
  if (resource.type === "storage" || resource.type === "ceph") {
    const { used, total } = disk ?? {};
    const free = disk?.free ?? (used !== undefined && total !== undefined ? Math.max(0, total - used) : undefined);
    return { usage: disk?.current, used, total, avail: free };
  }
  if (resource.type === "physical_disk") return { smart_temp: resource.temperature };
  return {
    cpu: resource.cpu?.current,
    memory: resource.memory?.current,
    disk: disk?.current,
    netin: resource.network?.rxBytes,
    netout: resource.network?.txBytes,
    diskread: resource.diskIO?.readRate,
    diskwrite: resource.diskIO?.writeRate,
    temperature: resource.temperature,
  };
}

interface Column {
  values: Cell[];
  lows: Cell[];
  highs: Cell[];
}

const emptyColumn = (length: number): Column => {
  const blank = () => Array.from({ length }, (): Cell => null);
  return { values: blank(), lows: blank(), highs: blank() };
};

export class Samples {
  /** Unix seconds, rising. */
  private times: number[] = [];
  private columns = new Map<Metric, Column>();

  clear(): void {
    this.times = [];
    this.columns = new Map();
  }

  /**
   * Takes the server's answer; points from before it stay, since a server that started anew knows less than this
   * page. Series of one report share its time.
   */
  load(answer: Pick<History, "metrics">): void {
    const rows = new Map<number, Map<Metric, Point>>();
    for (const [metric, points] of Object.entries(answer.metrics ?? {})) {
      for (const point of points) {
        const second = Math.round(point.timestamp / 1000);
        const row = rows.get(second) ?? new Map<Metric, Point>();
        row.set(metric, point);
        rows.set(second, row);
      }
    }
    const first = Math.min(...rows.keys());
    for (const [at, second] of this.times.entries()) if (second < first) rows.set(second, this.rowAt(at));
    this.clear();
    for (const second of [...rows.keys()].sort((a, b) => a - b)) this.push(second, rows.get(second) ?? new Map());
  }

  private rowAt(at: number): Map<Metric, Point> {
    const row = new Map<Metric, Point>();
    for (const [metric, column] of this.columns) {
      const value = column.values[at];
      if (typeof value === "number") row.set(metric, { value, min: column.lows[at] ?? value, max: column.highs[at] ?? value });
    }
    return row;
  }

  /** Adds a live report; one that is known already or older is ignored. */
  add(resource: Resource, keep = WINDOW_SECONDS): boolean {
    if (!resource.lastSeen) return false;
    const second = Math.round(resource.lastSeen / 1000);
    if (second <= (this.times[this.times.length - 1] ?? 0)) return false;
    const row = new Map<Metric, Point>();
    for (const [metric, value] of Object.entries(valuesOf(resource))) if (value !== undefined) row.set(metric, { value, min: value, max: value });
    this.push(second, row);
    this.forget(second - keep - 60);
    return true;
  }

  private push(second: number, row: ReadonlyMap<Metric, Point>): void {
    for (const metric of row.keys()) if (!this.columns.has(metric)) this.columns.set(metric, emptyColumn(this.times.length));
    for (const [metric, column] of this.columns) {
      const point = row.get(metric);
      column.values.push(point?.value ?? null);
      column.lows.push(point?.min ?? null);
      column.highs.push(point?.max ?? null);
    }
    this.times.push(second);
  }

  private forget(before: number): void {
    const first = this.times.findIndex((time) => time >= before);
    if (first <= 0) return;
    this.times.splice(0, first);
    for (const { values, lows, highs } of this.columns.values()) for (const cells of [values, lows, highs]) cells.splice(0, first);
  }

  get count(): number {
    return this.times.length;
  }

  get metrics(): Metric[] {
    return [...this.columns.keys()];
  }

  has(metric: Metric): boolean {
    return this.columns.has(metric);
  }

  last(metric: Metric): number | undefined {
    const values = this.columns.get(metric)?.values;
    return values?.[values.length - 1] ?? undefined;
  }

  /** How far back a chart of the last hour looks: as far as there are points, in a few steps so that it rarely jumps. */
  windowTo(to: number): number {
    const age = to - (this.times[0] ?? to);
    return WINDOWS.find((seconds) => age <= seconds) ?? WINDOW_SECONDS;
  }

  /** Rows in which at least one of these metrics has a value. */
  private present(metrics: readonly Metric[]): number[] {
    const columns = metrics.map((metric) => this.columns.get(metric)?.values);
    const rows: number[] = [];
    for (let at = 0; at < this.times.length; at++) if (columns.some((values) => typeof values?.[at] === "number")) rows.push(at);
    return rows;
  }

  /** Seconds between two points as they usually come; undefined with fewer than two. */
  step(metrics: readonly Metric[] = this.metrics): number | undefined {
    const rows = this.present(metrics);
    const steps = rows.slice(1).map((at, index) => (this.times[at] ?? 0) - (this.times[rows[index] ?? 0] ?? 0));
    return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  }

  /** Silences inside the window, its edges included. */
  gaps(from: number, to: number, interval: number, metrics: readonly Metric[] = this.metrics): Gap[] {
    const longest = interval * GAP_INTERVALS;
    const found: Gap[] = [];
    let before = from;
    for (const at of this.present(metrics)) {
      const time = this.times[at] ?? 0;
      if (time < from) continue;
      if (time > to) break;
      if (time - before > longest) found.push({ from: before, to: time });
      before = time;
    }
    if (to - before > Math.max(longest, interval * 3)) found.push({ from: before, to });
    return found;
  }

  /**
   * Times and columns for the chart, with an empty point inside every gap so that no line crosses it. A single series
   * with differing extremes brings them as two more columns: lowest, highest.
   */
  aligned(metrics: readonly Metric[], interval: number): [number[], ...Cell[][]] {
    const sources = metrics.map((metric) => this.columns.get(metric)?.values);
    const only = metrics.length === 1 ? this.columns.get(metrics[0] ?? "") : undefined;
    const spread = only?.values.some((value, at) => value !== null && only.lows[at] !== only.highs[at]);
    if (only && spread) sources.push(only.lows, only.highs);
    const times: number[] = [];
    const columns: Cell[][] = sources.map(() => []);
    let before: number | undefined;
    // A report that lacks the value is a hole in the line; rows of faster series between two points are not.
    const isSlower = interval > 1.5 * (this.step() ?? interval);
    for (const at of isSlower ? this.present(metrics) : this.times.keys()) {
      const time = this.times[at] ?? 0;
      if (before !== undefined && time - before > interval * GAP_INTERVALS) {
        times.push(before + 1);
        for (const column of columns) column.push(null);
      }
      times.push(time);
      sources.forEach((source, index) => columns[index]?.push(source?.[at] ?? null));
      before = time;
    }
    return [times, ...columns];
  }

  /** The extremes a point stands for, where they differ from its value. */
  extremes(metric: Metric, time: number): readonly [number, number] | undefined {
    const at = this.times.indexOf(time);
    const column = this.columns.get(metric);
    const [low, high] = [column?.lows[at], column?.highs[at]];
    return typeof low === "number" && typeof high === "number" && low < high ? [low, high] : undefined;
  }

  /** Rows for the table and the CSV, oldest first. */
  rows(metrics: readonly Metric[]): (readonly [number, ...Cell[]])[] {
    return this.times.map((time, at) => [time, ...metrics.map((metric) => this.columns.get(metric)?.values[at] ?? null)] as const);
  }
}

/** The next of 1, 2, 5, 10, 20, … at or above `value`; never below what the axis showed before. */
export function niceTop(value: number, before = 0, least = 1): number {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((factor) => wanted <= factor * power * 1.0001) ?? 10;
  return Math.max(before, step * power);
}
