import { expect, it } from "vitest";
import { Trail } from "./trail";

const MINUTE = 60_000;

it("remembers an hour, oldest first, and keeps the spike of a slot", () => {
  const trail = new Trail(10_000);
  trail.add(0, 1);
  trail.add(5_000, 9);
  trail.add(10_000, 2);
  expect([...trail.read(10_000)]).toEqual([9, 2]);
});

it("shows silence as missing, not as zero", () => {
  const trail = new Trail(10_000);
  trail.add(0, 1);
  trail.add(30_000, 2);
  expect([...trail.read(30_000)]).toEqual([1, Number.NaN, Number.NaN, 2]);
});

it("forgets what is older than an hour and never grows", () => {
  const trail = new Trail(10_000);
  trail.add(0, 1);
  trail.add(90 * MINUTE, 5);
  expect([...trail.read(90 * MINUTE)]).toEqual([5]);
  expect(trail.read(300 * MINUTE)).toHaveLength(0);
});

it("tells the peak of the hour, and of an empty one nothing", () => {
  const trail = new Trail();
  expect(trail.peak(0)).toBeUndefined();
  trail.add(0, 80);
  trail.add(10 * MINUTE, 30);
  expect(trail.peak(10 * MINUTE)).toBe(80);
  expect(trail.peak(65 * MINUTE)).toBe(30);
});

it("takes the past under what came since", () => {
  const trail = new Trail();
  trail.add(50 * MINUTE, 5);
  trail.add(48 * MINUTE, 1);
  expect([...trail.read(50 * MINUTE)]).toEqual([1, Number.NaN, 5]);
});
