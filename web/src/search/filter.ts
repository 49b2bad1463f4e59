/** The filter of a list as it stands in the address: the text, and one value list per field. */
import { createMemo } from "solid-js";
import { query, setQuery } from "../app/place";
import type { Field } from "./facts";
import { parseQuery, type Term, testOf } from "./query";

/** Fields with a query value of their own; the others live in the text. */
export const IN_ADDRESS: readonly Field[] = ["type", "status", "node", "host", "cluster", "namespace", "context", "platform", "tag", "update"];

function termOf(field: Field): Term[] {
  const value = query(field);
  return value ? [{ field, values: value.toLowerCase().split(",").filter(Boolean), not: false, exact: field !== "status" }] : [];
}

export function createFilter() {
  const text = () => query("q") ?? "";
  const terms = createMemo(() => [...parseQuery(text()), ...IN_ADDRESS.flatMap(termOf)]);
  const key = createMemo(() => [text(), ...IN_ADDRESS.map((field) => query(field) ?? "")].join("\n"));
  const active = () => terms().length > 0;
  return {
    text,
    setText: (value: string) => setQuery({ q: value || undefined }),
    /** Changes with every change of the filter. */
    key,
    active,
    test: createMemo(() => testOf(terms())),
    /** The filter without one field: what the chips of that field count. */
    without: (field: Field) => testOf(terms().filter((term) => term.field !== field)),
    value: (field: Field) => query(field),
    toggle: (field: Field, value: string) => setQuery({ [field]: query(field) === value ? undefined : value }),
    /** Takes the filter away; false when there was none. */
    clear: () => {
      if (!text() && !active()) return false;
      setQuery({ q: undefined, ...Object.fromEntries(IN_ADDRESS.map((field) => [field, undefined])) });
      return true;
    },
  };
}

export type Filter = ReturnType<typeof createFilter>;
