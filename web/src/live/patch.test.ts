import { describe, expect, it } from "vitest";
import { composePatches, patched } from "./patch";

describe("a merge patch", () => {
  it("changes what it names and keeps the rest", () => {
    const host = { id: "a", cpu: { current: 4 }, memory: { used: 1, total: 2 } };
    expect(patched(host, { cpu: { current: 9 }, memory: { used: 2 } })).toEqual({ id: "a", cpu: { current: 9 }, memory: { used: 2, total: 2 } });
  });

  it("removes a member that is null: not known is not zero", () => {
    expect("temperature" in patched({ id: "a", temperature: 41 }, { temperature: null })).toBe(false);
    expect(patched({ id: "a" }, { sensors: { fan: null, cpu: 40 } })).toEqual({ id: "a", sensors: { cpu: 40 } });
  });

  it("replaces lists whole and drops members that the new items lack", () => {
    const host = { disks: [{ mountpoint: "/", used: 1, label: "old" }] };
    expect(patched(host, { disks: [{ mountpoint: "/", used: 2 }] })).toEqual({ disks: [{ mountpoint: "/", used: 2 }] });
    expect(patched(host, { disks: [] })).toEqual({ disks: [] });
  });

  it("leaves the original alone and shares what did not change", () => {
    const host = { cpu: { current: 1 }, tags: ["a"], agent: { cpuCount: 2 } };
    const next = patched(host, { cpu: { current: 2 }, tags: null });
    expect(host).toEqual({ cpu: { current: 1 }, tags: ["a"], agent: { cpuCount: 2 } });
    expect(next).toEqual({ cpu: { current: 2 }, agent: { cpuCount: 2 } });
    expect(next.agent).toBe(host.agent);
  });

  it("cannot reach the prototype", () => {
    const next = patched({}, JSON.parse('{"__proto__":{"bad":1},"constructor":{"bad":1}}'));
    expect(({} as Record<string, unknown>).bad).toBeUndefined();
    expect(Object.keys(next)).toEqual([]);
  });
});

it("two patches in one have the effect of both in turn", () => {
  const start = { cpu: { current: 1 }, disk: { used: 5, free: 5 }, temperature: 40 };
  const first = { cpu: { current: 2 }, disk: { used: null }, temperature: null };
  const second = { disk: { used: 7 }, temperature: 45, uptime: 3 };
  expect(patched(start, composePatches(first, second))).toEqual(patched(patched(start, first), second));
});
