/**
 * RFC 7386 merge patches, two ways: as a changed copy, and onto an earlier patch.
 */

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members a patch from outside must never reach. */
function isUnsafe(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
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

/** The patched value as a copy that shares what did not change; `original` stays as it is. Lists are replaced whole. */
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
