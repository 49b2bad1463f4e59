/** A machine for tests: whole, as the server sends it, with what the test is about laid over. */
import type { Resource } from "./frames";

export function specimen(change: Partial<Resource> = {}): Resource {
  return {
    id: "a",
    type: "agent",
    name: "a",
    displayName: "",
    platformId: "a",
    platformType: "agent",
    sourceType: "agent",
    sources: ["agent"],
    sourceStatus: {},
    status: "online",
    tags: [],
    labels: {},
    alerts: [],
    identity: { ips: [] },
    lastSeen: 0,
    ...change,
  };
}
