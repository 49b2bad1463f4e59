/** Rows to come, before the first frame of a view. Holds the room; does not move. */
import { For } from "solid-js";
import { t } from "../text/en";

export function Skeleton(props: { rows: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t.verdict.waiting}>
      <For each={Array.from({ length: props.rows })}>
        {() => (
          <span>
            <i />
            <i />
            <i />
            <i />
          </span>
        )}
      </For>
    </div>
  );
}
