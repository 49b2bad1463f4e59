/** Names, and their order. */
import { isWebAddress } from "../app/place";
import { latestOf } from "./estate";
import type { Resource } from "./frames";

/** An event is called by what happened: its own name is a random one. */
export function nameOf(resource: Resource | undefined): string {
  if (resource?.type === "k8s-event" && resource.kubernetes?.reason) return resource.kubernetes.reason;
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

/** What a group that is a resource sorts by; what nobody named comes last. */
export function nameKey(id: string): string {
  const entry = latestOf(id);
  return entry ? naturalKey(nameOf(entry)) : "\uffff";
}

/** Among equal names: ids often hold the host, with its figure. */
function compareIds(a: string, b: string): number {
  const [left, right] = [naturalKey(a), naturalKey(b)];
  return left < right ? -1 : left > right ? 1 : a < b ? -1 : 1;
}

/** Ids by name: vm-2 before vm-10, equal names the same way every time. */
export function sortByName(list: readonly string[]): string[] {
  const named = list.map((id) => ({ id, key: nameKey(id) }));
  named.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : compareIds(a.id, b.id)));
  return named.map(({ id }) => id);
}

/** The same for two resources at hand. */
export function compareNames(a: Resource, b: Resource): number {
  const [left, right] = [naturalKey(nameOf(a)), naturalKey(nameOf(b))];
  return left === right ? compareIds(a.id, b.id) : left < right ? -1 : 1;
}
