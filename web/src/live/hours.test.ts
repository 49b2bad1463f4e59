import { createRoot } from "solid-js";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clearEstate, takeState } from "./estate";
import { batchOf } from "../api/sparks";
import { forecast } from "./growth";
import { askHours, clearHours, createHour } from "./hours";
import { pastOf } from "./seed";
import { specimen } from "./specimen";

const NOW = 1_700_000_000_000;
let asked: string[] = [];
let status = 200;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  asked = [];
  status = 200;
  clearHours();
  clearEstate();
  takeState({ resources: ["a", "b", "c"].map((id) => specimen({ id, lastSeen: NOW, cpu: { current: 7 } })) });
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const ids = new URL(path, "http://x").searchParams.get("ids")?.split(",") ?? [];
    const series = Object.fromEntries(ids.map((id) => [id, { cpu: [null, 90, 30], netin: [1, null, 3], netout: [1, 1, null] }]));
    const body = status === 200 ? { start: NOW - 3 * 60_000, step: 60_000, end: NOW, series } : { error: "none", code: "not_found" };
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("rows that appear together are asked for in one request, and never again", async () => {
  await createRoot(async (dispose) => {
    const readers = ["a", "b", "c"].map((id) => createHour(() => id));
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toHaveLength(1);
    expect(readers[0]?.().hour?.cpu.peak(NOW)).toBe(90);
    await askHours(["a", "b"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    dispose();
  });
});

it("a server without the route is asked once; the rows collect by themselves", async () => {
  status = 404;
  await createRoot(async (dispose) => {
    const read = createHour(() => "a");
    await vi.advanceTimersByTimeAsync(500);
    createRoot(() => createHour(() => "b"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(read().hour?.cpu.peak(NOW)).toBe(7);
    dispose();
  });
});

it("long ids are asked for in several requests, each short enough for a proxy", async () => {
  const ids = Array.from({ length: 120 }, (_, at) => `k8s:cluster/namespace/${"x".repeat(40)}-${at}`);
  const batch = batchOf(ids);
  expect(encodeURIComponent(batch.join(",")).length).toBeLessThan(6_001);
  const answer = await askHours(ids);
  expect(Object.keys(answer?.series ?? {})).toHaveLength(120);
  expect(asked.length).toBe(Math.ceil(120 / batch.length));
});

it("the past of the estate weighs hosts and leaves gaps", () => {
  const hosts = [specimen({ id: "a", agent: { cpuCount: 1 } }), specimen({ id: "b", agent: { cpuCount: 3 } })];
  const past = pastOf({ start: 0, step: 1, end: 2, series: { a: { cpu: [100, null] }, b: { cpu: [20, null] } } }, hosts);
  expect(past.map((point) => point.cpu)).toEqual([40, undefined]);
  const talking = hosts.map((host) => Object.assign({}, host, { network: { rxBytes: 1, txBytes: 1 } }));
  const traffic = pastOf({ start: 0, step: 1, end: 2, series: { a: { netin: [5, 5] }, b: { netin: [null, 7] } } }, talking);
  expect(traffic.map((point) => point.network)).toEqual([undefined, 12]);
});

it("tells when storage is full only where a day of points says so", () => {
  const day = Array.from({ length: 25 }, (_, hour) => 50 + hour / 24);
  expect(forecast(day, 3_600_000)).toBeCloseTo(49, 0);
  expect(forecast(day.slice(0, 13), 3_600_000)).toBe("collecting");
  expect(forecast(day.map(() => 50), 3_600_000)).toBe("steady");
  expect(forecast(day.map((value) => 100 - value), 3_600_000)).toBe("steady");
});
