/** What a cluster or a namespace holds, counted over everything once per tally however many rows ask. */
import { facetsOf } from "../../api/facets";
import { latest, latestOf } from "../../live/estate";
import type { Resource } from "../../live/frames";
import type { Standing } from "../../live/standing";
import { tally } from "../../live/tally";
import { isShort, shareOf } from "../../parts/cells/cluster";

interface Part {
  good: number;
  all: number;
}

export interface KindCounts {
  nodes: Part;
  pods: Part;
  deployments: Part;
  /** Warning events. */
  warnings: number;
  /** Thousandths of a core and bytes its pods use; undefined where no pod says. */
  cpu: number | undefined;
  memory: number | undefined;
}

const none = (): KindCounts => ({ nodes: { good: 0, all: 0 }, pods: { good: 0, all: 0 }, deployments: { good: 0, all: 0 }, warnings: 0, cpu: undefined, memory: undefined });

const add = (sum: number | undefined, value: number | undefined) => (value === undefined ? sum : (sum ?? 0) + value);

function count(into: KindCounts, entry: Resource, stands: Standing): void {
  const k = facetsOf(entry).kubernetes ?? {};
  const note = (part: Part, good: boolean) => {
    part.all += 1;
    if (good) part.good += 1;
  };
  if (entry.type === "k8s-node") note(into.nodes, k.ready !== false && stands !== "offline" && stands !== "unknown");
  else if (entry.type === "k8s-deployment") note(into.deployments, !isShort(shareOf(k)));
  else if (entry.type === "k8s-event") into.warnings += k.eventType === "Warning" ? 1 : 0;
  else if (entry.type === "pod") {
    note(into.pods, stands === "running");
    into.cpu = add(into.cpu, k.usageCpuMilliCores);
    into.memory = add(into.memory, k.usageMemoryBytes ?? entry.memory?.used);
  }
}

const COUNTED: ReadonlySet<string> = new Set(["k8s-node", "k8s-deployment", "k8s-event", "pod"]);

/** By cluster, and by cluster and namespace. */
export function countKinds(all: readonly Resource[], standings: ReadonlyMap<string, Standing>): ReadonlyMap<string, KindCounts> {
  const found = new Map<string, KindCounts>();
  const at = (key: string) => found.get(key) ?? (found.set(key, none()).get(key) as KindCounts);
  for (const entry of all) {
    const { clusterId, namespace } = facetsOf(entry).kubernetes ?? {};
    if (!clusterId || !COUNTED.has(entry.type)) continue;
    const stands = standings.get(entry.id) ?? "unknown";
    count(at(clusterId), entry, stands);
    if (namespace) count(at(`${clusterId}/${namespace}`), entry, stands);
  }
  return found;
}

let kept: { of: unknown; counts: ReadonlyMap<string, KindCounts> } = { of: undefined, counts: new Map() };
const NOTHING = none();

/** The counts of a cluster or a namespace. Tracked by the tally. */
export function countsOf(id: string): KindCounts {
  const now = tally();
  if (kept.of !== now) kept = { of: now, counts: countKinds(latest(), now.standings) };
  const entry = latestOf(id);
  const clusterId = facetsOf(entry).kubernetes?.clusterId ?? "";
  return kept.counts.get(entry?.type === "k8s-namespace" ? `${clusterId}/${entry.name}` : clusterId) ?? NOTHING;
}
