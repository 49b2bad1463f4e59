/** What operators removed and what is refused until a day has gone or somebody allows it. */
import type { Managed } from "./management";
import { request } from "./request";

export interface RemovedSource {
  what: Managed;
  /** What it reports under; it is allowed again by this. */
  id: string;
  name: string;
  /** When, as the server writes it. */
  removedAt: string | undefined;
}

const LISTS = [["agent", "removedHostAgents"], ["engine", "removedDockerHosts"], ["cluster", "removedKubernetesClusters"]] as const satisfies readonly (readonly [Managed, string])[];

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

/** The three lists of the state as one, the latest first. */
export function removedIn(state: Record<string, unknown>): RemovedSource[] {
  const all = LISTS.flatMap(([what, member]) => {
    const list = state[member];
    return (Array.isArray(list) ? (list as Record<string, unknown>[]) : []).flatMap((entry): RemovedSource[] => {
      const id = text(entry.id);
      return id ? [{ what, id, name: text(entry.displayName) ?? text(entry.name) ?? text(entry.hostname) ?? id, removedAt: text(entry.removedAt) }] : [];
    });
  });
  return all.sort((a, b) => (b.removedAt ?? "").localeCompare(a.removedAt ?? ""));
}

/** They travel with the whole state only, so they are asked for when somebody wants to see them. */
export const readRemoved = async (): Promise<RemovedSource[]> => removedIn(await request<Record<string, unknown>>("/api/state"));
