/** What someone typed about a resource and has not saved: kept per resource for as long as the tab is open. */
import { createStore } from "solid-js/store";
import type { Metadata } from "../../api/metadata";

export interface Draft {
  url: string;
  tags: string;
  notes: string;
}

const [drafts, setDrafts] = createStore<Record<string, Draft>>({});
export { drafts };

export function keepDraft(id: string, draft: Draft): void {
  setDrafts(id, draft);
}

export function dropDraft(id: string): void {
  setDrafts(id, undefined!);
}

export function draftOf(record: Metadata): Draft {
  return { url: record.customUrl, tags: record.tags.join(", "), notes: record.notes.join("\n\n") };
}

export const MOST_TAGS = 32;
export const LONGEST_TAG = 64;

/** "a, b,,a" is two tags. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()).filter(Boolean))];
}

/** Only what differs from the record: two people then change different members without harm. */
export function changeOf(record: Metadata, draft: Draft): Partial<Metadata> {
  const before = draftOf(record);
  const change: Partial<Metadata> = {};
  if (draft.url.trim() !== before.url) change.customUrl = draft.url.trim();
  if (tagsOf(draft.tags).join() !== tagsOf(before.tags).join()) change.tags = tagsOf(draft.tags);
  if (draft.notes.trim() !== before.notes.trim()) change.notes = draft.notes.trim() ? [draft.notes.trim()] : [];
  return change;
}

/** The members a change touched, as they were: what undoing sends. */
export function inverseOf(record: Metadata, change: Partial<Metadata>): Partial<Metadata> {
  return Object.fromEntries(Object.keys(change).map((key) => [key, record[key as keyof Metadata]]));
}
