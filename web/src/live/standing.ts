/**
 * How a resource stands right now, as one word. Not knowing, being late and being down are different words.
 */
import type { Resource } from "./frames";

export type Standing =
  | "running"
  | "critical"
  | "warning"
  | "offline"
  | "pending"
  | "stale"
  | "unknown"
  | "stopped"
  | "maintenance"
  | "done";

/** Trouble first: the order of lists, census bars and the favicon. */
export const SEVERITY: Record<Standing, number> = {
  critical: 0,
  offline: 1,
  warning: 2,
  stale: 3,
  pending: 4,
  unknown: 5,
  maintenance: 6,
  stopped: 7,
  running: 8,
  done: 9,
};

const DEFAULT_INTERVAL_SECONDS = 10;
const MISSED_INTERVALS = 3;

export function intervalOf(resource: Resource): number {
  return resource.agent?.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
}

/** Milliseconds after which a silent source counts as stale. */
export function staleAfter(resource: Resource): number {
  return intervalOf(resource) * MISSED_INTERVALS * 1000;
}

function sourceSays(resource: Resource, word: "stale" | "offline"): boolean {
  const sources = Object.values(resource.sourceStatus ?? {});
  return sources.length > 0 && sources.every((source) => source.status === word);
}

/** `now` is the server's time, and must stand still while the link to the server is down. */
export function standingOf(resource: Resource, now: number): Standing {
  if (resource.status === "offline" || sourceSays(resource, "offline")) return "offline";
  if (resource.lastSeen <= 0) return "unknown";
  if (sourceSays(resource, "stale")) return "stale";
  if (resource.type === "agent" && now - resource.lastSeen > staleAfter(resource)) return "stale";
  if (resource.status === "unknown") return "unknown";
  return resource.status === "warning" ? "warning" : "running";
}

/** Whether its figures are of now. Only these count in totals. */
export function isFresh(standing: Standing): boolean {
  return standing === "running" || standing === "warning" || standing === "critical";
}
