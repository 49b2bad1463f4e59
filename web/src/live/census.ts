/** Counts over the whole estate, from one list: how everything stands, per area, who lives on whom. Pure. */
import { type AreaId, areaOf } from "../app/areas";
import type { Resource } from "./frames";
import { isHost, isWorkload } from "./kinds";
import { isFresh, isHeard, isTrouble, SEVERITY, type Standing, standingOf } from "./standing";
import { Adder, NOTHING, type Sums } from "./sums";

export type Counts = Partial<Record<Standing, number>>;

export interface Trouble {
  id: string;
  name: string;
  standing: Standing;
  since: number;
}

export interface AreaCensus {
  total: number;
  counts: Counts;
  /** Hosts, and what lives on them. */
  hosts: number;
  workloads: number;
  kinds: Partial<Record<string, number>>;
}

/** Hosts that others live on, as the ribbon counts them: no backup servers and mail gateways. */
export function nodesOf(census: AreaCensus): number {
  return census.hosts - (census.kinds.pbs ?? 0) - (census.kinds.pmg ?? 0);
}

export interface Tally {
  total: number;
  reporting: number;
  counts: Counts;
  hosts: { total: number; reporting: number };
  /** Machines with an agent of ours. */
  agents: number;
  areas: Partial<Record<AreaId, AreaCensus>>;
  trouble: Trouble[];
  sums: Sums;
  standings: ReadonlyMap<string, Standing>;
  /** Who lives on or belongs to whom. */
  children: ReadonlyMap<string, readonly string[]>;
}

export const EMPTY: Tally = {
  total: 0,
  reporting: 0,
  counts: {},
  hosts: { total: 0, reporting: 0 },
  agents: 0,
  areas: {},
  trouble: [],
  sums: NOTHING,
  standings: new Map(),
  children: new Map(),
};

const DEEPEST = 4;
/** Resources counted in one step. */
const AT_ONCE = 250;

interface Walk {
  find: (id: string) => Resource | undefined;
  words: Map<string, Standing>;
  now: number;
}

/** What lives on a silent host is not known; only the host itself is down. */
function judge(walk: Walk, entry: Resource, depth = 0): Standing {
  const present = walk.words.get(entry.id);
  if (present) return present;
  let word = standingOf(entry, walk.now);
  const parent = entry.parentId && depth < DEEPEST ? walk.find(entry.parentId) : undefined;
  if (parent && !isHost(entry) && word !== "stopped" && !isHeard(word) && !isHeard(judge(walk, parent, depth + 1))) word = "unknown";
  walk.words.set(entry.id, word);
  return word;
}

function countIn(cell: AreaCensus, entry: Resource, standing: Standing): void {
  cell.total += 1;
  cell.counts[standing] = (cell.counts[standing] ?? 0) + 1;
  cell.kinds[entry.type] = (cell.kinds[entry.type] ?? 0) + 1;
  if (isHost(entry)) cell.hosts += 1;
  else if (isWorkload(entry)) cell.workloads += 1;
}

/** Whether a host is itself part of another one that counts: an agent inside a guest. */
function isNested(walk: Walk, entry: Resource): boolean {
  let above = entry.parentId ? walk.find(entry.parentId) : undefined;
  for (let depth = 0; above && depth < DEEPEST; depth++) {
    if (isHost(above)) return true;
    above = above.parentId ? walk.find(above.parentId) : undefined;
  }
  return false;
}

/** A disk that an agent reports belongs to the platform of its host, not to the machines. */
function areaWithin(walk: Walk, entry: Resource): AreaId {
  const own = areaOf(entry);
  const parent = own === "machines" && !isHost(entry) && entry.parentId ? walk.find(entry.parentId) : undefined;
  return parent ? areaOf(parent) : own;
}

/** Since when: the last report of what went silent, the first alert of the others; 0 where nobody says. */
function sinceOf(entry: Resource, standing: Standing): number {
  if (!isHeard(standing)) return entry.lastSeen;
  const starts = entry.alerts.flatMap((alert) => (typeof alert.startTime === "number" ? alert.startTime : []));
  return starts.length > 0 ? Math.min(...starts) : 0;
}

/** How one resource stands, before anything was counted. */
export function standingAlone(entry: Resource, find: (id: string) => Resource | undefined, now: number): Standing {
  return judge({ find, words: new Map(), now }, entry);
}

/** Adds one resource to all counts. */
function count(result: Tally, walk: Walk, entry: Resource): Standing {
  const standing = judge(walk, entry);
  countIn((result.areas[areaWithin(walk, entry)] ??= { total: 0, counts: {}, hosts: 0, workloads: 0, kinds: {} }), entry, standing);
  result.total += 1;
  if (entry.agent) result.agents += 1;
  result.counts[standing] = (result.counts[standing] ?? 0) + 1;
  if (isHeard(standing)) result.reporting += 1;
  if (isTrouble(standing)) result.trouble.push({ id: entry.id, name: entry.displayName || entry.name, standing, since: sinceOf(entry, standing) });
  return standing;
}

function* sumSteps(result: Tally, walk: Walk, hosts: readonly Resource[], pools: ReadonlyMap<string, Resource[]>): Generator<void, void> {
  const adder = new Adder();
  for (const [at, host] of hosts.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    const heard = isHeard(walk.words.get(host.id) ?? "unknown");
    result.hosts.total += 1;
    if (heard) result.hosts.reporting += 1;
    if (heard && isFresh(walk.words.get(host.id) ?? "unknown") && !isNested(walk, host)) adder.addHost(host, pools.get(host.id) ?? []);
  }
  for (const pool of pools.get("") ?? []) adder.addPool(pool, "");
  result.sums = adder.sums;
}

const place = (map: Map<string, string[]>, key: string, id: string) => {
  const present = map.get(key);
  if (present) present.push(id);
  else map.set(key, [id]);
};

/** Everything the shell says about the estate, counted in steps of some hundred resources. */
export function* tallySteps(resources: readonly Resource[], now: number): Generator<void, Tally> {
  const known = new Map<string, Resource>();
  for (const entry of resources) known.set(entry.id, entry);
  const walk: Walk = { find: (id) => known.get(id), words: new Map(), now };
  const children = new Map<string, string[]>();
  const result: Tally = { ...EMPTY, counts: {}, hosts: { total: 0, reporting: 0 }, areas: {}, trouble: [], standings: walk.words, children };
  const hosts: Resource[] = [];
  const pools = new Map<string, Resource[]>();
  for (const [at, entry] of resources.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    const standing = count(result, walk, entry);
    const parent = entry.parentId && known.has(entry.parentId) ? entry.parentId : "";
    if (parent) place(children, parent, entry.id);
    if (isHost(entry)) hosts.push(entry);
    else if (entry.type === "storage" && isFresh(standing)) pools.set(parent, [...(pools.get(parent) ?? []), entry]);
  }
  yield* sumSteps(result, walk, hosts, pools);
  result.trouble.sort((a, b) => SEVERITY[a.standing] - SEVERITY[b.standing] || b.since - a.since || (a.name < b.name ? -1 : 1));
  return result;
}

/** The same at once. */
export function tallyOf(resources: readonly Resource[], now: number): Tally {
  const steps = tallySteps(resources, now);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
