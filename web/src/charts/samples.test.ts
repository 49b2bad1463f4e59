import { describe, expect, it } from "vitest";
import type { Resource } from "../live/frames";
import { specimen } from "../live/specimen";
import { niceTop, Samples } from "./samples";

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
