import { beforeEach, describe, expect, it } from "vitest";
import { clearEstate, takeState } from "../../live/estate";
import type { Resource } from "../../live/frames";
import { specimen } from "../../live/specimen";
import { onlyOnPhone } from "../../parts/table/columns";
import { badSectors, diskHealth, diskType, freeOf, growthWords, healthOf, isPool, poolErrors, typeOf } from "./pool";

const put = (...entries: Record<string, unknown>[]) => takeState({ resources: entries.map((entry) => Object.assign(specimen({ status: "online", lastSeen: 1 }), entry as Partial<Resource>)) });
beforeEach(clearEstate);

describe("a pool", () => {
  it("says its health in plain words, its own state before ours", () => {
    put({ id: "ok", type: "storage", storage: { zfsPoolState: "ONLINE" } }, { id: "bad", type: "storage", storage: { zfsPoolState: "DEGRADED" } }, { id: "off", type: "storage", storage: { zfsPoolState: "ONLINE", active: false } }, { id: "odd", type: "storage", storage: { arrayState: "check" } });
    expect(["ok", "bad", "off", "odd"].map((id) => healthOf(id, "running"))).toEqual(["Healthy", "Degraded", "Not active", "check"]);
    expect(healthOf("ok", "stale")).toBe("Stale");
  });
  it("knows its type and what is left, and does not guess", () => {
    put({ id: "a", type: "storage", storage: { type: "zfspool" }, disk: { current: 40, used: 4, total: 10 } }, { id: "b", type: "storage", technology: "local" });
    expect([typeOf("a"), freeOf("a"), typeOf("b"), freeOf("b"), poolErrors("a")]).toEqual(["ZFS", 6, "Local", undefined, undefined]);
  });
  it("is a storage; volumes of a cluster have a page of their own", () => {
    const volume = specimen({ type: "k8s-persistent-volume" });
    expect([isPool(volume), isPool({ ...volume, type: "storage" }), isPool(undefined)]).toEqual([false, true, false]);
  });
  it("says when it is full, or that nobody knows yet", () => {
    expect([growthWords("collecting"), growthWords("steady"), growthWords(0.2), growthWords(2.34), growthWords(94.4)]).toEqual(["collecting", "steady", "full", "full in 2.3 d", "full in 94 d"]);
  });
});

describe("a disk", () => {
  it("gives the reason of its trouble, else its health", () => {
    put({ id: "worn", type: "physical_disk", physicalDisk: { health: "PASSED", diskType: "nvme", smart: { reallocatedSectors: 16, pendingSectors: 2 }, risk: { reasons: [{ code: "x", severity: "warning", summary: "16 sectors replaced" }] } } }, { id: "fine", type: "physical_disk", physicalDisk: { health: "PASSED" } });
    expect([diskHealth("worn", "warning"), diskHealth("fine", "running"), diskType("worn")]).toEqual(["16 sectors replaced", "Passed", "NVMe"]);
    expect([badSectors("worn"), badSectors("fine")]).toEqual([18, undefined]);
  });
});

it("a phone keeps the name, the line and the figures named", () => {
  const column = (id: string, priority: number, more = {}) => ({ id, head: id, least: 1, priority, cell: () => undefined, ...more });
  const kept = onlyOnPhone([column("name", 1), column("a", 2), column("b", 3), column("line", 6, { line: true })], ["b"]);
  expect(kept.filter((entry) => entry.priority <= 3 || entry.line).map((entry) => entry.id)).toEqual(["name", "b", "line"]);
});
