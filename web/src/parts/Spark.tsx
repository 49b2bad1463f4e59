/** A small line of the recent past. Gaps break the line and are hatched; too few points are words. */
import { createMemo, Show } from "solid-js";
import { HEIGHT, sparkShape, WIDTH } from "./sparkShape";

const ENOUGH = 10;

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
      <svg class="spark" classList={{ accent: props.accent }} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="gap" d={shape().gap} />
        <path class="area" d={shape().area} />
        <path class="line" d={shape().line} />
      </svg>
    </Show>
  );
}
