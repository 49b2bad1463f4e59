/** The last hour of the whole estate, for the summary band. */
import { createSignal } from "solid-js";
import type { Sums } from "./sums";
import { Trail } from "./trail";

export const strips = { cpu: new Trail(60_000, "last"), memory: new Trail(60_000, "last"), network: new Trail() };

/** Rises when a strip has a further point. */
const [stripped, setStripped] = createSignal(0);
/** Whether the strips reach back before this page opened. */
const [seeded, setSeeded] = createSignal(false);
export { seeded, stripped };

const DRAWN_EVERY = 10_000;
let drawnAt = 0;

export function addToStrips(now: number, sums: Sums): void {
  if (sums.cpu !== undefined) strips.cpu.add(now, sums.cpu);
  if (sums.memoryUsed !== undefined) strips.memory.add(now, (sums.memoryUsed / sums.memoryTotal) * 100);
  if (sums.rx !== undefined || sums.tx !== undefined) strips.network.add(now, (sums.rx ?? 0) + (sums.tx ?? 0));
  if (now - drawnAt < DRAWN_EVERY) return;
  drawnAt = now;
  setStripped((count) => count + 1);
}

export interface Past {
  at: number;
  cpu?: number;
  memory?: number;
  network?: number;
}

/** Puts what happened before the page opened in front of what came since. */
export function seedStrips(past: readonly Past[]): void {
  for (const point of past) {
    if (point.cpu !== undefined) strips.cpu.add(point.at, point.cpu);
    if (point.memory !== undefined) strips.memory.add(point.at, point.memory);
    if (point.network !== undefined) strips.network.add(point.at, point.network);
  }
  setSeeded(true);
  setStripped((count) => count + 1);
}
