/**
 * A list as a whole: which rows pass the filter, their order and groups, the columns the user chose, bars or lines.
 * What describes the view is in the address; what describes the user's taste is in this browser.
 */
import { createMemo, untrack } from "solid-js";
import { query, setQuery } from "../../app/place";
import { preferences, setPreferences } from "../../app/preferences";
import { latestOf } from "../../live/estate";
import { naturalKey, sortByName } from "../../live/names";
import { standing, tally } from "../../live/tally";
import { createFilter, type Filter } from "../../search/filter";
import { type Choice, type Column, isShown, orderColumns } from "./columns";
import { groupId, groupItem, isGroup } from "./items";
import { createList } from "./list";
import { createOrder } from "./order";
import { nextSort, parseSort, sortIds, type SortWish } from "./sort";

export interface Grouping {
  id: string;
  label: string;
  /** The group a row belongs to; a list without it is flat. */
  of?: (id: string) => string;
  /** Groups there are whether or not rows belong to them. */
  all?: () => readonly string[];
  /** How groups follow each other: by the name of a resource, or by itself. */
  rank?: (group: string) => number | string;
}

export interface ViewSource {
  /** The key of its preferences. */
  id: string;
  /** Everything the list could show. Tracked. */
  ids: () => readonly string[];
  columns: readonly Column[];
  /** The first is the usual one. */
  groupings?: readonly Grouping[];
  find: () => void;
  /** Rows of a later class come after all others while nobody sorts. */
  late?: (id: string) => boolean;
  /** The order while nobody sorts, where that is not by name. */
  usual?: SortWish;
  /** Whether a row passes; the usual test is of the row alone. */
  matches?: (id: string, filter: Filter) => boolean;
}

function passes(id: string, filter: Filter): boolean {
  const entry = latestOf(id);
  return !!entry && untrack(filter.test)(entry, standing(id));
}

/** Puts rows under their groups; folded groups keep their rows to themselves. */
export function groupRows(rows: readonly string[], grouping: Grouping, folded: readonly string[], withEmpty: boolean): string[] {
  const { of, rank } = grouping;
  if (!of) return [...rows];
  const groups = new Map<string, string[]>();
  if (withEmpty) for (const group of grouping.all?.() ?? []) groups.set(group, []);
  for (const id of rows) {
    const group = of(id);
    const present = groups.get(group);
    if (present) present.push(id);
    else groups.set(group, [id]);
  }
  const keys = [...groups.keys()];
  const ranks = new Map(keys.map((key) => [key, rank?.(key) ?? naturalKey(key)]));
  keys.sort((a, b) => {
    const left = ranks.get(a) ?? a;
    const right = ranks.get(b) ?? b;
    return left < right ? -1 : left > right ? 1 : a < b ? -1 : 1;
  });
  const shut = new Set(folded);
  return keys.flatMap((key) => [groupItem(key)].concat(shut.has(key) ? [] : (groups.get(key) ?? [])));
}

export function createView(source: ViewSource) {
  const filter = createFilter();
  const sort = createMemo(() => parseSort(query("sort"), query("order")) ?? source.usual);
  const flat: Grouping = { id: "flat", label: "" };
  const grouping = createMemo(() => source.groupings?.find((entry) => entry.id === (query("group") ?? preferences.grouping[source.id])) ?? source.groupings?.[0] ?? flat);
  const folded = () => preferences.folded[source.id] ?? [];
  const matches = (id: string) => (source.matches ?? passes)(id, filter);
  let matching = 0;
  /** Sorted once per set of rows: a filter keeps the order, and another sort breaks its ties by it. */
  const byName = createMemo(() => sortByName(source.ids()));
  const arrange = (all: readonly string[]) => {
    const kept = all.filter(matches);
    matching = kept.length;
    const wish = sort();
    const key = source.columns.find((column) => column.id === wish?.column)?.sort;
    const usual = () => {
      const rows = wish?.column === "name" && wish.down ? kept.toReversed() : kept;
      return wish || !source.late ? rows : [...rows.filter((id) => !source.late?.(id)), ...rows.filter((id) => source.late?.(id))];
    };
    const sorted = !wish || !key || wish.column === "name" ? usual() : sortIds(kept, key, wish.down);
    return groupRows(sorted, grouping(), folded(), !filter.active());
  };
  const order = createOrder({
    ids: byName,
    wish: () => [filter.key(), query("sort"), query("order"), grouping().id, folded().join()].join("\n"),
    arrange,
    held: () => list.held(),
  });
  const lines = () => (query("view") ?? preferences.figures[source.id]) === "lines";
  const setLines = (on: boolean) => {
    setPreferences("figures", source.id, on ? "lines" : "bars");
    setQuery({ view: on ? "lines" : undefined });
  };
  const fold = (group: string, close: boolean) =>
    setPreferences("folded", source.id, (present = []) => (close ? [...present.filter((entry) => entry !== group), group] : present.filter((entry) => entry !== group)));
  const foldHere = (close: boolean) => {
    const row = document.activeElement?.closest<HTMLElement>("tr[data-id], tr[data-group]");
    const group = row?.dataset.group ?? (row?.dataset.id && grouping().of?.(row.dataset.id));
    if (group) fold(group, close);
  };
  const list = createList({ items: () => order.rows(), find: source.find, clear: filter.clear, fold: foldHere, lines: () => setLines(!lines()) });
  const sizes = createMemo(() => {
    tally();
    const of = grouping().of;
    const counts = new Map<string, number>();
    if (of) for (const id of source.ids()) counts.set(of(id), (counts.get(of(id)) ?? 0) + 1);
    return counts;
  });
  const choice = (): Choice | undefined => preferences.columns[source.id];
  const ordered = createMemo(() => orderColumns(source.columns, choice()));
  return {
    source,
    filter,
    list,
    order,
    sort,
    grouping,
    setGrouping: (id: string) => {
      setPreferences("grouping", source.id, id);
      setQuery({ group: id === source.groupings?.[0]?.id ? undefined : id });
    },
    cycleSort: (id: string) => {
      const next = nextSort(sort(), id, !!source.columns.find((column) => column.id === id)?.text);
      setQuery({ sort: next?.column, order: next && (next.down ? "desc" : undefined) });
    },
    folded,
    fold,
    lines,
    setLines,
    /** Whether bars and lines make a difference here. */
    hasLines: source.columns.some((column) => column.lined),
    /** All columns in the user's order, and those shown. */
    ordered,
    columns: createMemo(() => ordered().filter((column) => isShown(column, choice()) && column.unlessBy !== grouping().id && column.offered?.() !== false)),
    choice,
    setChoice: (next: Choice | undefined) => setPreferences("columns", source.id, next ?? {}),
    /** How many rows pass the filter, folded ones included. */
    matching: createMemo(() => (order.rows(), matching)),
    rowCount: createMemo(() => order.rows().reduce((count, item) => count + (isGroup(item) ? 0 : 1), 0)),
    /** How many rows a group has, filtered or not. */
    sizeOf: (group: string) => sizes().get(group) ?? 0,
    leaving: (id: string) => filter.active() && !matches(id),
  };
}

export type View = ReturnType<typeof createView>;
export { groupId };
