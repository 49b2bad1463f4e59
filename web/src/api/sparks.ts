/** The last hours of many resources in one answer. */
import { request } from "./request";
import type { Sparks } from "./schema";

export type { Sparks } from "./schema";

export const MOST_AT_ONCE = 200;
/** Proxies refuse longer addresses than this with their usual settings. */
const LONGEST = 6000;

/** As many ids from the front of the list as one request may hold. */
export function batchOf(ids: readonly string[]): string[] {
  let length = 0;
  const fits = (id: string) => (length += encodeURIComponent(id).length + 3) <= LONGEST;
  const most = ids.slice(0, MOST_AT_ONCE);
  const end = most.findIndex((id) => !fits(id));
  return end < 0 ? most : most.slice(0, Math.max(1, end));
}

export function askSparks(ids: readonly string[], metrics: readonly string[], range: string, maxPoints: number): Promise<Sparks> {
  const query = new URLSearchParams({ ids: ids.join(","), metrics: metrics.join(","), range, maxPoints: String(maxPoints) });
  return request<Sparks>(`/api/metrics-store/sparks?${query}`);
}
