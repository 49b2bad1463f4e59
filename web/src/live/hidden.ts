/** What an operator hid: an engine or a cluster that goes on reporting and is left out of lists, with all that is on it. */
import { facetsOf } from "../api/facets";
import { latestOf } from "./estate";
import type { Resource } from "./frames";

const DEEPEST = 4;
/** A machine with an agent stays in its lists when only its engine is hidden. */
const IS_NOTHING_ELSE: ReadonlySet<string> = new Set(["docker-host", "k8s-cluster"]);

/** Whether its engine or its cluster, which it may be itself, is hidden. */
export function isHidden(id: string): boolean {
  const own = facetsOf(latestOf(id));
  if (!own.docker && !own.kubernetes) return false;
  let entry: Resource | undefined = latestOf(id);
  for (let depth = 0; entry && depth < DEEPEST; depth++) {
    const { docker, kubernetes } = facetsOf(entry);
    const counts = entry.id !== id || IS_NOTHING_ELSE.has(entry.type);
    if (counts && ((own.docker && docker?.hidden) || (own.kubernetes && kubernetes?.hidden))) return true;
    entry = entry.parentId ? latestOf(entry.parentId) : undefined;
  }
  return false;
}
