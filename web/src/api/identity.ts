/** Deciding by hand what is one thing and what is not. */
import { request } from "./request";

const address = (id: string, verb: string) => `/api/resources/${encodeURIComponent(id)}/${verb}`;

/** Shows `targetId` as a part of `id` from now on. */
export function linkResources(id: string, targetId: string, reason?: string): Promise<unknown> {
  return request(address(id, "link"), { method: "POST", body: { targetId, ...(reason ? { reason } : {}) } });
}

/** Takes two apart, and keeps them apart. */
export function unlinkResources(id: string, targetId: string, reason?: string): Promise<unknown> {
  return request(address(id, "unlink"), { method: "POST", body: { targetId, ...(reason ? { reason } : {}) } });
}

/** Says that these sources do not belong together. */
export function reportMerge(id: string, sources: readonly string[], notes?: string): Promise<{ exclusions?: number }> {
  return request(address(id, "report-merge"), { method: "POST", body: { sources, ...(notes ? { notes } : {}) } });
}
