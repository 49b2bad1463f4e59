import { describe, expect, it } from "vitest";
import type { Resource } from "../../live/frames";
import { specimen } from "../../live/specimen";
import { commandWords, freeNodes, goesWith, isOnNode, manageableOf } from "./manageable";

const made = (id: string, type: Resource["type"], change: Partial<Resource> = {}) => specimen({ id, type, name: id, ...change });

describe("what can be managed", () => {
  it("an engine, a cluster and an agent go by the id they report under", () => {
    expect(manageableOf(made("r1", "docker-host", { docker: { hostSourceId: "e1" }, sourceStatus: { docker: { status: "online", lastSeen: "" } } }))).toEqual([{ what: "engine", id: "e1", hidden: false, online: true }]);
    expect(manageableOf(made("r2", "k8s-cluster", { kubernetes: { clusterId: "c1", hidden: true } }))).toEqual([{ what: "cluster", id: "c1", hidden: true, online: false }]);
    expect(manageableOf(made("r3", "agent", { agent: { agentId: "a1" }, docker: {} })).map(({ what, id }) => [what, id])).toEqual([["engine", "r3"], ["agent", "a1"]]);
  });
  it("what lives on them is managed there, not here", () => {
    expect([manageableOf(made("c", "app-container", { docker: { hostSourceId: "e1" } })), manageableOf(made("p", "pod", { kubernetes: { clusterId: "c1" } })), manageableOf(undefined)]).toEqual([[], [], []]);
  });
  it("an agent is linked to nodes that have none, and unlinked from the one it is on", () => {
    const free = made("n1", "agent", { proxmox: { nodeName: "n1" }, sources: ["proxmox"] });
    const taken = made("n2", "agent", { proxmox: { nodeName: "n2" }, sources: ["proxmox", "agent"], agent: { agentId: "a" } });
    expect(freeNodes([free, taken, made("m", "agent", { agent: { agentId: "b" } })]).map((entry) => entry.id)).toEqual(["n1"]);
    expect([isOnNode(taken), isOnNode(free), isOnNode(undefined)]).toEqual([true, false, false]);
  });
  it("all that is below goes with it, in whatever order it is listed", () => {
    const all = [made("pod", "pod", { parentId: "node" }), made("node", "k8s-node", { parentId: "c" }), made("c", "k8s-cluster"), made("vm", "vm")];
    expect([goesWith(all, "c"), goesWith(all, "vm")]).toEqual([2, 0]);
  });
});

describe("what its agent was asked", () => {
  const now = Date.parse("2026-01-01T00:02:00Z");
  it("is said with how far it is and since when", () => {
    expect(commandWords({ type: "check_updates", status: "completed", createdAt: "2026-01-01T00:00:00Z", completedAt: "2026-01-01T00:01:00Z" }, now)).toBe("look for newer images: done, 1 m ago");
    expect(commandWords({ type: "stop", status: "failed", failureReason: "no rights", failedAt: "2026-01-01T00:02:00Z" }, now)).toBe("stop: failed, 0 s ago. no rights");
    expect(commandWords({ type: "new_kind", status: "odd" }, now)).toBe("new_kind: odd");
  });
  it("is nothing when nothing was asked", () => expect([commandWords(undefined, now), commandWords({}, now)]).toEqual([undefined, undefined]));
});
