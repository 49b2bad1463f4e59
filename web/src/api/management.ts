/** What operators decide about whatever reports here: agents of machines, container engines, clusters. */
import { request } from "./request";

/** What can be managed, each with the routes of its own. */
export type Managed = "engine" | "cluster" | "agent";

const ROUTES: Record<Managed, string> = { engine: "/api/agents/docker/runtimes", cluster: "/api/agents/kubernetes/clusters", agent: "/api/agents/agent" };

const address = (what: Managed, id: string, verb = "") => `${ROUTES[what]}/${encodeURIComponent(id)}${verb}`;

/** What the server says of the deed. */
export interface Done {
  /** What it reports under, by which it is allowed again. */
  agentId?: string;
  clusterId?: string;
  message?: string;
  commandId?: string;
  note?: string;
}

/** Under which id what was removed may be allowed again. */
export const reportsAs = (done: Done) => done.agentId ?? done.clusterId ?? "";

export const checkUpdates = (id: string) => request<Done>(address("engine", id, "/check-updates"), { method: "POST" });

/** An empty name gives it its own back. */
export const rename = (what: "engine" | "cluster", id: string, displayName: string) => request<Done>(address(what, id, "/display-name"), { method: "PUT", body: { displayName } });

export const hide = (what: "engine" | "cluster", id: string) => request<Done>(address(what, id, "?hide=true"), { method: "DELETE" });
export const unhide = (what: "engine" | "cluster", id: string) => request<Done>(address(what, id, "/unhide"), { method: "PUT" });

/** Removes it; with `now` even while it still reports, without asking an engine's agent to stop first. */
export const remove = (what: Managed, id: string, now: boolean) => request<Done>(address(what, id, now && what !== "agent" ? "?force=true" : ""), { method: "DELETE" });

/** Lets what was removed report again at once. */
export const allowAgain = (what: Managed, id: string) => request<Done>(address(what, id, "/allow-reenroll"), { method: "POST" });

export const linkToNode = (agentId: string, nodeId: string) => request<Done>("/api/agents/agent/link", { method: "POST", body: { agentId, nodeId } });
export const unlinkFromNode = (agentId: string) => request<Done>("/api/agents/agent/unlink", { method: "POST", body: { agentId } });
