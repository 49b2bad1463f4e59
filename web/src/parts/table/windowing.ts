/** Which rows of a long list are worth drawing. Short lists are drawn whole, so that find-in-page works. */
import { createEffect, createMemo, createSignal, onCleanup, onMount } from "solid-js";

const WINDOW_ABOVE = 150;
const OVERSCAN = 10;
const STEP = 28;

export interface Slice {
  start: number;
  end: number;
}

/** The pure part: rows between two heights, given where each row begins. */
export function sliceOf(offsets: Float64Array, from: number, to: number): Slice {
  const count = offsets.length - 1;
  const at = (height: number) => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle + 1] ?? 0) <= height) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const start = Math.max(0, at(from) - OVERSCAN);
  const end = Math.min(count, at(to) + 1 + OVERSCAN);
  return { start, end };
}

interface WindowSource {
  count: () => number;
  height: (index: number) => number;
  /** Re-measures when this changes. Tracked. */
  layout: () => unknown;
  body: () => HTMLElement | undefined;
  /** Where the list passes under what sticks above it, from the top of the window. */
  edge: () => number;
}

export function createWindow(source: WindowSource) {
  const [scroll, setScroll] = createSignal({ from: 0, to: innerHeight }, { equals: (a, b) => a.from === b.from && a.to === b.to });
  const windowed = () => source.count() > WINDOW_ABOVE;
  const offsets = createMemo(() => {
    source.layout();
    const count = source.count();
    const sums = new Float64Array(count + 1);
    if (!windowed()) return sums;
    for (let index = 0; index < count; index++) sums[index + 1] = (sums[index] ?? 0) + source.height(index);
    return sums;
  });
  const [passed, setPassed] = createSignal(0);
  let asked = false;
  const measure = () => {
    asked = false;
    const top = source.body()?.getBoundingClientRect().top ?? 0;
    // One row at a time: each frame then fills few rows, and a scroll inside a row changes nothing.
    const from = Math.floor(Math.max(0, -top) / STEP) * STEP;
    setPassed(source.edge() - top);
    setScroll({ from, to: from + Math.ceil(innerHeight / STEP + 1) * STEP });
  };
  const ask = () => {
    if (asked || !windowed()) return;
    asked = true;
    requestAnimationFrame(measure);
  };
  onMount(() => {
    addEventListener("scroll", ask, { passive: true });
    addEventListener("resize", ask);
    onCleanup(() => {
      removeEventListener("scroll", ask);
      removeEventListener("resize", ask);
    });
  });
  // With the next frame: asking now would lay out a list that is just being filled.
  createEffect(() => {
    source.layout();
    if (source.count() > 0) ask();
  });
  const slice = createMemo<Slice>(() => {
    const count = source.count();
    if (!windowed()) return { start: 0, end: count };
    return sliceOf(offsets(), scroll().from, scroll().to);
  });
  /** Brings a row into view even when it is not drawn yet. */
  const reveal = (index: number, clear: number) => {
    if (!windowed()) return;
    const top = (source.body()?.getBoundingClientRect().top ?? 0) + scrollY;
    const at = top + (offsets()[index] ?? 0);
    if (at < scrollY + clear) scrollTo(0, at - clear);
    else if (at > scrollY + innerHeight - 60) scrollTo(0, at - innerHeight + 90);
    measure();
  };
  return {
    slice,
    windowed,
    reveal,
    /** How much of the list has passed under the edge. */
    passed,
    offset: (index: number) => offsets()[index] ?? 0,
    height: () => offsets()[offsets().length - 1] ?? 0,
  };
}
