/** Which host, stack or namespace a workload belongs to. */
import { facetsOf } from "../api/facets";
import type { Docker } from "../api/schema";
import { type AreaId, areaOf } from "../app/areas";
import { latestOf } from "./estate";
import type { Resource } from "./frames";
import { isHost, isWorkload } from "./kinds";

const DEEPEST = 4;

/** The host it runs on; empty when nobody said. */
export function hostOf(id: string): string {
  let entry = latestOf(id);
  for (let depth = 0; entry && depth < DEEPEST; depth++) {
    if (isHost(entry) && entry.id !== id) return entry.id;
    entry = entry.parentId ? latestOf(entry.parentId) : undefined;
  }
  return "";
}

/** The Compose project of a container, or else the Swarm stack; engines keep both as labels. */
export function stackOf(docker: Docker | undefined): string {
  const labels = docker?.labels;
  return labels?.["com.docker.compose.project"] ?? docker?.podman?.composeProject ?? docker?.stack ?? labels?.["com.docker.stack.namespace"] ?? "";
}

export function namespaceOf(entry: Resource | undefined): string {
  return facetsOf(entry).kubernetes?.namespace ?? "";
}

/** What an area lists: what lives on its hosts, and its hosts as the groups around it. */
export function isLivingIn(id: string, area: AreaId): boolean {
  const entry = latestOf(id);
  return !!entry && isWorkload(entry) && areaOf(entry) === area;
}

export function isHostOf(id: string, area: AreaId): boolean {
  const entry = latestOf(id);
  return !!entry && isHost(entry) && areaOf(entry) === area;
}
