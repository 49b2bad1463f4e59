/** A small table of the drawer with its title, and the labels something carries. */
import { createMemo, Index, type JSX, Show } from "solid-js";

interface TableProps<T> {
  title: string;
  heads: readonly string[];
  rows: readonly T[];
  cells: (row: T) => readonly JSX.Element[];
}

export function PlainTable<T>(props: TableProps<T>) {
  return (
    <Show when={props.rows.length > 0}>
      <section class="drawer-section">
        <h3>
          {props.title} <span class="dim">{props.rows.length}</span>
        </h3>
        <table class="plain">
          <thead>
            <tr>
              <Index each={props.heads}>{(head) => <th scope="col">{head()}</th>}</Index>
            </tr>
          </thead>
          <tbody>
            <Index each={props.rows}>
              {(row) => (
                <tr>
                  <Index each={props.cells(row())}>{(cell) => <td class="break">{cell()}</td>}</Index>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </Show>
  );
}

export function Labels(props: { title: string; labels: Record<string, unknown> | undefined }) {
  const all = createMemo(() => Object.entries(props.labels ?? {}).map(([name, value]) => [name, String(value)] as const));
  return (
    <Show when={all().length > 0}>
      <section class="drawer-section">
        <details>
          <summary>
            {props.title} <span class="dim">{all().length}</span>
          </summary>
          <dl class="facts">
            <Index each={all()}>
              {(label) => (
                <>
                  <dt class="break">{label()[0]}</dt>
                  <dd>{label()[1]}</dd>
                </>
              )}
            </Index>
          </dl>
        </details>
      </section>
    </Show>
  );
}
