/**
 * RFC 7386 merge patches, three ways: into a live object, as a copy, and onto an earlier patch.
 */

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members a patch from outside must never reach. */
function isUnsafe(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/**
 * Changes `target` in place and touches only what differs, so that a store notifies only those readers.
 * Lists of equal length are walked item by item for the same reason.
 */
export function applyPatch(target: Json, patch: Json): void {
  for (const key of Object.keys(patch)) {
    if (isUnsafe(key)) continue;
    const change = patch[key];
    const present = target[key];
    if (change === null) {
      if (key in target) delete target[key];
    } else if (isObject(change)) {
      if (isObject(present)) applyPatch(present, change);
      else target[key] = withoutNulls(change);
    } else if (Array.isArray(change) && Array.isArray(present) && change.length === present.length) {
      applyList(present, change);
    } else if (present !== change) {
      target[key] = change;
    }
  }
}

/** A list is replaced whole by definition; equal items simply stay. */
function applyList(present: unknown[], change: unknown[]): void {
  for (let index = 0; index < change.length; index++) {
    const next = change[index];
    const old = present[index];
    if (isObject(next) && isObject(old)) replaceMembers(old, next);
    else if (old !== next) present[index] = next;
  }
}

function replaceMembers(target: Json, next: Json): void {
  for (const key of Object.keys(target)) if (!(key in next)) delete target[key];
  for (const key of Object.keys(next)) {
    if (isUnsafe(key)) continue;
    const value = next[key];
    const present = target[key];
    if (isObject(value) && isObject(present)) replaceMembers(present, value);
    else if (Array.isArray(value) && Array.isArray(present) && value.length === present.length) {
      applyList(present, value);
    } else if (present !== value) target[key] = value;
  }
}

/** Makes `target` equal to `next` with as few writes as possible. */
export function becomeEqual(target: object, next: object): void {
  replaceMembers(target as Json, next as Json);
}

function withoutNulls(value: Json): Json {
  const copy: Json = {};
  for (const key of Object.keys(value)) {
    if (isUnsafe(key)) continue;
    const member = value[key];
    if (member === null) continue;
    copy[key] = isObject(member) ? withoutNulls(member) : member;
  }
  return copy;
}

/** The patched value as a copy; `original` stays as it is. */
export function patched<T extends object>(original: T, patch: object): T {
  const copy: Json = { ...(original as Json) };
  for (const [key, change] of Object.entries(patch)) {
    if (isUnsafe(key)) continue;
    if (change === null) delete copy[key];
    else if (isObject(change)) {
      const present = copy[key];
      copy[key] = isObject(present) ? patched(present, change) : withoutNulls(change);
    } else copy[key] = change;
  }
  return copy as T;
}

/** One patch with the effect of `first`, then `second`. */
export function composePatches(first: Json, second: Json): Json {
  const both: Json = { ...first };
  for (const [key, change] of Object.entries(second)) {
    if (isUnsafe(key)) continue;
    const earlier = both[key];
    both[key] = isObject(change) && isObject(earlier) ? composePatches(earlier, change) : change;
  }
  return both;
}
