/** Why a resource needs somebody, in the words of the fact itself. */
import { facetsOf } from "../../api/facets";
import type { Resource } from "../../live/frames";
import type { Trouble } from "../../live/tally";
import { moment } from "../../text/format";
import { t } from "../../text/en";

function workloadFact(resource: Resource): string | undefined {
  const { docker, kubernetes, physicalDisk, storage } = facetsOf(resource);
  if (docker?.oomKilled) return t.needs.oom;
  if (docker?.containerState === "exited" && docker.exitCode) return t.needs.exit(docker.exitCode);
  if (docker?.health === "unhealthy") return t.needs.unhealthy;
  if (docker?.desiredTasks !== undefined && (docker.runningTasks ?? 0) < docker.desiredTasks) return t.needs.tasks(docker.runningTasks ?? 0, docker.desiredTasks);
  if (kubernetes?.podReason) return t.needs.restarts(kubernetes.podReason, kubernetes.restarts ?? 0);
  if (kubernetes?.desiredReplicas !== undefined && (kubernetes.readyReplicas ?? 0) < kubernetes.desiredReplicas) return t.needs.replicas(kubernetes.readyReplicas ?? 0, kubernetes.desiredReplicas);
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
