/** What every list does with its rows: opens them, moves with keys, holds the order while someone works in it. */
import { createEffect, createMemo, createSignal, onCleanup, onMount } from "solid-js";
import { query, setQuery } from "../../app/place";
import { focusRow, registerList } from "../../keys/keys";
import { isGroup } from "./items";
import { createMarks } from "./marks";

interface ListSource {
  items: () => readonly string[];
  find: () => void;
  /** Takes the filter away; false when there was none. */
  clear: () => boolean;
  fold?: (fold: boolean) => void;
  lines?: () => void;
}

export function createList(source: ListSource) {
  const [focused, setFocused] = createSignal<string>();
  const [pointed, setPointed] = createSignal(false);
  let reveal: (index: number) => void = () => {};
  const ids = createMemo(() => source.items().filter((item) => !isGroup(item)));
  const places = createMemo(() => new Map(ids().map((id, at) => [id, at])));
  const marks = createMarks(ids);
  const selected = () => query("resource");
  /** The row Tab reaches: the last focused one, the opened one, or the first. */
  const current = createMemo(() => {
    const wanted = focused() ?? selected();
    return wanted && places().has(wanted) ? wanted : ids()[0];
  });
  const show = (id: string) => {
    reveal(source.items().indexOf(id));
    // At once: the next key may come before the next frame.
    focusRow(id);
    requestAnimationFrame(() => {
      focusRow(id);
      document.querySelector(`tr[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
    });
  };
  const step = (from: string | undefined, by: 1 | -1) => {
    const present = ids();
    const at = from === undefined ? undefined : places().get(from);
    return present[Math.max(0, Math.min(present.length - 1, at === undefined ? 0 : at + by))];
  };
  const open = (id: string) => setQuery({ resource: id }, { push: !selected() });
  const clear = () => marks.clear() || source.clear();
  onMount(() => {
    onCleanup(
      registerList({
        move: (by) => {
          const next = step(focused(), by);
          if (!next) return;
          setFocused(next);
          show(next);
        },
        open: () => {
          const id = current();
          if (id) open(id);
        },
        neighbour: (by) => {
          const next = selected() && step(selected(), by);
          if (!next) return;
          setQuery({ resource: next });
          reveal(source.items().indexOf(next));
        },
        mark: (range) => {
          const id = current();
          if (id) (range ? marks.range : marks.toggle)(id);
        },
        fold: (fold) => source.fold?.(fold),
        lines: () => source.lines?.(),
        find: source.find,
        clear,
      }),
    );
  });
  createEffect(() => {
    if (pointed() || focused()) void import("../../pages/drawer/Drawer");
  });
  return {
    current,
    selected,
    open,
    marks,
    clear,
    setFocused,
    hold: setPointed,
    held: () => pointed() || !!selected() || marks.marked().size > 0 || !!document.activeElement?.closest("tr[data-id]"),
    takeReveal: (act: (index: number) => void) => {
      reveal = act;
    },
  };
}

export type List = ReturnType<typeof createList>;
