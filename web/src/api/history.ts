/** History: all series of one resource in one request. Parts that ask at nearly the same time share it. */
import { request } from "./request";
import type { History, MetricsTarget } from "./schema";

const SHARED_FOR = 3000;
/** More points than pixels show nothing further; their extremes are kept. */
const MOST_POINTS = "480";
const shared = new Map<string, Promise<History>>();

export function askHistory(target: MetricsTarget, range: string): Promise<History> {
  const query = new URLSearchParams({ resourceType: target.resourceType, resourceId: target.resourceId, range });
  if (range !== "1h") query.set("maxPoints", MOST_POINTS);
  const key = query.toString();
  const present = shared.get(key);
  if (present) return present;
  const asked = request<History>(`/api/metrics-store/history?${key}`);
  shared.set(key, asked);
  const forget = () => shared.delete(key);
  // A failure is not shared: trying again means asking again.
  asked.then(() => setTimeout(forget, SHARED_FOR), forget);
  return asked;
}
