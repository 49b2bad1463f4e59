import { beforeEach, expect, it } from "vitest";
import { clearEstate, takeState } from "./estate";
import type { Resource } from "./frames";
import { isHidden } from "./hidden";

const entry = (id: string, type: string, more: object = {}) => ({ id, type, name: id, ...more }) as unknown as Resource;

beforeEach(() => clearEstate());

it("a hidden engine takes what is on it along, and no other", () => {
  takeState({
    resources: [
      entry("dock", "docker-host", { docker: { hidden: true } }),
      entry("web", "app-container", { docker: {}, parentId: "dock" }),
      entry("other", "docker-host", { docker: {} }),
      entry("db", "app-container", { docker: {}, parentId: "other" }),
    ],
  });
  expect(["dock", "web", "other", "db"].map(isHidden)).toEqual([true, true, false, false]);
});

it("a machine with an agent stays when only its engine is hidden", () => {
  takeState({
    resources: [
      entry("host", "agent", { agent: {}, docker: { hidden: true } }),
      entry("web", "app-container", { docker: {}, parentId: "host" }),
      entry("disk", "physical_disk", { parentId: "host" }),
    ],
  });
  expect(["host", "web", "disk"].map(isHidden)).toEqual([false, true, false]);
});

it("a hidden cluster takes its nodes and their pods along", () => {
  takeState({
    resources: [
      entry("cluster", "k8s-cluster", { kubernetes: { hidden: true } }),
      entry("node", "k8s-node", { kubernetes: {}, parentId: "cluster" }),
      entry("pod", "pod", { kubernetes: {}, parentId: "node" }),
    ],
  });
  expect(["cluster", "node", "pod"].map(isHidden)).toEqual([true, true, true]);
});
