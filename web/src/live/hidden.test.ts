import { beforeEach, describe, expect, it } from "vitest";
import { clearEstate, drawPending, hiddenSources, ids, isHidden, takeDelta, takeState } from "./estate";
import type { Resource } from "./frames";
import { hiddenAmong, hiddenRoots } from "./hidden";
import { specimen } from "./specimen";
import { startTally, tally } from "./tally";

const made = (id: string, type: Resource["type"], change: Partial<Resource> = {}) => specimen({ id, type, name: id, ...change });
const hiddenOf = (all: Resource[]) => [...hiddenAmong(all, hiddenRoots(all), (id) => all.find((entry) => entry.id === id))].sort();
beforeEach(clearEstate);

describe("what was hidden", () => {
  const engine = made("engine", "docker-host", { docker: { hidden: true } });
  const container = made("container", "app-container", { parentId: "engine", docker: {} });

  it("goes with what it reports", () => {
    const cluster = made("cluster", "k8s-cluster", { kubernetes: { hidden: true } });
    const node = made("node", "k8s-node", { parentId: "cluster", kubernetes: {} });
    const pod = made("pod", "pod", { parentId: "node", kubernetes: {} });
    expect(hiddenOf([engine, container, cluster, node, pod, made("other", "vm")])).toEqual(["cluster", "container", "engine", "node", "pod"]);
  });
  it("leaves the machine below it, and what else runs there", () => {
    const machine = made("machine", "agent", { docker: { hidden: true } });
    const inside = made("inside", "app-container", { parentId: "machine", docker: {} });
    expect(hiddenOf([machine, inside, made("vm", "vm", { parentId: "machine" })])).toEqual(["inside"]);
  });
  it("keeps its page, where it can be shown again, though nothing else is on it", () => {
    takeState({ resources: [made("engine", "docker-host", { platformType: "docker", docker: { hidden: true } })] });
    const stop = startTally();
    expect([tally().total, tally().areas.docker?.total]).toEqual([0, 0]);
    stop();
  });
  it("is in no list, but known, and comes back once it is shown again", () => {
    takeState({ resources: [engine, container, made("vm", "vm")] });
    expect([ids(), hiddenSources(), isHidden("container"), isHidden("vm")]).toEqual([["vm"], ["engine"], true, false]);
    takeDelta({ resourceDelta: { upserts: [{ id: "engine", docker: { hidden: null } }] } });
    drawPending();
    expect([[...ids()].sort(), hiddenSources()]).toEqual([["container", "engine", "vm"], []]);
  });
});
