/** Which columns a view shows, in which order, which of them fit, and how wide each is. */
import type { JSX } from "solid-js";
import type { SortKey } from "./sort";

export interface Column {
  id: string;
  head: string;
  /** Said by screen readers and the column list where the head is too short. */
  title?: string;
  /** Least width in pixels. */
  least: number;
  /** Share of the room that is left over. */
  grow?: number;
  /** 1 stays longest. */
  priority: number;
  numeric?: boolean;
  /** Whether any row has a value; a column nobody offers takes no room. Tracked. */
  offered?: () => boolean;
  /** Left out while rows stand under groups of this kind, which say it already. */
  unlessBy?: string;
  /** Not shown until chosen. */
  extra?: boolean;
  /** On a phone: the row's second line. */
  line?: boolean;
  /** Drawn as a line when the user wants lines. */
  lined?: boolean;
  /** A value column: replaced by words when a host has no values. */
  metric?: boolean;
  /** Left empty in the row of a group that has values of its own. */
  rowsOnly?: boolean;
  /** Further classes of its cells. */
  class?: string;
  /** Said when the pointer rests on the cell. Not tracked: asked when the pointer comes. */
  hint?: (id: string) => string | undefined;
  /** Value for sorting; undefined sorts last. Columns without it cannot be sorted. */
  sort?: (id: string) => SortKey;
  /** Sorts upwards first. */
  text?: boolean;
  /** Drawn once per row on the screen; the row may come to show another id. */
  cell: (id: () => string, width: () => number) => JSX.Element;
}

/** The user's choice for one view: order, and what is hidden or shown besides the usual. */
export interface Choice {
  order?: string[];
  hidden?: string[];
  shown?: string[];
}

/** What a phone shows beside the name: these figures, and the line; the rest is in the drawer. */
export function onlyOnPhone(columns: readonly Column[], figures: readonly string[]): Column[] {
  return columns.map((column) => (column.priority === 1 || column.line || figures.includes(column.id) ? column : Object.assign({}, column, { priority: Math.max(4, column.priority) })));
}

interface Laid {
  column: Column;
  width: number;
}

/** All columns in the user's order; the first stays first, unknown ones keep their place. */
export function orderColumns(columns: readonly Column[], choice: Choice | undefined): Column[] {
  const [first, ...rest] = columns;
  const wanted = choice?.order ?? [];
  const place = (column: Column, at: number) => {
    const index = wanted.indexOf(column.id);
    return index < 0 ? at : index;
  };
  const placed = rest.map((column, at) => ({ column, at: place(column, at) })).sort((a, b) => a.at - b.at);
  return first ? [first, ...placed.map(({ column }) => column)] : [];
}

/** Whether the user wants it shown. */
export function isShown(column: Column, choice: Choice | undefined): boolean {
  return column.extra ? !!choice?.shown?.includes(column.id) : !choice?.hidden?.includes(column.id);
}

/** The choice with one column shown or hidden. */
export function toggled(column: Column, choice: Choice | undefined, show: boolean): Choice {
  const list = column.extra ? "shown" : "hidden";
  const rest = (choice?.[list] ?? []).filter((id) => id !== column.id);
  return { ...choice, [list]: show === !!column.extra ? [...rest, column.id] : rest };
}

/** The choice with one column moved by one place among the others. */
export function moved(columns: readonly Column[], choice: Choice | undefined, id: string, by: 1 | -1): Choice {
  const order = orderColumns(columns, choice).slice(1).map((column) => column.id);
  const at = order.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= order.length) return choice ?? {};
  order.splice(at, 1);
  order.splice(to, 0, id);
  return { ...choice, order };
}

/** The least important leave first, the rest share what is left. */
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
