/**
 * Counts and sums over the whole estate for the verdict, the ribbon and the summary band. Computed at most
 * once a second from plain objects, whatever the number of readers; goes on while the view is paused.
 */
import { batch, createEffect, createRoot, createSignal, untrack } from "solid-js";
import { createStore } from "solid-js/store";
import type { History } from "../api/schema";
import type { Resource } from "./frames";
import { AREAS, type AreaId, areaOf } from "../app/areas";
import { serverNow, ticking } from "./clock";
import { latest, onReport, revision } from "./estate";
import { estateNow, link } from "./socket";
import { isFresh, SEVERITY, type Standing, standingOf } from "./standing";
import { isStorage, roomOf, usageOf } from "./storage";
import { Strip, Trail } from "./trail";

export type Counts = Partial<Record<Standing, number>>;

export interface Trouble {
  id: string;
  name: string;
  standing: Standing;
  since: number;
}

export interface Filling {
  id: string;
  resource: string;
  mount: string;
  percent: number;
  used: number;
  total: number;
}

const FULLEST = 6;

export interface Sums {
  cpu?: number;
  cores: number;
  memoryUsed?: number;
  memoryTotal: number;
  memoryCache: number;
  storageUsed?: number;
  storageTotal: number;
  /** The fullest file systems, fullest first. */
  fullest: Filling[];
  rx?: number;
  tx?: number;
}

export interface Tally {
  total: number;
  reporting: number;
  counts: Counts;
  areas: Partial<Record<AreaId, { total: number; counts: Counts }>>;
  trouble: Trouble[];
  sums: Sums;
  standings: ReadonlyMap<string, Standing>;
}

const EMPTY: Tally = {
  total: 0,
  reporting: 0,
  counts: {},
  areas: {},
  trouble: [],
  sums: { cores: 0, memoryTotal: 0, memoryCache: 0, storageTotal: 0, fullest: [] },
  standings: new Map(),
};

function addHost(sums: Sums, weight: { cpu: number }, entry: Resource): void {
  const agent = entry.agent;
  if (entry.cpu?.current !== undefined) {
    const cores = agent?.cpuCount ?? 1;
    weight.cpu += entry.cpu.current * cores;
    sums.cores += cores;
  }
  const memory = entry.memory;
  if (memory?.used !== undefined && memory.total) {
    sums.memoryUsed = (sums.memoryUsed ?? 0) + memory.used;
    sums.memoryTotal += memory.total;
    sums.memoryCache += agent?.memory?.cache ?? 0;
  }
  for (const disk of agent?.disks ?? []) {
    const total = roomOf(disk);
    const percent = usageOf(disk);
    if (!isStorage(disk) || disk.used === undefined || !total || percent === undefined) continue;
    sums.storageUsed = (sums.storageUsed ?? 0) + disk.used;
    sums.storageTotal += total;
    if (sums.fullest.length === FULLEST && percent <= (sums.fullest[FULLEST - 1]?.percent ?? 0)) continue;
    const filling = { id: entry.id, resource: entry.displayName || entry.name, mount: disk.mountpoint ?? disk.device ?? "", percent, used: disk.used, total };
    const place = sums.fullest.findIndex((known) => known.percent < percent);
    sums.fullest.splice(place < 0 ? sums.fullest.length : place, 0, filling);
    sums.fullest.length = Math.min(FULLEST, sums.fullest.length);
  }
  if (entry.network?.rxBytes !== undefined) sums.rx = (sums.rx ?? 0) + entry.network.rxBytes;
  if (entry.network?.txBytes !== undefined) sums.tx = (sums.tx ?? 0) + entry.network.txBytes;
}

/** The pure part: everything the shell says about the estate, from one list. */
export function tallyOf(resources: readonly Resource[], now: number): Tally {
  const result: Tally = { ...EMPTY, counts: {}, areas: {}, trouble: [], sums: { ...EMPTY.sums, fullest: [] } };
  const weight = { cpu: 0 };
  const words = new Map<string, Standing>();
  result.standings = words;
  for (const entry of resources) {
    const standing = standingOf(entry, now);
    words.set(entry.id, standing);
    const area = areaOf(entry);
    const cell = (result.areas[area] ??= { total: 0, counts: {} });
    result.total += 1;
    cell.total += 1;
    result.counts[standing] = (result.counts[standing] ?? 0) + 1;
    cell.counts[standing] = (cell.counts[standing] ?? 0) + 1;
    if (isFresh(standing)) {
      result.reporting += 1;
      addHost(result.sums, weight, entry);
    }
    if (SEVERITY[standing] <= SEVERITY.stale) {
      const name = entry.displayName || entry.name;
      result.trouble.push({ id: entry.id, name, standing, since: entry.lastSeen });
    }
  }
  if (result.sums.cores > 0) result.sums.cpu = weight.cpu / result.sums.cores;
  result.trouble.sort(
    (a, b) => SEVERITY[a.standing] - SEVERITY[b.standing] || b.since - a.since || a.name.localeCompare(b.name),
  );
  return result;
}

const [tally, setTally] = createSignal<Tally>(EMPTY);
const [standings, setStandings] = createStore<Record<string, Standing>>({});
export { tally };

/** How a resource stands. Tracked; changes only when the word does. */
export function standing(id: string): Standing {
  return standings[id] ?? "unknown";
}

/** Publishes changed words only, and forgets those of resources that went. */
function publishStandings(next: ReadonlyMap<string, Standing>): void {
  for (const [id, word] of next) if (standings[id] !== word) setStandings(id, word);
  if (Object.keys(standings).length > next.size) {
    for (const id of Object.keys(standings)) if (!next.has(id)) setStandings(id, undefined!);
    for (const id of trails.keys()) if (!next.has(id)) trails.delete(id);
  }
}

export const strips = { cpu: new Strip(), memory: new Strip(), network: new Strip() };
const trails = new Map<string, Trail>();
/** Rises when sparks have a further point. */
const [sampled, setSampled] = createSignal(0);
/** Whether the sparks reach back before this page opened. */
const [seeded, setSeeded] = createSignal(false);
export { sampled, seeded };
/** Just under the usual interval, so that each report counts once. */
const SAMPLE_EVERY = 9_000;

/**
 * Fills the sparks of an estate of one machine from its history. Larger estates collect: a request per
 * machine is what this dashboard never does.
 */
export function seedSparks(id: string, metrics: NonNullable<History["metrics"]>): void {
  const values = (metric: string) => (metrics[metric] ?? []).map((point) => point.value);
  strips.cpu.seed(values("cpu"));
  strips.memory.seed(values("memory"));
  const sent = new Map((metrics.netout ?? []).map((point) => [point.timestamp, point.value]));
  const trail = new Trail();
  const both = (metrics.netin ?? []).map((point) => ({ at: point.timestamp, value: point.value + (sent.get(point.timestamp) ?? 0) }));
  for (const point of both) trail.add(point.at, point.value);
  strips.network.seed(both.map((point) => point.value));
  trails.set(id, trail);
  setSeeded(true);
  setSampled((count) => count + 1);
}

/** Network traffic of the last hour of one resource, as far as this page has seen it. */
export function networkTrail(id: string): Trail | undefined {
  return trails.get(id);
}

function rememberReports(): void {
  for (const entry of latest()) {
    const { rxBytes, txBytes } = entry.network ?? {};
    if (rxBytes === undefined && txBytes === undefined) continue;
    if (!entry.lastSeen) continue;
    let trail = trails.get(entry.id);
    if (!trail) trails.set(entry.id, (trail = new Trail()));
    trail.add(entry.lastSeen, (rxBytes ?? 0) + (txBytes ?? 0));
  }
}

let dirty = false;
let sampledAt = 0;

function recount(): void {
  const now = estateNow(serverNow());
  const next = tallyOf(latest(), now);
  if (dirty && link() === "open" && now - sampledAt >= SAMPLE_EVERY) {
    sampledAt = now;
    dirty = false;
    rememberReports();
    const { cpu, memoryUsed, memoryTotal, rx, tx } = next.sums;
    if (cpu !== undefined) strips.cpu.add(cpu);
    if (memoryUsed !== undefined) strips.memory.add((memoryUsed / memoryTotal) * 100);
    if (rx !== undefined || tx !== undefined) strips.network.add((rx ?? 0) + (tx ?? 0));
    setSampled((count) => count + 1);
  }
  batch(() => {
    publishStandings(next.standings);
    setTally(next);
  });
}

/** Starts counting; the result follows the clock and the first frame at once. */
export function startTally(): () => void {
  const forget = onReport(() => {
    dirty = true;
  });
  return createRoot((dispose) => {
    let countedAt = 0;
    createEffect(() => {
      ticking();
      revision();
      const now = Date.now();
      // Frames may come many times a second; the first of a view must not wait for the tick.
      if (now - countedAt < 900 && untrack(tally).total > 0) return;
      countedAt = now;
      untrack(recount);
    });
    return () => {
      forget();
      dispose();
    };
  });
}

/** Areas that have resources, in ribbon order. */
export function presentAreas(of: Tally): AreaId[] {
  return AREAS.map((area) => area.id).filter((id) => of.areas[id]);
}
