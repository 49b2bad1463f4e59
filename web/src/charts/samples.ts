/**
 * The last hour of one resource: read once, then grown from live reports. Gaps stay gaps.
 */
import type { History } from "../api/schema";
import type { Resource } from "../live/frames";

export const METRICS = ["cpu", "memory", "disk", "netin", "netout", "diskread", "diskwrite", "temperature"] as const;
export type Metric = (typeof METRICS)[number];

/** A longer silence than this many intervals is a gap. */
const GAP_INTERVALS = 2.5;
export const WINDOW_SECONDS = 3600;
const WINDOWS = [300, 600, 900, 1800, WINDOW_SECONDS];

export interface Gap {
  from: number;
  to: number;
}

type Values = Partial<Record<Metric, number>>;

/** One live report as chart values. */
export function valuesOf(resource: Resource): Values {
  return {
    cpu: resource.cpu?.current,
    memory: resource.memory?.current,
    disk: resource.disk?.current,
    netin: resource.network?.rxBytes,
    netout: resource.network?.txBytes,
    diskread: resource.diskIO?.readRate,
    diskwrite: resource.diskIO?.writeRate,
    temperature: resource.temperature,
  };
}

export class Samples {
  /** Unix seconds, rising. */
  private times: number[] = [];
  private columns = new Map<Metric, (number | null)[]>();

  clear(): void {
    this.times = [];
    this.columns = new Map();
  }

  /**
   * Takes the server's answer; points from before it stay, since a server that started anew knows less than this
   * page. Series of one report share its time.
   */
  load(answer: Pick<History, "metrics">): void {
    const rows = this.recorded(answer);
    const first = Math.min(...rows.keys());
    const before = this.rows(METRICS).filter(([second]) => second < first);
    this.clear();
    for (const [second, ...values] of before) this.push(second, Object.fromEntries(METRICS.map((metric, at) => [metric, values[at] ?? undefined])));
    for (const second of [...rows.keys()].sort((a, b) => a - b)) this.push(second, rows.get(second) ?? {});
  }

  private recorded(answer: Pick<History, "metrics">): Map<number, Values> {
    const rows = new Map<number, Values>();
    for (const metric of METRICS) {
      for (const point of answer.metrics?.[metric] ?? []) {
        const second = Math.round(point.timestamp / 1000);
        const row = rows.get(second) ?? {};
        row[metric] = point.value;
        rows.set(second, row);
      }
    }
    return rows;
  }

  /** Adds a live report; one that is known already or older is ignored. */
  add(resource: Resource): boolean {
    if (!resource.lastSeen) return false;
    const second = Math.round(resource.lastSeen / 1000);
    if (second <= (this.times[this.times.length - 1] ?? 0)) return false;
    this.push(second, valuesOf(resource));
    this.forget(second - WINDOW_SECONDS - 60);
    return true;
  }

  private push(second: number, values: Values): void {
    for (const metric of METRICS) {
      const value = values[metric];
      let column = this.columns.get(metric);
      if (!column && value === undefined) continue;
      if (!column) this.columns.set(metric, (column = Array.from({ length: this.times.length }, () => null)));
      column.push(value ?? null);
    }
    this.times.push(second);
  }

  private forget(before: number): void {
    const first = this.times.findIndex((time) => time >= before);
    if (first <= 0) return;
    this.times.splice(0, first);
    for (const column of this.columns.values()) column.splice(0, first);
  }

  get count(): number {
    return this.times.length;
  }

  has(metric: Metric): boolean {
    return this.columns.has(metric);
  }

  last(metric: Metric): number | undefined {
    const column = this.columns.get(metric);
    return column?.[column.length - 1] ?? undefined;
  }

  /** How far back a chart that ends at `to` looks: as far as there are points, in a few steps so that it rarely jumps. */
  windowTo(to: number): number {
    const age = to - (this.times[0] ?? to);
    return WINDOWS.find((seconds) => age <= seconds) ?? WINDOW_SECONDS;
  }

  /** Silences inside the window, its edges included. */
  gaps(from: number, to: number, interval: number): Gap[] {
    const longest = interval * GAP_INTERVALS;
    const found: Gap[] = [];
    let before = from;
    for (const time of this.times) {
      if (time < from) continue;
      if (time - before > longest) found.push({ from: before, to: time });
      before = time;
    }
    if (to - before > Math.max(longest, interval * 3)) found.push({ from: before, to });
    return found;
  }

  /** Times and columns for the chart, with an empty point inside every gap so that no line crosses it. */
  aligned(metrics: readonly Metric[], interval: number): [number[], ...(number | null)[][]] {
    const times: number[] = [];
    const columns: (number | null)[][] = metrics.map(() => []);
    for (let at = 0; at < this.times.length; at++) {
      const time = this.times[at] ?? 0;
      const before = this.times[at - 1];
      if (before !== undefined && time - before > interval * GAP_INTERVALS) {
        times.push(before + 1);
        for (const column of columns) column.push(null);
      }
      times.push(time);
      metrics.forEach((metric, index) => columns[index]?.push(this.columns.get(metric)?.[at] ?? null));
    }
    return [times, ...columns];
  }

  /** Rows for the table and the CSV, oldest first. */
  rows(metrics: readonly Metric[]): (readonly [number, ...(number | null)[]])[] {
    return this.times.map((time, at) => [time, ...metrics.map((metric) => this.columns.get(metric)?.[at] ?? null)] as const);
  }
}

/** The next of 1, 2, 5, 10, 20, … at or above `value`; never below what the axis showed before. */
export function niceTop(value: number, before = 0, least = 1): number {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((factor) => wanted <= factor * power * 1.0001) ?? 10;
  return Math.max(before, step * power);
}
