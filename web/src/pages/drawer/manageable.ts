/** What can be decided about a resource, and under which id the server knows it. Pure. */
import type { Managed } from "../../api/management";
import type { DockerCommand } from "../../api/schema";
import type { Resource } from "../../live/frames";
import { isHost } from "../../live/kinds";
import { span } from "../../text/format";
import { t } from "../../text/en";

export interface Manageable {
  what: Managed;
  id: string;
  hidden: boolean;
  /** Whether it still reports. */
  online: boolean;
}

const isOnline = (entry: Resource, source: string) => entry.sourceStatus[source]?.status === "online";

/** The engine, the cluster and the agent a resource is: a machine can be the first and the last. */
export function manageableOf(entry: Resource | undefined): Manageable[] {
  if (!entry) return [];
  const { docker, kubernetes, agent } = entry;
  const found: Manageable[] = [];
  if (docker && isHost(entry)) found.push({ what: "engine", id: docker.hostSourceId ?? docker.agentId ?? entry.id, hidden: !!docker.hidden, online: isOnline(entry, "docker") });
  if (kubernetes && entry.type === "k8s-cluster") found.push({ what: "cluster", id: kubernetes.clusterId ?? entry.id, hidden: !!kubernetes.hidden, online: isOnline(entry, "kubernetes") });
  if (agent?.agentId) found.push({ what: "agent", id: agent.agentId, hidden: false, online: isOnline(entry, "agent") });
  return found;
}

const isNode = (entry: Resource) => entry.type === "agent" && !!entry.proxmox && entry.sources.includes("proxmox");

/** Whether its agent and a Proxmox node are shown as one. */
export const isOnNode = (entry: Resource | undefined) => !!entry?.agent && isNode(entry);

/** The Proxmox nodes an agent could be on: those that have none yet. */
export const freeNodes = (all: readonly Resource[]) => all.filter((entry) => isNode(entry) && !entry.agent);

const OVER: readonly (keyof DockerCommand)[] = ["completedAt", "failedAt", "acknowledgedAt", "dispatchedAt", "createdAt"];

/** What its agent was asked last and how far that is: "look for newer images: done, 2 m ago". */
export function commandWords(command: DockerCommand | undefined, now: number): string | undefined {
  if (!command?.type) return undefined;
  const at = OVER.map((member) => Date.parse(command[member] ?? "")).find((time) => !Number.isNaN(time));
  const state = t.manage.states[command.status ?? ""] ?? command.status ?? "";
  const why = command.failureReason ?? (command.status === "failed" ? command.message : undefined);
  return [t.manage.said(t.manage.commands[command.type] ?? command.type, state, at === undefined ? "" : span(Math.max(0, now - at))), why].filter(Boolean).join(". ");
}

/** How many resources go with it: all below it that nobody else reports. */
export function goesWith(all: readonly Resource[], id: string): number {
  const below = new Set([id]);
  // Parents may come after what is below them, so the walk goes on until it finds nothing more.
  for (let before = 0; before !== below.size; ) {
    before = below.size;
    for (const entry of all) if (entry.parentId && below.has(entry.parentId)) below.add(entry.id);
  }
  return below.size - 1;
}
