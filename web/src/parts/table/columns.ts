/** Which columns fit, and how wide each is: the least important leave first, the rest share what is left. */
import type { JSX } from "solid-js";

export interface Column {
  id: string;
  head: string;
  /** Said by screen readers where the head is too short. */
  title?: string;
  /** Least width in pixels. */
  least: number;
  /** Share of the room that is left over. */
  grow?: number;
  /** 1 stays longest. */
  priority: number;
  numeric?: boolean;
  /** On a phone: the row's second line. */
  line?: boolean;
  /** A value column: replaced by words when a host has no values. */
  metric?: boolean;
  /** Further classes of its cells. */
  class?: string;
  /** Said when the pointer rests on the cell. */
  hint?: (id: string) => string | undefined;
  /** Value for sorting; undefined sorts last. Columns without it cannot be sorted. */
  sort?: (id: string) => number | string | undefined;
  /** Drawn once per row on the screen; the row may come to show another id. */
  cell: (id: () => string) => JSX.Element;
}

interface Laid {
  column: Column;
  width: number;
}

export function layColumns(columns: readonly Column[], room: number): Laid[] {
  let kept = [...columns];
  const needed = () => kept.reduce((sum, column) => sum + column.least, 0);
  for (let priority = 6; priority > 1 && needed() > room; priority--) {
    // Within one priority the rightmost leaves first.
    for (let at = kept.length - 1; at >= 0 && needed() > room; at--) {
      if (kept[at]?.priority === priority) kept = kept.filter((_, index) => index !== at);
    }
  }
  const left = Math.max(0, room - needed());
  const shares = kept.reduce((sum, column) => sum + (column.grow ?? 0), 0) || 1;
  return kept.map((column) => ({ column, width: Math.floor(column.least + (left * (column.grow ?? 0)) / shares) }));
}
