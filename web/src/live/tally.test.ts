import { describe, expect, it } from "vitest";
import type { Resource } from "./frames";
import { specimen } from "./specimen";
import { tallyOf } from "./census";

const NOW = 1_700_000_000_000;
const host = (id: string, change: Partial<Resource> = {}) => specimen({
  id,
  name: id,
  lastSeen: NOW - 1_000,
  cpu: { current: 50 },
  memory: { current: 50, used: 4, total: 8 },
  network: { rxBytes: 100, txBytes: 10 },
  agent: { cpuCount: 2, intervalSeconds: 10, disks: [{ mountpoint: "/", type: "ext4", used: 30, total: 100 }] },
  ...change,
});

describe("sums of the estate", () => {
  it("weigh CPU by cores", () => {
    const big = host("big", { cpu: { current: 100 }, agent: { cpuCount: 6, intervalSeconds: 10 } });
    expect(tallyOf([host("small"), big], NOW).sums).toMatchObject({ cores: 8, cpu: 87.5 });
  });
  it("leave out hosts whose values are old", () => {
    const gone = host("gone", { status: "offline" });
    const late = host("late", { lastSeen: NOW - 60_000 });
    const result = tallyOf([host("here"), gone, late], NOW);
    expect(result).toMatchObject({ total: 3, reporting: 1, counts: { running: 1, offline: 1, stale: 1 } });
    expect(result.sums).toMatchObject({ rx: 100, memoryTotal: 8, storageTotal: 100 });
  });
  it("are unknown, not zero, when nobody offers a figure", () => {
    const bare = host("bare", { cpu: undefined, memory: undefined, network: undefined, agent: { intervalSeconds: 10 } });
    const { sums } = tallyOf([bare], NOW);
    expect([sums.cpu, sums.memoryUsed, sums.rx, sums.storageUsed]).toEqual([undefined, undefined, undefined, undefined]);
  });
  it("do not take memory file systems for storage", () => {
    const withTmp = host("tmp", { agent: { intervalSeconds: 10, disks: [{ mountpoint: "/run", type: "tmpfs", used: 9, total: 10 }] } });
    expect(tallyOf([withTmp], NOW).sums.fullest).toEqual([]);
  });
  it("count what files can take up, not the size with its reserved blocks", () => {
    const disks = [{ mountpoint: "/", type: "ext4", total: 100, used: 45, free: 45, usage: 50 }];
    expect(tallyOf([host("reserved", { agent: { intervalSeconds: 10, disks } })], NOW).sums).toMatchObject({ storageUsed: 45, storageTotal: 90 });
  });
  it("name the six fullest disks, fullest first", () => {
    const disks = [10, 90, 40, 70, 20, 60, 80].map((used) => ({ mountpoint: `/${used}`, type: "ext4", used, total: 100 }));
    const { fullest } = tallyOf([host("full", { agent: { intervalSeconds: 10, disks } })], NOW).sums;
    expect(fullest.map((entry) => entry.percent)).toEqual([90, 80, 70, 60, 40, 20]);
  });
});

it("trouble comes worst first", () => {
  const late = host("late", { lastSeen: NOW - 60_000 });
  const gone = host("gone", { status: "offline" });
  expect(tallyOf([late, host("fine"), gone], NOW).trouble.map((entry) => entry.id)).toEqual(["gone", "late"]);
});

it("an empty estate counts nothing", () => {
  expect(tallyOf([], NOW)).toMatchObject({ total: 0, reporting: 0, trouble: [], areas: {} });
});

describe("an estate of many kinds", () => {
  const node = host("node", { platformType: "proxmox-pve" });
  const guest = (id: string, change: Partial<Resource> = {}) =>
    specimen({ id, name: id, type: "vm", platformType: "proxmox-pve", parentId: "node", lastSeen: NOW - 1_000, cpu: { current: 90 }, memory: { current: 50, used: 4, total: 8 }, ...change });
  it("counts hosts and what lives on them apart, and sums hosts only", () => {
    const result = tallyOf([node, guest("a"), guest("b")], NOW);
    expect(result.areas.proxmox).toMatchObject({ total: 3, hosts: 1, workloads: 2, kinds: { agent: 1, vm: 2 } });
    expect(result.sums).toMatchObject({ cores: 2, cpu: 50, memoryTotal: 8 });
    expect(result.children.get("node")).toEqual(["a", "b"]);
  });
  it("does not count an agent inside a guest as a further machine", () => {
    const inside = host("inside", { parentId: "node" });
    expect(tallyOf([node, inside], NOW).sums.cores).toBe(2);
  });
  it("counts a disk that the agent of a node reports with the platform of the node", () => {
    const disk = specimen({ id: "sda", type: "physical_disk", parentId: "node", lastSeen: NOW });
    expect(tallyOf([disk, node], NOW).areas).toMatchObject({ proxmox: { total: 2 } });
    expect(tallyOf([disk, node], NOW).areas.machines).toBeUndefined();
  });
  it("says unknown, not offline, of what lives on a host that went silent", () => {
    const silent = { agent: { status: "offline" as const, lastSeen: "" } };
    const result = tallyOf([guest("a", { sourceStatus: silent }), { ...node, sourceStatus: silent }], NOW);
    expect(result.standings.get("a")).toBe("unknown");
    expect(result.trouble.map((entry) => entry.id)).toEqual(["node"]);
  });
  it("counts shared storage once and prefers pools to file systems", () => {
    const pool = (id: string, parentId: string) => ({ ...specimen({ id, name: "ceph-vm", type: "storage", parentId, lastSeen: NOW, disk: { current: 50, used: 500, total: 1000 } }), storage: { shared: true } });
    const other = host("other", { platformType: "proxmox-pve" });
    expect(tallyOf([node, other, pool("s1", "node"), pool("s2", "other")], NOW).sums).toMatchObject({ storageUsed: 500, storageTotal: 1000 });
  });
});
