import { createRoot, createSignal } from "solid-js";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOrder } from "./order";

const clock = vi.hoisted(() => ({ tick: (): number => 0, advance: (at: number): number => at }));
vi.mock("../../live/clock", () => ({ ticking: () => clock.tick() }));

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  const [tick, advance] = createSignal(0);
  clock.tick = tick;
  clock.advance = advance;
});
afterEach(() => vi.useRealTimers());

function scene() {
  let values: Record<string, number> = { a: 1, b: 2, c: 3 };
  let held = false;
  const [ids, setIds] = createSignal(["a", "b", "c"]);
  const [wish, setWish] = createSignal("up");
  const arrange = (all: readonly string[]) => all.toSorted((x, y) => ((values[x] ?? 0) - (values[y] ?? 0)) * (wish() === "up" ? 1 : -1));
  const root = createRoot((dispose) => ({ dispose, order: createOrder({ ids, wish, arrange, held: () => held }) }));
  const pass = (seconds: number) => {
    vi.advanceTimersByTime(seconds * 1000);
    clock.advance(Date.now());
  };
  return { ...root, pass, setIds, setWish, set: (next: Record<string, number>) => (values = next), hold: (now: boolean) => (held = now) };
}

it("follows the values at most every ten seconds", () => {
  const { order, set, pass, dispose } = scene();
  expect(order.rows()).toEqual(["a", "b", "c"]);
  set({ a: 9, b: 2, c: 3 });
  pass(5);
  expect(order.rows()).toEqual(["a", "b", "c"]);
  pass(6);
  expect(order.rows()).toEqual(["b", "c", "a"]);
  dispose();
});

it("stands still while someone works in the table, and says how many rows would move", () => {
  const { order, set, pass, hold, setIds, dispose } = scene();
  hold(true);
  set({ a: 9, b: 2, c: 3 });
  pass(11);
  expect(order.rows()).toEqual(["a", "b", "c"]);
  expect(order.moved()).toBe(3);
  setIds(["a", "b", "c", "d"]);
  expect(order.rows()).toHaveLength(3);
  order.resort();
  expect(order.rows()).toEqual(["d", "b", "c", "a"]);
  expect(order.moved()).toBe(0);
  dispose();
});

it("a wish of the user applies at once, held or not", () => {
  const { order, hold, setWish, dispose } = scene();
  hold(true);
  setWish("down");
  expect(order.rows()).toEqual(["c", "b", "a"]);
  dispose();
});
