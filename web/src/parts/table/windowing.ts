/** Which rows of a long list are worth drawing. Short lists are drawn whole, so that find-in-page works. */
import { batch, createEffect, createMemo, createSignal, onCleanup, onMount, untrack } from "solid-js";

const WINDOW_ABOVE = 150;
const OVERSCAN = 10;
const STEP = 28;
/** Pixels per frame, and how long after such a frame. */
const FAST = 4 * STEP;
const FAST_FOR = 80;

export interface Slice {
  start: number;
  end: number;
}

/** The pure part: rows between two heights and some around them, given where each row begins. */
export function sliceOf(offsets: Float64Array, from: number, to: number, around = OVERSCAN): Slice {
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
  const start = Math.max(0, at(from) - around);
  const end = Math.min(count, at(to) + 1 + around);
  return { start, end };
}

interface WindowSource {
  count: () => number;
  height: (index: number) => number;
  /** Re-measures when this changes. Tracked. */
  layout: () => unknown;
  body: () => HTMLElement | undefined;
  /** How far from the top of the window that reaches which sticks above the list. */
  stuck: () => number;
}

/** After so long without scrolling, where the list lies is looked up again. */
const RESTS_AFTER = 300;

/** Where the list lies in the document. Looked up at rest: asking while it scrolls would lay out the page once more. */
function createPlace(source: WindowSource) {
  let known = { top: 0, stuck: 0 };
  let readAt = 0;
  return {
    read: (fresh: boolean) => {
      const now = performance.now();
      if (fresh || now - readAt > RESTS_AFTER) known = { top: (source.body()?.getBoundingClientRect().top ?? 0) + scrollY, stuck: source.stuck() };
      readAt = now;
      return known;
    },
  };
}

export function createWindow(source: WindowSource) {
  // The first time only what is seen: what lies around it comes with the next frame.
  const [scroll, setScroll] = createSignal({ from: 0, to: innerHeight, around: 0 }, { equals: (a, b) => a.from === b.from && a.to === b.to && a.around === b.around });
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
  const place = createPlace(source);
  let asked = false;
  let fresh = true;
  let fastUntil = 0;
  const measure = () => {
    asked = false;
    const { top, stuck } = place.read(fresh);
    fresh = false;
    const gone = scrollY - top;
    // One row at a time: each frame then fills few rows, and a scroll inside a row changes nothing.
    const from = Math.floor(Math.max(0, gone) / STEP) * STEP;
    if (Math.abs(from - untrack(scroll).from) > FAST) fastUntil = performance.now() + FAST_FOR;
    batch(() => {
      setPassed(gone + stuck);
      setScroll({ from, to: from + Math.ceil(innerHeight / STEP + 1) * STEP, around: OVERSCAN });
    });
  };
  const ask = () => {
    if (asked || !windowed()) return;
    asked = true;
    requestAnimationFrame(measure);
  };
  const askAnew = () => {
    fresh = true;
    ask();
  };
  onMount(() => {
    addEventListener("scroll", ask, { passive: true });
    addEventListener("resize", askAnew);
    onCleanup(() => {
      removeEventListener("scroll", ask);
      removeEventListener("resize", askAnew);
    });
  });
  // With the next frame: asking now would lay out a list that is just being filled.
  createEffect(() => {
    source.layout();
    if (source.count() > 0) askAnew();
  });
  const slice = createMemo<Slice>(() => {
    const count = source.count();
    if (!windowed()) return { start: 0, end: count };
    const { from, to, around } = scroll();
    return sliceOf(offsets(), from, to, around);
  });
  /** Brings a row into view even when it is not drawn yet. */
  const reveal = (index: number, clear: number) => {
    if (!windowed()) return;
    const at = place.read(true).top + (offsets()[index] ?? 0);
    if (at < scrollY + clear) scrollTo(0, at - clear);
    else if (at > scrollY + innerHeight - 60) scrollTo(0, at - innerHeight + 90);
    measure();
  };
  return {
    slice,
    windowed,
    reveal,
    /** Whether more rows pass with each frame than anyone reads. Not tracked. */
    isFast: () => performance.now() < fastUntil,
    /** How much of the list has passed under what sticks above it. */
    passed,
    offset: (index: number) => offsets()[index] ?? 0,
    height: () => offsets()[offsets().length - 1] ?? 0,
  };
}
