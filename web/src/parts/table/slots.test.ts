import { createRoot, createSignal } from "solid-js";
import { expect, it, vi } from "vitest";
import { createSlots } from "./slots";

function scene() {
  vi.useFakeTimers();
  return createRoot((dispose) => {
    const [drawn, setDrawn] = createSignal({ start: 0, end: 4 });
    let held = false;
    const slots = createSlots(drawn, () => held);
    const shown = () => slots().map((slot) => slot.index());
    return { dispose, setDrawn, slots, shown, hold: (now: boolean) => (held = now) };
  });
}

it("a scroll by one row fills one slot and moves none", () => {
  const { slots, shown, setDrawn, dispose } = scene();
  const before = slots();
  setDrawn({ start: 1, end: 5 });
  expect(slots()).toBe(before);
  expect(shown()).toEqual([4, 1, 2, 3]);
  dispose();
});

it("rows stand in order in the document once the list rests, unless that would lose the focus", () => {
  const { shown, setDrawn, hold, dispose } = scene();
  setDrawn({ start: 6, end: 10 });
  hold(true);
  vi.advanceTimersByTime(1000);
  expect(shown()).toEqual([8, 9, 6, 7]);
  hold(false);
  setDrawn({ start: 7, end: 11 });
  vi.advanceTimersByTime(1000);
  expect(shown()).toEqual([7, 8, 9, 10]);
  dispose();
});

it("a taller screen shows every row of the larger slice once", () => {
  const { shown, setDrawn, dispose } = scene();
  setDrawn({ start: 3, end: 9 });
  expect(shown().toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8]);
  dispose();
});
