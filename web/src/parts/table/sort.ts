/** Sorting by one column: keys are read once per row, texts become ranks. */
import { naturalKey } from "../../live/names";

export type SortWish = { column: string; down: boolean } | undefined;

export type SortKey = number | string | undefined;

/** `sort=cpu&order=desc`, or `-cpu` for short. */
export function parseSort(text: string | undefined, order?: string): SortWish {
  if (!text) return undefined;
  return text.startsWith("-") ? { column: text.slice(1), down: true } : { column: text, down: order === "desc" };
}

/** What a click on a head leads to: down, up, and back to the usual order. Texts go up first. */
export function nextSort(present: SortWish, column: string, text: boolean): SortWish {
  if (present?.column !== column) return { column, down: !text };
  return present.down === text ? undefined : { column, down: text };
}

/** Figures for the keys: texts by their rank among the others, missing as NaN. */
function figures(keys: readonly SortKey[]): Float64Array {
  const texts = [...new Set(keys.filter((key) => typeof key === "string"))].map((text) => [text, naturalKey(text)] as const);
  texts.sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0));
  const rank = new Map(texts.map(([text], at) => [text, at]));
  return Float64Array.from(keys, (key) => (typeof key === "string" ? (rank.get(key) ?? Number.NaN) : (key ?? Number.NaN)));
}

/** Sorts ids by a key; equals keep their order, and what is not known comes last either way. */
export function sortIds(ids: readonly string[], key: (id: string) => SortKey, down: boolean): string[] {
  const values = figures(ids.map(key));
  const at = Uint32Array.from(ids, (_, index) => index);
  at.sort((a, b) => {
    const left = values[a] ?? Number.NaN;
    const right = values[b] ?? Number.NaN;
    if (left === right) return a - b;
    if (Number.isNaN(left)) return Number.isNaN(right) ? a - b : 1;
    if (Number.isNaN(right)) return -1;
    return down ? right - left : left - right;
  });
  return Array.from(at, (index) => ids[index] ?? "");
}
