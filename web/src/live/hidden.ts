/** What an operator hid: engines and clusters, and with them what they report. A machine stays though its engine is hidden. Pure. */
import type { Resource } from "./frames";

const DEEPEST = 4;

/** Which engine or cluster of a resource is hidden. */
const hides = (entry: Resource): "docker" | "kubernetes" | undefined => (entry.docker?.hidden ? "docker" : entry.kubernetes?.hidden ? "kubernetes" : undefined);

/** An engine that has no machine of its own beside it, or a cluster, goes as a whole. */
const isWhole = (entry: Resource) => entry.type === "docker-host" || entry.type === "k8s-cluster";

function isBelow(entry: Resource, find: (id: string) => Resource | undefined): boolean {
  let above = entry.parentId ? find(entry.parentId) : undefined;
  for (let depth = 0; above && depth < DEEPEST; depth++) {
    const hidden = hides(above);
    if (hidden) return !!entry[hidden];
    above = above.parentId ? find(above.parentId) : undefined;
  }
  return false;
}

/** The engines and clusters that are hidden themselves. */
export function hiddenRoots(all: Iterable<Resource>): string[] {
  const found: string[] = [];
  for (const entry of all) if (hides(entry)) found.push(entry.id);
  return found;
}

/** Ids no list shows and no count holds; nothing is walked while nobody hid anything. */
export function hiddenAmong(all: Iterable<Resource>, roots: readonly string[], find: (id: string) => Resource | undefined): ReadonlySet<string> {
  const hidden = new Set<string>();
  if (roots.length === 0) return hidden;
  for (const entry of all) if ((hides(entry) && isWhole(entry)) || isBelow(entry, find)) hidden.add(entry.id);
  return hidden;
}
