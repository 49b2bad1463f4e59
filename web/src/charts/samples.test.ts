import { describe, expect, it } from "vitest";
import type { Resource } from "../live/frames";
import { specimen } from "../live/specimen";
import { niceTop, Samples, valuesOf } from "./samples";

const report = (second: number, cpu?: number): Resource => specimen({ lastSeen: second * 1000, cpu: cpu === undefined ? undefined : { current: cpu } });
const loaded = (...points: [number, number][]) => {
  const samples = new Samples();
  samples.load({ metrics: { cpu: points.map(([second, value]) => ({ timestamp: second * 1000, value, min: value, max: value })) } });
  return samples;
};

describe("the last hour of a host", () => {
  it("puts an empty point into a gap, so that no line crosses it", () => {
    const [times, cpu] = loaded([100, 1], [110, 2], [200, 3]).aligned(["cpu"], 10);
    expect(times).toEqual([100, 110, 111, 200]);
    expect(cpu).toEqual([1, 2, null, 3]);
  });
  it("names silences at both edges as gaps", () => {
    expect(loaded([100, 1], [110, 2]).gaps(0, 300, 10)).toEqual([{ from: 0, to: 100 }, { from: 110, to: 300 }]);
    expect(loaded([0, 1], [10, 2]).gaps(0, 20, 10)).toEqual([]);
  });
  it("grows with reports and takes each only once", () => {
    const samples = loaded([100, 1]);
    expect(samples.add(report(110, 5))).toBe(true);
    expect(samples.add(report(110, 6))).toBe(false);
    expect(samples.add(report(90, 6))).toBe(false);
    expect(samples.last("cpu")).toBe(5);
  });
  it("a figure that a report lacks is missing, not zero", () => {
    const samples = loaded([100, 1]);
    samples.add(report(110));
    expect(samples.aligned(["cpu"], 10)[1]).toEqual([1, null]);
    expect(samples.has("temperature")).toBe(false);
  });
  it("keeps what the page saw when the server started anew and knows less", () => {
    const samples = loaded([100, 1], [110, 2]);
    samples.load({ metrics: { cpu: [{ timestamp: 200_000, value: 3, min: 3, max: 3 }] } });
    expect(samples.rows(["cpu"])).toEqual([[100, 1], [110, 2], [200, 3]]);
    samples.load({ metrics: {} });
    expect(samples.count).toBe(3);
  });
  it("looks back as far as there are points, at most an hour", () => {
    expect(loaded([1000, 1]).windowTo(1030)).toBe(300);
    expect(loaded([1000, 1], [1600, 1]).windowTo(1601)).toBe(900);
    expect(loaded([1000, 1]).windowTo(9000)).toBe(3600);
  });
  it("keeps about one hour", () => {
    const samples = loaded([0, 1]);
    samples.add(report(4000, 2));
    expect(samples.count).toBe(1);
  });
});

it("rate axes end at 1, 2 or 5 and never shrink", () => {
  expect(niceTop(3)).toBe(5);
  expect(niceTop(1200)).toBe(2000);
  expect(niceTop(3, 10)).toBe(10);
  expect(niceTop(0, 0, 1250)).toBe(2000);
});

describe("series of different pace", () => {
  const point = (second: number, value: number, min = value, max = value) => ({ timestamp: second * 1000, value, min, max });
  const mixed = () => {
    const samples = new Samples();
    samples.load({ metrics: { cpu: Array.from({ length: 31 }, (_, at) => point(at * 10, at)), smart_temp: [point(0, 30), point(150, 31), point(300, 32)] } });
    return samples;
  };
  it("a slow one is no row of holes", () => {
    const samples = mixed();
    expect([samples.step(["cpu"]), samples.step(["smart_temp"])]).toEqual([10, 150]);
    expect(samples.aligned(["smart_temp"], 150)).toEqual([[0, 150, 300], [30, 31, 32]]);
    expect(samples.gaps(0, 300, 150, ["smart_temp"])).toEqual([]);
  });
  it("extremes come along where points stand for many", () => {
    const samples = new Samples();
    samples.load({ metrics: { cpu: [point(0, 50, 10, 90), point(60, 40)] } });
    expect(samples.aligned(["cpu"], 60)).toEqual([[0, 60], [50, 40], [10, 40], [90, 40]]);
    expect([samples.extremes("cpu", 0), samples.extremes("cpu", 60)]).toEqual([[10, 90], undefined]);
    expect(mixed().aligned(["cpu"], 10)).toHaveLength(2);
  });
  it("a storage and a disk grow under the words history keeps them", () => {
    const samples = new Samples();
    samples.add(specimen({ type: "storage", lastSeen: 1000, disk: { current: 40, used: 4, total: 10 } }));
    expect(samples.rows(["usage", "used", "total", "avail"])).toEqual([[1, 40, 4, 10, 6]]);
  });
});

it("a Ceph cluster is charted by its room, as a storage is", () => {
  const disk = { current: 60, used: 6, total: 10 };
  const room = { usage: 60, used: 6, total: 10, avail: 4 };
  expect(["storage", "ceph"].map((type) => valuesOf(specimen({ type, disk } as Partial<Resource>)))).toEqual([room, room]);
});
