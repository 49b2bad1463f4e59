/** A long name loses its middle, never its tail: tails tell pods and full host names apart. */
import { Show } from "solid-js";
import { middle } from "../text/format";

export function Name(props: { text: string }) {
  const halves = () => middle(props.text);
  return (
    <Show when={halves()[1]} fallback={<span class="name whole">{props.text}</span>}>
      <span class="name" title={props.text}>
        <span class="sr">{props.text}</span>
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
