import { expect, it } from "vitest";
import { Trail } from "./trail";

const MINUTE = 60_000;

it("remembers an hour, oldest first, and keeps the spike of a slot", () => {
  const trail = new Trail();
  trail.add(0, 1);
  trail.add(5_000, 9);
  trail.add(10_000, 2);
  expect([...trail.read(10_000)]).toEqual([9, 2]);
});

it("shows silence as missing, not as zero", () => {
  const trail = new Trail();
  trail.add(0, 1);
  trail.add(30_000, 2);
  expect([...trail.read(30_000)]).toEqual([1, Number.NaN, Number.NaN, 2]);
});

it("forgets what is older than an hour and never grows", () => {
  const trail = new Trail();
  trail.add(0, 1);
  trail.add(90 * MINUTE, 5);
  expect([...trail.read(90 * MINUTE)]).toEqual([5]);
  expect(trail.read(300 * MINUTE)).toHaveLength(0);
});
