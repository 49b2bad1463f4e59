import { expect, it } from "vitest";
import { arrange, cellAt, edges, fitting, lookOf, shapes } from "./strip";

it("trouble comes first, then load, then stopped, then unknown", () => {
  const of = (look: "c" | "b" | "n" | "s" | "u", load = 0) => ({ id: look, look, load });
  expect(arrange([of("u"), of("s"), of("n", 20), of("b", 80), of("c")]).map((entry) => entry.look).join("")).toBe("cbnsu");
  expect([lookOf("running", 4), lookOf("running", 30), lookOf("running", 90), lookOf("offline", 1), lookOf("stale", 50)]).toEqual(["i", "n", "b", "c", "u"]);
});

it("shows what fits and leaves room to say how many more there are", () => {
  expect(edges("ci")).toEqual([0, 13, 24]);
  expect(fitting("iiii", 44)).toBe(4);
  expect(fitting("i".repeat(40), 140)).toBe(10);
});

it("draws a look with one path and finds the cell under the pointer", () => {
  expect(shapes("iiin").map((shape) => shape.look)).toEqual(["i", "n"]);
  expect(cellAt("iii", 12)).toBe(1);
  expect(cellAt("iii", 50)).toBeUndefined();
});
