import { describe, expect, it } from "vitest";
import type { SourceState } from "../api/schema";
import type { Resource } from "./frames";
import { specimen } from "./specimen";
import { isFresh, standingOf } from "./standing";

const NOW = 1_700_000_000_000;
const source = (status: SourceState) => ({ status, lastSeen: new Date(NOW - 5_000).toISOString() });
const host = (change: Partial<Resource> = {}) =>
  specimen({ lastSeen: NOW - 5_000, sourceStatus: { agent: source("online") }, agent: { intervalSeconds: 10 }, ...change });

describe("how a host stands", () => {
  it("runs while its reports come", () => expect(standingOf(host(), NOW)).toBe("running"));
  it("is stale after three missed intervals of its own", () => {
    expect(standingOf(host({ lastSeen: NOW - 30_000 }), NOW)).toBe("running");
    expect(standingOf(host({ lastSeen: NOW - 30_001 }), NOW)).toBe("stale");
    expect(standingOf(host({ lastSeen: NOW - 100_000, agent: { intervalSeconds: 60 } }), NOW)).toBe("running");
  });
  it("is stale when the server says so, whatever our clock thinks", () => {
    expect(standingOf(host({ sourceStatus: { agent: source("stale") } }), NOW)).toBe("stale");
  });
  it("is offline when the server says so", () => expect(standingOf(host({ status: "offline" }), NOW)).toBe("offline"));
  it("is unknown, not offline, when it was never heard of", () => {
    expect(standingOf(host({ lastSeen: 0, status: "unknown", sourceStatus: {} }), NOW)).toBe("unknown");
  });
  it("one silent source of two is not a silent host", () => {
    const both = host({ sourceStatus: { agent: source("online"), proxmox: source("stale") } });
    expect(standingOf(both, NOW)).toBe("running");
  });
});

it("only hosts that report now count in sums", () => {
  expect((["running", "warning", "stale", "offline", "unknown", "stopped"] as const).filter(isFresh)).toEqual(["running", "warning"]);
});

describe("how what lives on a host stands", () => {
  const guest = (facets: object, change: Partial<Resource> = {}) => ({ ...specimen({ type: "vm", lastSeen: NOW - 5_000, sourceStatus: { proxmox: source("online") }, ...change }), ...facets }) as Resource;
  it("tells stopped on purpose from down", () => {
    expect(standingOf(guest({ proxmox: { runtimeStatus: "stopped" } }, { status: "offline" }), NOW)).toBe("stopped");
    expect(standingOf(guest({ docker: { containerState: "exited", exitCode: 143 } }, { status: "offline" }), NOW)).toBe("stopped");
    expect(standingOf(guest({}, { status: "offline" }), NOW)).toBe("offline");
  });
  it("an exit of its own accord and a kill for memory ask for somebody", () => {
    expect(standingOf(guest({ docker: { containerState: "exited", exitCode: 1 } }), NOW)).toBe("warning");
    expect(standingOf(guest({ docker: { containerState: "exited", exitCode: 137, oomKilled: true } }), NOW)).toBe("warning");
  });
  it("knows the phases of pods", () => {
    const phase = (podPhase: string) => standingOf(guest({ kubernetes: { podPhase } }), NOW);
    expect(["Running", "Pending", "Succeeded", "Failed"].map(phase)).toEqual(["running", "pending", "done", "critical"]);
  });
  it("a job that ended well is done and one that failed is in trouble; a suspended schedule is stopped", () => {
    const job = (kubernetes: Resource["kubernetes"], status: Resource["status"]) => standingOf(guest({ type: "k8s-job", kubernetes }, { status }), NOW);
    expect([job({ completionTime: "2026-01-01T00:00:00Z" }, "offline"), job({ succeeded: 1 }, "offline"), job({ failed: 3 }, "warning"), job({ active: 1 }, "online")]).toEqual(["done", "done", "warning", "running"]);
    expect([true, false].map((suspend) => standingOf(guest({ type: "k8s-cronjob", kubernetes: { suspend } }), NOW))).toEqual(["stopped", "running"]);
  });
  it("takes the severity of what the platform says is wrong", () => {
    expect(standingOf(guest({ incidentSeverity: "critical" }), NOW)).toBe("critical");
    expect(standingOf(guest({ docker: { health: "unhealthy", containerState: "running" } }), NOW)).toBe("warning");
  });
});
