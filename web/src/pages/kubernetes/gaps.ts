/** What a page cannot show of a cluster, in sentences: what its agent could not read, and where a list is cut. Pure. */
import { facetsOf } from "../../api/facets";
import type { Resource } from "../../live/frames";
import { t } from "../../text/en";
import type { ClusterKind } from "./kinds";

/** As many of a kind as an agent lists unless it is told otherwise. */
const LISTED: Partial<Record<ClusterKind, number>> = { pods: 200, events: 200, clusters: Number.POSITIVE_INFINITY };
const LISTED_OF_OTHERS = 1000;

const MEASURED: ReadonlySet<ClusterKind> = new Set(["clusters", "nodes", "pods", "namespaces"]);

/** A list of exactly this length was cut, or nearly. */
function cutAt(kind: ClusterKind, rows: number): string | undefined {
  if (rows !== (LISTED[kind] ?? LISTED_OF_OTHERS)) return undefined;
  const { gaps, kinds } = t.cluster;
  return kind === "pods" ? gaps.pods(rows) : kind === "events" ? gaps.events(rows) : gaps.kept(rows, kinds[kind]);
}

/** Of one cluster: what its source complains about, what is not measured, what was cut. */
export function gapsOf(kind: ClusterKind, cluster: Resource, rows: number): string[] {
  const facets = facetsOf(cluster);
  const source = facets.sourceStatus?.kubernetes;
  const measures = facets.kubernetes?.metricCapabilities;
  const unmeasured = MEASURED.has(kind) && measures?.nodeCpuMemory === false && measures.podCpuMemory === false;
  return [source?.error, source?.note, unmeasured ? t.cluster.gaps.metrics : undefined, cutAt(kind, rows)].flatMap((words) => words || []);
}
