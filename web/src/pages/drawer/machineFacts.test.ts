import { describe, expect, it } from "vitest";
import type { AgentHost } from "../../api/schema";
import { agentFacts, cephFacts, collectorsOf, collectorStanding, collectorWords, errorsOf, failingOf, isCalm, membersOf, packageFacts, paceOf, rebuildOf, scanOf } from "./machineFacts";
import type { Fact } from "./facts";

const told = (facts: readonly Fact[]) => facts.filter(([, value]) => value !== undefined).map(([label, value]) => `${label}: ${value}`);

describe("what an agent reads", () => {
  const agent = { collectors: [{ name: "zfs", state: "absent" }, { name: "disks", state: "ok" }, { name: "half", state: "ok", lastError: "one of two" }, { name: "smart", state: "failing", lastError: "no rights" }, { name: "ceph", state: "timed out" }, { name: "gpu", state: "off" }] } as AgentHost;
  it("lists what fails first and what is not there last", () => {
    expect(collectorsOf(agent).map((entry) => entry.name)).toEqual(["smart", "ceph", "half", "disks", "gpu", "zfs"]);
    expect([failingOf(agent), failingOf(undefined), collectorsOf({})]).toEqual([["smart", "ceph"], [], []]);
  });
  it("tells working in part from working, switched off from failing", () => {
    const partly = { state: "ok", lastError: "1 of 4 disks cannot be read" };
    expect([{ state: "ok" }, partly, { state: "timed out" }, { state: "off" }, { state: "starting" }, { state: "new word" }, {}].map((entry) => [collectorStanding(entry), collectorWords(entry)])).toEqual([
      ["running", "works"], ["warning", "partly"], ["warning", "took too long"], ["stopped", "switched off"], ["pending", "starting"], ["unknown", "new word"], ["unknown", "not said"],
    ]);
  });
  it("says how long a run takes and how often it is", () => {
    expect([paceOf({ lastDurationMs: 812, everySeconds: 300 }), paceOf({ lastDurationMs: 1500 }), paceOf({})]).toEqual(["812 ms · every 5 m", "1.5 s · with every report", "with every report"]);
  });
});

describe("how a machine keeps its data", () => {
  it("an array says what failed before what is there", () => {
    expect([membersOf({ totalDevices: 4, activeDevices: 3, failedDevices: 1, spareDevices: 1 }), membersOf({})]).toEqual(["1 failed, 3 of 4, 1 spare", ""]);
    expect([rebuildOf({ operation: "recovery", rebuildPercent: 41.2, rebuildSpeed: "120 MB/s" }), rebuildOf({})]).toEqual(["recovery 41 %, 120 MB/s", undefined]);
  });
  it("a scan under way says how far it is, one that ended what it found", () => {
    expect(scanOf({ scanDetails: { function: "scrub", state: "scanning", percentage: 12.4, totalSecondsRemaining: 3600, errors: 0 } })).toBe("scrub scanning 12 %, 1 h left");
    expect(scanOf({ scanDetails: { function: "resilver", state: "finished", errors: 2 } })).toBe("resilver finished, 2 errors");
    expect([scanOf({ scan: "none requested" }), scanOf({})]).toEqual(["none requested", undefined]);
  });
  it("errors nobody counted are not none", () => {
    expect([errorsOf({}), errorsOf({ readErrors: 0, checksumErrors: 3 })]).toEqual([undefined, "0, 0, 3"]);
    expect(["clean", "ONLINE", "degraded", "", undefined].map(isCalm)).toEqual([true, true, false, undefined, undefined]);
  });
});

describe("packages, Ceph and the agent itself", () => {
  it("packages nobody reads are not up to date", () => {
    expect(told(packageFacts({ supported: false }, undefined))).toEqual(["Packages: this system's packages are not read"]);
    expect(told(packageFacts({ pendingCount: 0, rebootRequired: true }, { reclaimableBytes: 2e9, provider: "docker" }))).toEqual(["Packages: up to date", "Restart: needed", "Could be freed: 2 GB, docker"]);
    expect(told(packageFacts(undefined, undefined))).toEqual([]);
  });
  it("Ceph says what its checks say", () => {
    expect(told(cephFacts({ health: { status: "HEALTH_WARN", checks: { OSD_DOWN: { message: "1 osds down" } } }, osdMap: { numOsds: 3, numUp: 2, numIn: 3 } }))).toEqual(["Health: HEALTH_WARN", "Health checks: 1 osds down", "OSDs: 2 up, 3 in, of 3"]);
    expect(told(cephFacts(undefined))).toEqual([]);
  });
  it("an agent says as whom it runs and whether its clock is off", () => {
    expect(told(agentFacts({ agentVersion: "1", agentPrivilege: { runningAsRoot: false, serviceUser: "pulse", smartctlHelper: true }, clockSkewSeconds: -40 }))).toEqual(["Version: 1", "Runs as: pulse, without root, helper for disks", "Clock: 40 s off"]);
    expect(told(agentFacts({ clockSkewSeconds: 1 }))).toEqual([]);
  });
});
