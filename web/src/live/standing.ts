/**
 * How a resource stands right now, as one word. Not knowing, being late, being down and being stopped on purpose are
 * different words.
 */
import { facetsOf, type Known } from "../api/facets";
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

/** The word all sources agree on; undefined when they differ or there is none. */
function sourcesSay(resource: Resource): string | undefined {
  let word: string | undefined;
  for (const name in resource.sourceStatus) {
    const status = resource.sourceStatus[name]?.status;
    if (word !== undefined && status !== word) return undefined;
    word = status;
  }
  return word;
}

/** Exit codes of a container that was told to stop. */
const STOPPED_BY_SIGNAL = new Set([0, 130, 137, 143]);

/** A job that ended well is done, however it is reported; one that waits for a schedule nobody follows was stopped. */
function jobOf({ type, kubernetes: k }: Known): Standing | undefined {
  if (type === "k8s-job") return k?.completionTime || (k?.succeeded && !k.active && !k.failed) ? "done" : undefined;
  return type === "k8s-cronjob" && k?.suspend ? "stopped" : undefined;
}

/** What its platform says of its run, when that is more than on or off. */
function runOf(facets: Known): Standing | undefined {
  const job = jobOf(facets);
  if (job) return job;
  const guest = facets.proxmox?.runtimeStatus ?? facets.truenas?.app?.state?.toLowerCase();
  if (guest === "stopped") return "stopped";
  const { containerState, exitCode, oomKilled } = facets.docker ?? {};
  if (containerState === "exited" || containerState === "dead") {
    return oomKilled || !STOPPED_BY_SIGNAL.has(exitCode ?? 0) ? "warning" : "stopped";
  }
  if (containerState === "paused" || containerState === "created") return "stopped";
  if (containerState === "restarting") return "warning";
  switch (facets.kubernetes?.podPhase) {
    case "Succeeded":
      return "done";
    case "Pending":
      return "pending";
    case "Failed":
      return "critical";
  }
  return undefined;
}

function troubleOf(resource: Resource, facets: Known): Standing | undefined {
  // What happened is over; what it happened to says how that stands.
  if (resource.type === "k8s-event") return undefined;
  if (facets.incidentSeverity === "critical") return "critical";
  if (resource.status === "warning" || facets.incidentSeverity === "warning") return "warning";
  if (facets.docker?.health === "unhealthy") return "warning";
  return facets.kubernetes?.unschedulable ? "maintenance" : undefined;
}

/** `now` is the server's time, and must stand still while the link to the server is down. */
export function standingOf(resource: Resource, now: number): Standing {
  const facets = facetsOf(resource);
  const said = sourcesSay(resource);
  if (said === "offline") return "offline";
  const run = runOf(facets);
  if (resource.status === "offline" && !run) return "offline";
  if (resource.lastSeen <= 0) return "unknown";
  if (said === "stale") return "stale";
  if (resource.type === "agent" && resource.sources.length === 1 && resource.agent && now - resource.lastSeen > staleAfter(resource)) return "stale";
  const trouble = troubleOf(resource, facets);
  if (trouble && run !== "stopped") return trouble;
  if (run) return run;
  return resource.status === "unknown" ? "unknown" : "running";
}

/** Whether its figures are of now. Only these count in totals. */
export function isFresh(standing: Standing): boolean {
  return standing === "running" || standing === "warning" || standing === "critical" || standing === "maintenance";
}

/** Whether somebody tells how it is, running or not. */
export function isHeard(standing: Standing): boolean {
  return standing !== "offline" && standing !== "stale" && standing !== "unknown";
}

/** What asks for a person. */
export function isTrouble(standing: Standing): boolean {
  return SEVERITY[standing] <= SEVERITY.stale;
}
