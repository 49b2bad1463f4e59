import { expect, it } from "vitest";
import { evenTimes, parseRange, RANGE_SECONDS, RANGES } from "./ranges";

it("an unknown range in the address is an hour", () => {
  expect(["90d", "6h", undefined, "2y", ""].map(parseRange)).toEqual(["90d", "6h", "1h", "1h", "1h"]);
});

it("every range has at most seven labels, on round times inside it", () => {
  for (const range of RANGES) {
    const to = 1_700_000_123;
    const from = to - RANGE_SECONDS[range];
    const times = evenTimes(from, to);
    expect(times.length).toBeGreaterThan(2);
    expect(times.length).toBeLessThanOrEqual(7);
    expect(times.every((at) => at >= from && at <= to && at % 60 === 0)).toBe(true);
  }
});

it("days begin at midnight of the browser's zone", () => {
  const to = 1_700_000_123;
  for (const at of evenTimes(to - RANGE_SECONDS["7d"], to)) {
    const local = new Date(at * 1000);
    expect([local.getHours(), local.getMinutes()]).toEqual([0, 0]);
  }
});
