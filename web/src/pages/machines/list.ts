/** What both lists of machines share: opening rows, moving with keys, holding the order. */
import { createEffect, createMemo, createSignal, onCleanup, onMount } from "solid-js";
import { query, setQuery } from "../../app/place";
import { focusRow, registerList } from "../../keys/keys";
import { isGroup } from "../../parts/table/items";

interface ListSource {
  items: () => readonly string[];
  find: () => void;
  clear: () => boolean;
  fold?: (fold: boolean) => void;
}

export function createList(source: ListSource) {
  const [focused, setFocused] = createSignal<string>();
  const [pointed, setPointed] = createSignal(false);
  let reveal: (index: number) => void = () => {};
  const ids = createMemo(() => source.items().filter((item) => !isGroup(item)));
  const selected = () => query("resource");
  /** The row Tab reaches: the last focused one, the opened one, or the first. */
  const current = createMemo(() => {
    const present = ids();
    const wanted = focused() ?? selected();
    return wanted && present.includes(wanted) ? wanted : present[0];
  });
  const show = (id: string) => {
    reveal(source.items().indexOf(id));
    requestAnimationFrame(() => {
      focusRow(id);
      document.querySelector(`tr[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
    });
  };
  const step = (from: string | undefined, by: 1 | -1) => {
    const present = ids();
    const at = from ? present.indexOf(from) : -1;
    return present[Math.max(0, Math.min(present.length - 1, at < 0 ? 0 : at + by))];
  };
  const open = (id: string) => setQuery({ resource: id }, { push: !selected() });
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
        fold: (fold) => source.fold?.(fold),
        find: source.find,
        clear: source.clear,
      }),
    );
  });
  createEffect(() => {
    if (pointed() || focused()) void import("../drawer/Drawer");
  });
  return {
    current,
    selected,
    open,
    setFocused,
    hold: setPointed,
    held: () => pointed() || !!selected() || !!document.activeElement?.closest("tr[data-id]"),
    takeReveal: (act: (index: number) => void) => {
      reveal = act;
    },
  };
}
