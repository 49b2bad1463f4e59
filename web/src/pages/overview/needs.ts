/** Why a resource needs somebody, in the words of the fact itself. */
import { facetsOf } from "../../api/facets";
import type { Kubernetes } from "../../api/schema";
import type { Resource } from "../../live/frames";
import type { Trouble } from "../../live/tally";
import { whyPod } from "../../parts/cells/cluster";
import { moment } from "../../text/format";
import { t } from "../../text/en";

function clusterFact(k: Kubernetes): string | undefined {
  if (k.ready === false) return t.needs.notReady;
  const why = whyPod(k) ?? (k.podPhase === "Running" ? undefined : k.podPhase);
  if (why) return t.needs.restarts(why, k.restarts ?? 0);
  if (k.desiredReplicas !== undefined && (k.readyReplicas ?? 0) < k.desiredReplicas) return t.needs.replicas(k.readyReplicas ?? 0, k.desiredReplicas);
  if (k.desiredNumberScheduled !== undefined && (k.numberReady ?? 0) < k.desiredNumberScheduled) return t.needs.nodes(k.numberReady ?? 0, k.desiredNumberScheduled);
  if (k.failed) return t.needs.failed(k.failed);
  return k.phase && k.phase !== "Bound" && k.phase !== "Active" ? t.needs.phase(k.phase) : undefined;
}

function workloadFact(resource: Resource): string | undefined {
  const { docker, kubernetes, physicalDisk, storage } = facetsOf(resource);
  if (docker?.oomKilled) return t.needs.oom;
  if (docker?.containerState === "exited" && docker.exitCode) return t.needs.exit(docker.exitCode);
  if (docker?.health === "unhealthy") return t.needs.unhealthy;
  if (docker?.desiredTasks !== undefined && (docker.runningTasks ?? 0) < docker.desiredTasks) return t.needs.tasks(docker.runningTasks ?? 0, docker.desiredTasks);
  const inCluster = kubernetes && clusterFact(kubernetes);
  if (inCluster) return inCluster;
  return physicalDisk?.risk?.reasons?.[0]?.summary ?? storage?.poolHealth?.summary ?? storage?.riskSummary;
}

/** One fact, with the host it is on where that is another. */
export function factOf(resource: Resource | undefined, trouble: Trouble, now: number, age: string): string {
  if (!resource) return "";
  if (trouble.standing === "offline") return trouble.since ? t.needs.offline(moment(trouble.since, now)) : t.row.neverSeen;
  if (trouble.standing === "stale") return t.needs.stale(age);
  const facets = facetsOf(resource);
  const fact = facets.incidentSummary ?? workloadFact(resource) ?? (trouble.standing === "critical" ? t.needs.critical : t.needs.warning);
  return facets.parentName ? t.needs.on(fact, facets.parentName) : fact;
}
