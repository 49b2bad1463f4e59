/** Rows marked to do something with several at once. */
import { createSignal } from "solid-js";

export function createMarks(rows: () => readonly string[]) {
  const [marked, setMarked] = createSignal<ReadonlySet<string>>(new Set());
  let last: string | undefined;
  const toggle = (id: string) => {
    const next = new Set(marked());
    if (!next.delete(id)) next.add(id);
    last = id;
    setMarked(next);
  };
  return {
    marked,
    has: (id: string) => marked().has(id),
    toggle,
    /** Marks everything from the row marked last to this one. */
    range: (id: string) => {
      const present = rows();
      const from = last === undefined ? -1 : present.indexOf(last);
      const to = present.indexOf(id);
      if (from < 0 || to < 0) return toggle(id);
      setMarked(new Set([...marked(), ...present.slice(Math.min(from, to), Math.max(from, to) + 1)]));
      last = id;
    },
    /** Takes all marks away; false when there were none. */
    clear: () => {
      if (marked().size === 0) return false;
      last = undefined;
      setMarked(new Set<string>());
      return true;
    },
  };
}

export type Marks = ReturnType<typeof createMarks>;
