import { describe, expect, it } from "vitest";
import { applyPatch, becomeEqual, composePatches, patched } from "./patch";

describe("a merge patch", () => {
  it("changes what it names and keeps the rest", () => {
    const host = { id: "a", cpu: { current: 4 }, memory: { used: 1, total: 2 } };
    applyPatch(host, { cpu: { current: 9 }, memory: { used: 2 } });
    expect(host).toEqual({ id: "a", cpu: { current: 9 }, memory: { used: 2, total: 2 } });
  });

  it("removes a member that is null: not known is not zero", () => {
    const host: Record<string, unknown> = { id: "a", temperature: 41 };
    applyPatch(host, { temperature: null });
    expect("temperature" in host).toBe(false);
  });

  it("replaces lists whole and drops members that the new items lack", () => {
    const host = { disks: [{ mountpoint: "/", used: 1, label: "old" }] };
    applyPatch(host, { disks: [{ mountpoint: "/", used: 2 }] });
    expect(host.disks).toEqual([{ mountpoint: "/", used: 2 }]);
    applyPatch(host, { disks: [] });
    expect(host.disks).toEqual([]);
  });

  it("keeps list items that did not change, so that nobody is told", () => {
    const first = { device: "sda" };
    const host = { diskIo: [first, { device: "sdb", readBytes: 1 }] };
    applyPatch(host, { diskIo: [{ device: "sda" }, { device: "sdb", readBytes: 2 }] });
    expect(host.diskIo[0]).toBe(first);
    expect(host.diskIo[1]).toEqual({ device: "sdb", readBytes: 2 });
  });

  it("cannot reach the prototype", () => {
    const host: Record<string, unknown> = {};
    applyPatch(host, JSON.parse('{"__proto__":{"bad":1},"constructor":{"bad":1}}'));
    expect(({} as Record<string, unknown>).bad).toBeUndefined();
    expect(Object.keys(host)).toEqual([]);
  });

  it("as a copy leaves the original alone", () => {
    const host = { cpu: { current: 1 }, tags: ["a"] };
    const next = patched(host, { cpu: { current: 2 }, tags: null });
    expect(host).toEqual({ cpu: { current: 1 }, tags: ["a"] });
    expect(next).toEqual({ cpu: { current: 2 } });
  });
});

it("two patches in one have the effect of both in turn", () => {
  const start = () => ({ cpu: { current: 1 }, disk: { used: 5, free: 5 }, temperature: 40 }) as Record<string, unknown>;
  const first = { cpu: { current: 2 }, disk: { used: null }, temperature: null };
  const second = { disk: { used: 7 }, temperature: 45, uptime: 3 };
  const inTurn = start();
  applyPatch(inTurn, first);
  applyPatch(inTurn, second);
  const atOnce = start();
  applyPatch(atOnce, composePatches(first, second));
  expect(atOnce).toEqual(inTurn);
});

it("a whole state makes a resource equal to what the server knows", () => {
  const host: Record<string, unknown> = { id: "a", status: "online", cpu: { current: 3 } };
  becomeEqual(host, { id: "a", status: "offline" });
  expect(host).toEqual({ id: "a", status: "offline" });
});
