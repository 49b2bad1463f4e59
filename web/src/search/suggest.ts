/** What could be meant by the word under the cursor: fields, their values in this list, and earlier searches. */
import { latestOf } from "../live/estate";
import { type Field, FIELDS, factsOf } from "./facts";
import { written } from "./query";

export interface Suggestion {
  /** What the word becomes. */
  text: string;
  /** How many rows have it; none for fields and earlier searches. */
  count?: number;
  earlier?: boolean;
}

const MOST = 8;
const STATUSES = ["trouble", "running", "critical", "warning", "offline", "stale", "pending", "unknown", "stopped", "done"];

/** The word the cursor is in or behind. */
export function wordAt(text: string, cursor: number): { from: number; word: string } {
  const before = text.slice(0, cursor);
  const quotes = before.split('"').length - 1;
  const from = quotes % 2 ? before.lastIndexOf(" ", before.lastIndexOf('"')) + 1 : before.lastIndexOf(" ") + 1;
  return { from, word: before.slice(from) };
}

function valuesOf(field: Field, ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const entry = latestOf(id);
    if (!entry || field === "status") continue;
    const separator = field === "type" ? " " : "\n";
    // A resource counts once for each of its values.
    for (const value of new Set(factsOf(entry)[field].split(separator))) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Suggestions for a word of a filter over these rows. */
export function suggest(word: string, ids: readonly string[], fields: readonly Field[]): Suggestion[] {
  const sign = /^[!-]/.test(word) ? word.charAt(0) : "";
  const bare = word.slice(sign.length).toLowerCase();
  const colon = bare.indexOf(":");
  const field = colon > 0 ? FIELDS.find((known) => known === bare.slice(0, colon)) : undefined;
  if (!field) return fields.filter((known) => known.startsWith(bare)).slice(0, MOST).map((known) => ({ text: `${sign}${known}:` }));
  const begun = bare.slice(colon + 1).replaceAll('"', "");
  if (field === "status") return STATUSES.filter((value) => value.startsWith(begun)).map((value) => ({ text: sign + written(field, value) }));
  return [...valuesOf(field, ids)]
    .filter(([value]) => value.includes(begun) && value !== begun)
    .sort((a, b) => Number(b[0].startsWith(begun)) - Number(a[0].startsWith(begun)) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST)
    .map(([value, count]) => ({ text: sign + written(field, value), count }));
}

const KEY = "pulse.searches";
const REMEMBERED = 8;

/** Earlier searches of this browser, latest first. */
export function earlierSearches(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string").slice(0, REMEMBERED) : [];
  } catch {
    return [];
  }
}

export function rememberSearch(text: string): void {
  const wanted = text.trim();
  if (wanted.length < 3) return;
  const next = [wanted, ...earlierSearches().filter((entry) => entry !== wanted)].slice(0, REMEMBERED);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Private windows may refuse storage; then nothing is remembered.
  }
}
