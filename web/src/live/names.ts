/** Names, and where each resource stands by name: computed once per set of resources, shared by all lists. */
import { createMemo, createRoot } from "solid-js";
import { isWebAddress } from "../app/place";
import { ids, latestOf } from "./estate";
import type { Resource } from "./frames";

export function nameOf(resource: Resource | undefined): string {
  return resource?.displayName || resource?.name || resource?.id || "";
}

/** The web page somebody gave it. */
export function linkOf(resource: Resource | undefined): string | undefined {
  const url = resource?.customUrl;
  return url && isWebAddress(url) ? url : undefined;
}

const MOST_KEYS = 60_000;
const keys = new Map<string, string>();

/** A text whose plain order is the order people expect: figures by value, case aside. Far cheaper than a collator. */
export function naturalKey(name: string): string {
  const present = keys.get(name);
  if (present !== undefined) return present;
  if (keys.size > MOST_KEYS) keys.clear();
  const key = name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
  keys.set(name, key);
  return key;
}

export function rankByName(list: readonly string[]): Map<string, number> {
  const named = list.map((id) => ({ id, key: naturalKey(nameOf(latestOf(id))) }));
  named.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : 1));
  return new Map(named.map(({ id }, at) => [id, at]));
}

let ranks: (() => ReadonlyMap<string, number>) | undefined;

/** For sorting by name: vm-2 before vm-10, the same order every time. */
export function compareNames(a: Resource, b: Resource): number {
  const [left, right] = [naturalKey(nameOf(a)), naturalKey(nameOf(b))];
  return left === right ? (a.id < b.id ? -1 : 1) : left < right ? -1 : 1;
}

/** Where each resource stands by name. Tracked: changes when resources come, go or are renamed. */
export function nameRanks(): ReadonlyMap<string, number> {
  ranks ??= createRoot(() => createMemo(() => rankByName(ids())));
  return ranks();
}
