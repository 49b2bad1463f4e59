/** What a page cannot show of a cluster, in sentences: what its agent could not read, and where a list is cut. Pure. */
import { facetsOf } from "../../api/facets";
import type { KubeGap, Kubernetes } from "../../api/schema";
import type { Resource } from "../../live/frames";
import { t } from "../../text/en";
import type { ClusterKind } from "./kinds";

const { gaps, kinds } = t.cluster;

const toldBy = (cluster: Resource): Kubernetes => facetsOf(cluster).kubernetes ?? {};

/** Lists by their name in an agent's report, where that is not the name of the kind. */
const LISTS: Partial<Record<string, ClusterKind>> = {
  endpointSlices: "endpoints", networkPolicies: "policies", persistentVolumeClaims: "claims", persistentVolumes: "volumes", storageClasses: "classes", serviceAccounts: "accounts", clusterRoles: "roles", roleBindings: "bindings", clusterRoleBindings: "bindings", resourceQuotas: "quotas", limitRanges: "limits", podDisruptionBudgets: "budgets", horizontalPodAutoscalers: "scalers",
};
const kindOfList = (list: string | undefined) => LISTS[list ?? ""] ?? list;
const wordOf = (list: string | undefined) => kinds[kindOfList(list) as ClusterKind]?.toLowerCase() ?? list ?? "";

/** As many of a kind as an agent lists unless it is told otherwise. */
const LISTED: Partial<Record<ClusterKind, number>> = { pods: 200, events: 200, clusters: Number.POSITIVE_INFINITY };
const LISTED_OF_OTHERS = 1000;

const MEASURED: ReadonlySet<ClusterKind> = new Set(["clusters", "nodes", "pods", "namespaces"]);
const USAGE = "usage";

/** A list of exactly this length was cut, or nearly, by an agent that does not say how much it left out. */
function cutAt(kind: ClusterKind, rows: number): string | undefined {
  if (rows !== (LISTED[kind] ?? LISTED_OF_OTHERS)) return undefined;
  return kind === "pods" ? gaps.pods(rows) : kind === "events" ? gaps.events(rows) : gaps.kept(rows, kinds[kind]);
}

/** Told of a whole list: the agent may not read it, or could not. What was read earlier may stand in for it. */
const isUnread = ({ reason }: KubeGap) => reason !== "limit";
const whyOf = ({ detail, reason }: KubeGap) => detail || reason || "";

/** What the agent could not read, by reason; the page of clusters says all of it, every other what it lacks itself. */
function unread(kind: ClusterKind, k: Kubernetes): string[] {
  const byReason = new Map<string, string[]>();
  for (const gap of (k.gaps ?? []).filter(isUnread)) {
    const { member, earlier } = gap;
    if (member === USAGE || (kind !== "clusters" && kindOfList(member) !== kind)) continue;
    const why = earlier ? gaps.earlier(whyOf(gap)) : whyOf(gap);
    byReason.set(why, [...(byReason.get(why) ?? []), wordOf(member)]);
  }
  return [...byReason].map(([reason, lists]) => gaps.unread([...new Set(lists)].join(", "), reason));
}

function leftOut(kind: ClusterKind, k: Kubernetes): string[] {
  const mine = (k.gaps ?? []).filter((gap) => !isUnread(gap) && !!gap.leftOut && (kind === "clusters" || kindOfList(gap.member) === kind));
  return mine.map(({ member, leftOut: count = 0 }) => gaps.leftOut(count, wordOf(member)));
}

function unmeasured(kind: ClusterKind, k: Kubernetes): string | undefined {
  if (!MEASURED.has(kind)) return undefined;
  const told = k.gaps?.find(({ member }) => member === USAGE);
  const can = k.metricCapabilities;
  // An agent that has processor and memory all the same lacks what only kubelets know, and that is of pods.
  if (told && (can?.nodeCpuMemory || can?.podCpuMemory)) return kind === "nodes" ? undefined : gaps.kubelets(whyOf(told));
  return told || (can?.nodeCpuMemory === false && can.podCpuMemory === false) ? gaps.metrics(told ? whyOf(told) : "") : undefined;
}

/** Of one cluster: what its source complains about, what is not read, measured or listed. */
export function gapsOf(kind: ClusterKind, cluster: Resource, rows: number): string[] {
  const source = facetsOf(cluster).sourceStatus?.kubernetes;
  const k = toldBy(cluster);
  const missing = leftOut(kind, k);
  return [
    source?.error,
    source?.note,
    k.limitedToNamespace ? gaps.limited(k.limitedToNamespace) : undefined,
    ...unread(kind, k),
    unmeasured(kind, k),
    ...missing,
    missing.length === 0 ? cutAt(kind, rows) : undefined,
  ].flatMap((words) => words || []);
}

/** Why nothing of a kind is listed, where an agent could not read it. */
export function unreadReason(kind: ClusterKind, clusters: readonly Resource[]): string | undefined {
  const all = clusters.flatMap((cluster) => toldBy(cluster).gaps ?? []);
  const found = all.find((gap) => isUnread(gap) && kindOfList(gap.member) === kind);
  return found && (whyOf(found) || gaps.noReason);
}
