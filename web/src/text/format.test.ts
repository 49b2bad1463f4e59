import { expect, it } from "vitest";
import { bitRate, byteRate, capacity, figure, memory, middle, percent, span, uptimeShort, usedOf } from "./format";

it("says at most three digits", () => {
  expect([0, 0.001, 1.234, 12.34, 123.4, 10, 2.5].map(figure)).toEqual(["0", "0", "1.23", "12.3", "123", "10", "2.5"]);
});
it("counts memory in powers of two, capacity as vendors do, network in bits", () => {
  expect(memory(8 * 2 ** 30)).toBe("8 GiB");
  expect(capacity(4e12)).toBe("4 TB");
  expect(byteRate(12_300_000)).toBe("12.3 MB/s");
  expect(bitRate(125_000)).toBe("1 Mb/s");
});
it("does not know is a dash", () => {
  expect([percent(undefined), memory(undefined), bitRate(undefined), uptimeShort(undefined), span(undefined)]).toEqual(["–", "–", "–", "–", "–"]);
  expect(usedOf(undefined, 100, "memory")).toEqual(["–", ""]);
});
it("gives used and total in one unit", () => {
  expect(usedOf(412 * 2 ** 30, 576 * 2 ** 30, "memory")).toEqual(["412", "576 GiB"]);
});
it("says spans in two units at most", () => {
  expect([4_000, 360_000, 8_040_000, 7_200_000, 90_000_000, 30 * 86_400_000].map(span)).toEqual(["4 s", "6 m", "2 h 14 m", "2 h", "1 d 1 h", "30 d"]);
});
it("keeps the tail of a long name apart", () => {
  expect(middle("short")).toEqual(["short", ""]);
  expect(middle("immich-machine-learning-b55-x2lqp").join("")).toBe("immich-machine-learning-b55-x2lqp");
});
