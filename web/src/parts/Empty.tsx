/** Says which kind of nothing this is, and the one action that helps. */
import { type JSX, Show } from "solid-js";

export function Empty(props: { title: string; text?: string; children?: JSX.Element; level?: 1 | 2 }) {
  return (
    <div class="empty">
      {props.level === 1 ? <h1>{props.title}</h1> : <h2>{props.title}</h2>}
      <Show when={props.text}>
        <p>{props.text}</p>
      </Show>
      <Show when={props.children}>
        <div class="empty-do">{props.children}</div>
      </Show>
    </div>
  );
}
