/** Every key that means something here, as a list. */
import { For, Show } from "solid-js";
import { t } from "../text/en";

type Line = readonly [keys: readonly string[], words: string, between?: string];

const GROUPS: readonly (readonly [string, readonly Line[]])[] = [
  [
    t.keys.groups.find,
    [
      [["/"], t.keys.find],
      [["Ctrl K", "⌘ K"], t.keys.palette, t.keys.or],
      [["?"], t.keys.sheet],
    ],
  ],
  [
    t.keys.groups.go,
    [
      [["g", "o"], t.keys.overview, t.keys.followedBy],
      [["g", "p"], t.keys.proxmox, t.keys.followedBy],
      [["g", "d"], t.keys.docker, t.keys.followedBy],
      [["g", "k"], t.keys.kubernetes, t.keys.followedBy],
      [["g", "n"], t.keys.truenas, t.keys.followedBy],
      [["g", "s"], t.keys.machines, t.keys.followedBy],
      [["g", "f"], t.keys.fleet, t.keys.followedBy],
      [["g", "t"], t.keys.settings, t.keys.followedBy],
    ],
  ],
  [
    t.keys.groups.list,
    [
      [["j", "k"], t.keys.row, t.keys.or],
      [["↵"], t.keys.open],
      [["[", "]"], t.keys.neighbour, t.keys.or],
      [["x", "X"], t.keys.mark, t.keys.or],
      [["←", "→"], t.keys.fold, t.keys.or],
    ],
  ],
  [
    t.keys.groups.view,
    [
      [["."], t.keys.pause],
      [["\\"], t.keys.density],
      [["1", "6"], t.keys.range, "…"],
      [["z"], t.keys.undo],
      [["b"], t.keys.lines],
      [["Esc"], t.keys.close],
    ],
  ],
];

export function KeyList() {
  return (
    <div class="key-groups">
      <For each={GROUPS}>
        {([title, lines]) => (
          <section>
            <h3>{title}</h3>
            <dl>
              <For each={lines}>
                {([keys, words, between]) => (
                  <div>
                    <dt>
                      <For each={keys}>
                        {(key, index) => (
                          <>
                            <Show when={index() > 0}>
                              <span class="dim"> {between} </span>
                            </Show>
                            <kbd>{key}</kbd>
                          </>
                        )}
                      </For>
                    </dt>
                    <dd>{words}</dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
    </div>
  );
}
