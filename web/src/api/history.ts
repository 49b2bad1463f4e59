/** The last hour of one resource. Parts that ask at nearly the same time share one request. */
import { request } from "./request";
import type { History } from "./schema";

const SHARED_FOR = 3000;
const shared = new Map<string, Promise<History>>();

export function askLastHour(id: string): Promise<History> {
  const present = shared.get(id);
  if (present) return present;
  const query = new URLSearchParams({ resourceType: "agent", resourceId: id, range: "1h" });
  const asked = request<History>(`/api/metrics-store/history?${query}`);
  shared.set(id, asked);
  const forget = () => shared.delete(id);
  // A failure is not shared: trying again means asking again.
  asked.then(() => setTimeout(forget, SHARED_FOR), forget);
  return asked;
}
