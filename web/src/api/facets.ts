/**
 * What sources know of a resource. The shapes are those of the API document (`schema.ts`), every member optional: a
 * source that does not say so has not said "none".
 */
import type { Resource } from "../live/frames";

/** What is wrong, in a word and a sentence, where an alert or a source says it of the resource as a whole. */
export interface Incident {
  incidentSummary?: string;
  incidentSeverity?: string;
}

export type Known = Partial<Resource> & Incident;

const NOTHING: Known = {};

/** All that is known of a resource; nothing of one that is gone. */
export function facetsOf(resource: Resource | undefined): Known {
  return resource ?? NOTHING;
}
