import { expect, it } from "vitest";
import { sparkShape } from "./sparkShape";

const grid = (...places: (readonly [number, number])[]) => {
  const values = Array.from({ length: 60 }, () => Number.NaN);
  for (const [at, value] of places) values[at] = value;
  return values;
};
const parts = (path: string) => path.split("M").length - 1;

it("a spark breaks at gaps, hatches them and counts its points", () => {
  const shape = sparkShape([1, 2, Number.NaN, Number.NaN, 3, 4], 4);
  expect(shape.points).toBe(4);
  expect(parts(shape.line)).toBe(2);
  expect(shape.gap).toBe("M20.0 0H80.0V20H20.0Z");
});

it("a series coarser than the grid is one line, from its first value to its last", () => {
  const every = (step: number) => sparkShape(grid(...Array.from({ length: Math.floor(60 / step) }, (_, at) => [at * step, at] as const)), 10);
  for (const step of [2, 5, 13, 20]) expect(every(step)).toMatchObject({ gap: "", points: (Math.floor(60 / step) - 1) * step + 1 });
  // Ninety seconds on a grid of minutes.
  expect(sparkShape(grid(...Array.from({ length: 30 }, (_, at) => [Math.floor(at * 1.5), 1] as const)), 1).gap).toBe("");
});

it("a coarse past leads into a fine present; a silence in the present stays a gap", () => {
  const past = [[2, 5], [16, 6], [30, 7]] as const;
  const present = [44, 45, 46, 47, 53, 54, 55].map((at) => [at, 5] as const);
  const shape = sparkShape(grid(...past, ...present), 10);
  expect(parts(shape.line)).toBe(2);
  expect(shape.gap).toContain("V20");
  expect(shape.points).toBe(46 + 3);
});

it("one silent minute among even ones is a gap", () => {
  expect(sparkShape([1, 1, 1, 1, Number.NaN, 1, 1, 1, 1], 1).gap).not.toBe("");
});

it("nothing is nothing, and one value a dot", () => {
  expect(sparkShape([], 1)).toEqual({ line: "", area: "", gap: "", points: 0 });
  expect(sparkShape([Number.NaN, 3], 3)).toMatchObject({ line: "M100.0 1.0h0.5", points: 1, gap: "" });
});
