/**
 * The order of rows. It stands still while someone works in the table and otherwise follows the values at
 * most every ten seconds; a change of sort or filter applies at once.
 */
import { createEffect, createSignal, on, untrack } from "solid-js";
import { ticking } from "../../live/clock";

const RESORT_EVERY = 10_000;

interface OrderSource {
  /** Everything that could be shown. Tracked. */
  ids: () => readonly string[];
  /** Changes whenever the user asks for another order or filter. Tracked. */
  wish: () => string;
  /** Filters and sorts by present values. Not tracked. */
  arrange: (ids: readonly string[]) => string[];
  /** Someone points at, focuses or has opened a row. */
  held: () => boolean;
}

export interface Order {
  rows: () => readonly string[];
  /** Rows that stand elsewhere than the values say. */
  moved: () => number;
  resort: () => void;
}

function differences(shown: readonly string[], wanted: readonly string[]): number {
  let count = Math.abs(shown.length - wanted.length);
  for (let at = 0; at < Math.min(shown.length, wanted.length); at++) if (shown[at] !== wanted[at]) count += 1;
  return count;
}

export function createOrder(source: OrderSource): Order {
  const [rows, setRows] = createSignal<readonly string[]>([]);
  const [moved, setMoved] = createSignal(0);
  let arrangedAt = 0;

  const arrange = () => untrack(() => source.arrange(source.ids()));
  const resort = () => {
    arrangedAt = Date.now();
    const next = arrange();
    setMoved(0);
    if (differences(untrack(rows), next) > 0) setRows(next);
  };
  const follow = () => {
    if (!untrack(source.held) || untrack(rows).length === 0) return resort();
    arrangedAt = Date.now();
    setMoved(differences(untrack(rows), arrange()));
  };
  createEffect(on(source.wish, resort));
  createEffect(on(source.ids, follow, { defer: true }));
  createEffect(
    on(
      ticking,
      () => {
        if (Date.now() - arrangedAt >= RESORT_EVERY) follow();
      },
      { defer: true },
    ),
  );
  return { rows, moved, resort };
}
