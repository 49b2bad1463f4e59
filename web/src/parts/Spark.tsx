/** A small line of the recent past. Gaps break the line and are hatched; too few points are words. */
import { createMemo, For, Show } from "solid-js";

const WIDTH = 100;
const HEIGHT = 20;
const ENOUGH = 10;

export interface SparkShape {
  lines: string[];
  areas: string[];
  gaps: { from: number; width: number }[];
  points: number;
}

/** Splits values at every missing one; `top` is the value at the upper edge. */
export function sparkShape(values: ArrayLike<number>, top: number): SparkShape {
  const shape: SparkShape = { lines: [], areas: [], gaps: [], points: 0 };
  const count = values.length;
  const step = count > 1 ? WIDTH / (count - 1) : WIDTH;
  const y = (value: number) => (HEIGHT - 1 - Math.max(0, Math.min(1, value / (top || 1))) * (HEIGHT - 2)).toFixed(1);
  let run: number[] = [];
  let gapFrom = -1;
  let seen = false;
  const close = () => {
    const first = run[0];
    const last = run[run.length - 1];
    if (first === undefined || last === undefined) return;
    const path = run.map((at, index) => `${index ? "L" : "M"}${(at * step).toFixed(1)} ${y(values[at] ?? 0)}`).join("");
    shape.lines.push(run.length > 1 ? path : `${path}h0.5`);
    if (run.length > 1) {
      shape.areas.push(`${path}L${(last * step).toFixed(1)} ${HEIGHT}L${(first * step).toFixed(1)} ${HEIGHT}Z`);
    }
    run = [];
  };
  for (let at = 0; at < count; at++) {
    const value = values[at];
    if (value === undefined || Number.isNaN(value)) {
      if (run.length) close();
      if (seen && gapFrom < 0) gapFrom = at;
    } else {
      if (gapFrom >= 0) shape.gaps.push({ from: (gapFrom - 1) * step, width: (at - gapFrom + 1) * step });
      gapFrom = -1;
      seen = true;
      shape.points += 1;
      run.push(at);
    }
  }
  close();
  return shape;
}

interface SparkProps {
  values: ArrayLike<number>;
  /** Value at the upper edge; the largest one when left out. */
  top?: number;
  accent?: boolean;
  collecting: (points: number) => string;
}

export function Spark(props: SparkProps) {
  const shape = createMemo(() => {
    let top = props.top ?? 0;
    if (props.top === undefined) {
      for (let at = 0; at < props.values.length; at++) top = Math.max(top, props.values[at] || 0);
    }
    return sparkShape(props.values, top);
  });
  return (
    <Show when={shape().points >= ENOUGH} fallback={<span class="collecting">{props.collecting(shape().points)}</span>}>
      <svg class="spark" classList={{ accent: props.accent }} viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
        <For each={shape().gaps}>{(gap) => <rect class="gap" x={gap.from} y="0" width={gap.width} height="20" />}</For>
        <For each={shape().areas}>{(path) => <path class="area" d={path} />}</For>
        <For each={shape().lines}>{(path) => <path class="line" d={path} />}</For>
      </svg>
    </Show>
  );
}
