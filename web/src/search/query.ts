/**
 * The search language, shared by the filter of every list and by the finder: words, `field:value`, quotes for spaces,
 * `-` or `!` in front for "not". Every term must hold; values with commas are alternatives.
 */
import type { Resource } from "../live/frames";
import { isTrouble, type Standing } from "../live/standing";
import { type Facts, factsOf, type Field, FIELDS } from "./facts";

export interface Term {
  field?: Field;
  /** Lower case; any of them may hold. */
  values: string[];
  not: boolean;
  /** The whole value must be it, as in addresses and chips; else a part or a beginning is enough. */
  exact?: boolean;
}

export type Test = (resource: Resource, standing: Standing) => boolean;

const PIECES = /[!-]?(?:[a-z]+:)?(?:"[^"]*"?|\S+)/gi;

function parsePiece(piece: string): Term | undefined {
  const not = /^[!-]./.test(piece);
  const rest = not ? piece.slice(1) : piece;
  const colon = rest.indexOf(":");
  const name = rest.slice(0, Math.max(0, colon)).toLowerCase();
  const field = FIELDS.find((known) => known === name);
  const value = (field ? rest.slice(colon + 1) : rest).replaceAll('"', "").toLowerCase();
  if (!value) return undefined;
  // A comma inside a plain word is part of the word.
  return { field, values: field ? value.split(",").filter(Boolean) : [value], not };
}

/** Terms in the order they were written. A field without a value yet asks nothing. */
export function parseQuery(text: string): Term[] {
  return (text.match(PIECES) ?? []).flatMap((piece) => parsePiece(piece) ?? []);
}

function standsAs(standing: Standing, value: string): boolean {
  if (value === "trouble") return isTrouble(standing);
  if (value === "online") return standing === "running";
  return standing.startsWith(value);
}

function holds(term: Term, facts: Facts, standing: Standing): boolean {
  const { field, values, exact } = term;
  if (field === "status") return values.some((value) => standsAs(standing, value));
  if (exact && field) return facts[field].split(field === "type" ? " " : "\n").some((word) => values.includes(word));
  if (field === "type") return values.some((value) => facts.type.split(" ").some((word) => word.startsWith(value) || word === value.replace(/s$/, "")));
  const text = field ? facts[field] : facts.text;
  return values.some((value) => text.includes(value));
}

/** One test for all terms. */
export function testOf(terms: readonly Term[]): Test {
  if (terms.length === 0) return () => true;
  return (resource, standing) => {
    const facts = factsOf(resource);
    return terms.every((term) => holds(term, facts, standing) !== term.not);
  };
}

/** A value as it is written after `field:`. */
export function written(field: Field, value: string): string {
  return /\s/.test(value) ? `${field}:"${value}"` : `${field}:${value}`;
}
