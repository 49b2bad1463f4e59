/**
 * Rows that rush by faster than anyone reads show their name and main figures; the other cells follow as soon as the list
 * slows down, a few rows per frame. This halves what a frame has to fill while somebody drags the scroll bar.
 */
import { createComputed, createSignal, on, onCleanup, untrack } from "solid-js";

const ROWS_AT_ONCE = 8;

/** `isFast` is asked, not tracked. */
export function createSettling(isFast: () => boolean): (id: () => string) => () => string {
  const waiting = new Set<() => void>();
  let asked = false;
  const fill = () => {
    asked = false;
    const some = isFast() ? [] : [...waiting].slice(0, ROWS_AT_ONCE);
    for (const settle of some) {
      waiting.delete(settle);
      settle();
    }
    if (waiting.size > 0) ask();
  };
  const ask = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(fill);
  };
  /** Whose values the less important cells of a row show: those of the row before while it rushes by. */
  return (id) => {
    const [settled, setSettled] = createSignal(untrack(id));
    const settle = () => setSettled(untrack(id));
    const follow = () => {
      if (!isFast()) {
        waiting.delete(settle);
        settle();
      } else {
        waiting.add(settle);
        ask();
      }
    };
    createComputed(on(id, follow, { defer: true }));
    onCleanup(() => waiting.delete(settle));
    return settled;
  };
}
