import { afterEach, describe, expect, it, vi } from "vitest";
import { allowAgain, checkUpdates, hide, linkToNode, remove, rename, reportsAs, unhide, unlinkFromNode } from "./management";
import { removedIn } from "./removed";
import { ApiFailure } from "./request";

/** Answers every call with the same, and remembers what was asked. */
function answering(status: number, body: unknown) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push([init.method, path, init.body].filter(Boolean).join(" "));
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

describe("managing what reports", () => {
  it("asks the routes of each kind, ids written safely", async () => {
    const asked = answering(200, { success: true, agentId: "a" });
    await checkUpdates("docker:a/b");
    await rename("engine", "e", "");
    await rename("cluster", "c", "prod");
    await hide("engine", "e");
    await unhide("cluster", "c");
    await linkToNode("a", "n");
    await unlinkFromNode("a");
    expect(asked).toEqual([
      "POST /api/agents/docker/runtimes/docker%3Aa%2Fb/check-updates",
      'PUT /api/agents/docker/runtimes/e/display-name {"displayName":""}',
      'PUT /api/agents/kubernetes/clusters/c/display-name {"displayName":"prod"}',
      "DELETE /api/agents/docker/runtimes/e?hide=true",
      "PUT /api/agents/kubernetes/clusters/c/unhide",
      'POST /api/agents/agent/link {"agentId":"a","nodeId":"n"}',
      'POST /api/agents/agent/unlink {"agentId":"a"}',
    ]);
  });
  it("removes gently unless told otherwise, and knows how what is gone may come back", async () => {
    const asked = answering(200, { success: true, clusterId: "own" });
    expect(reportsAs(await remove("cluster", "c", true))).toBe("own");
    await remove("engine", "e", false);
    await remove("agent", "a", true);
    await allowAgain("engine", "e");
    expect(asked).toEqual(["DELETE /api/agents/kubernetes/clusters/c?force=true", "DELETE /api/agents/docker/runtimes/e", "DELETE /api/agents/agent/a", "POST /api/agents/docker/runtimes/e/allow-reenroll"]);
  });
  it("a refusal is told in the server's words", async () => {
    answering(404, { error: "No container engine is known under that id.", code: "docker_agent_not_found" });
    await expect(checkUpdates("e")).rejects.toMatchObject(new ApiFailure(404, "docker_agent_not_found", "No container engine is known under that id."));
  });
  it("what was removed is one list, the latest first", () => {
    const state = { removedHostAgents: [{ id: "a", hostname: "nas", removedAt: "2026-01-01T00:00:00Z" }], removedDockerHosts: [{ id: "e", displayName: "media", removedAt: "2026-01-02T00:00:00Z" }, { name: "nobody" }], removedKubernetesClusters: undefined };
    expect(removedIn(state)).toEqual([
      { what: "engine", id: "e", name: "media", removedAt: "2026-01-02T00:00:00Z" },
      { what: "agent", id: "a", name: "nas", removedAt: "2026-01-01T00:00:00Z" },
    ]);
  });
});
