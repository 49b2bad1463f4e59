import { describe, expect, it } from "vitest";
import type { Resource } from "../api/types";
import { isFresh, standingOf } from "./standing";

const NOW = 1_700_000_000_000;
const host = (change: Partial<Resource> = {}): Resource => ({
  id: "a",
  type: "agent",
  name: "a",
  status: "online",
  lastSeen: NOW - 5_000,
  sourceStatus: { agent: { status: "online" } },
  agent: { intervalSeconds: 10 },
  ...change,
});

describe("how a host stands", () => {
  it("runs while its reports come", () => expect(standingOf(host(), NOW)).toBe("running"));
  it("is stale after three missed intervals of its own", () => {
    expect(standingOf(host({ lastSeen: NOW - 30_000 }), NOW)).toBe("running");
    expect(standingOf(host({ lastSeen: NOW - 30_001 }), NOW)).toBe("stale");
    expect(standingOf(host({ lastSeen: NOW - 100_000, agent: { intervalSeconds: 60 } }), NOW)).toBe("running");
  });
  it("is stale when the server says so, whatever our clock thinks", () => {
    expect(standingOf(host({ sourceStatus: { agent: { status: "stale" } } }), NOW)).toBe("stale");
  });
  it("is offline when the server says so", () => expect(standingOf(host({ status: "offline" }), NOW)).toBe("offline"));
  it("is unknown, not offline, when it was never heard of", () => {
    expect(standingOf(host({ lastSeen: undefined, status: "unknown", sourceStatus: {} }), NOW)).toBe("unknown");
  });
  it("one silent source of two is not a silent host", () => {
    const both = host({ sourceStatus: { agent: { status: "online" }, proxmox: { status: "stale" } } });
    expect(standingOf(both, NOW)).toBe("running");
  });
});

it("only hosts that report now count in sums", () => {
  expect((["running", "warning", "stale", "offline", "unknown", "stopped"] as const).filter(isFresh)).toEqual(["running", "warning"]);
});
