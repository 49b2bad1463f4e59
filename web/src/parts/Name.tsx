/** A long name loses its middle, never its tail: tails tell pods and full host names apart. */
import { createMemo, Show } from "solid-js";
import { middle } from "../text/format";

interface NameProps {
  text: string;
  /** What is around it says the whole name itself. In rows: text that is clipped away makes them costly to paint. */
  labelled?: boolean;
}

export function Name(props: NameProps) {
  const halves = createMemo(() => middle(props.text));
  return (
    <Show when={halves()[1]} fallback={<span class="name whole">{props.text}</span>}>
      <span class="name" title={props.labelled ? undefined : props.text}>
        <Show when={!props.labelled}>
          <span class="sr">{props.text}</span>
        </Show>
        <span class="name-head" aria-hidden="true">
          {halves()[0]}
        </span>
        <span class="name-tail" aria-hidden="true">
          {halves()[1]}
        </span>
      </span>
    </Show>
  );
}
