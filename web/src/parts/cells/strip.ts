/** Inhabitants as small cells, trouble first: what each looks like, and the shapes to draw them with. Pure. */
import type { Standing } from "../../live/standing";

/** One letter per look, so that a strip that did not change compares equal as one text. */
export type Look = "c" | "w" | "p" | "b" | "n" | "i" | "s" | "u";

const ORDER = "cwpbnisu";
export const CELL = 9;
export const STEP = 11;
/** Cells in trouble are taller and wider. */
export const WIDE = 11;
export const WIDE_STEP = 13;
const TOP = 2;
const HEIGHT = 12;
const TALL = 16;

export interface Inhabitant {
  id: string;
  look: Look;
  /** Load, for the order among equals. */
  load: number;
}

export function lookOf(standing: Standing, load: number | undefined): Look {
  if (standing === "critical" || standing === "offline") return "c";
  if (standing === "warning") return "w";
  if (standing === "pending") return "p";
  if (standing === "stopped" || standing === "done" || standing === "maintenance") return "s";
  if (standing === "stale" || standing === "unknown") return "u";
  return load === undefined || load < 10 ? "i" : load < 50 ? "n" : "b";
}

/** Trouble, then load, then stopped, then unknown; by id among equals, so that nothing jumps. */
export function arrange(all: Inhabitant[]): Inhabitant[] {
  return all.sort((a, b) => ORDER.indexOf(a.look) - ORDER.indexOf(b.look) || Math.round(b.load / 10) - Math.round(a.load / 10) || (a.id < b.id ? -1 : 1));
}

const isWide = (look: string) => look === "c" || look === "w";

/** Where each cell begins; the last entry is the whole width. */
export function edges(looks: string): number[] {
  const at = [0];
  for (const look of looks) at.push((at[at.length - 1] ?? 0) + (isWide(look) ? WIDE_STEP : STEP));
  return at;
}

/** How many fit into a width, with room for "+n" when some do not. */
export function fitting(looks: string, width: number): number {
  const at = edges(looks);
  if ((at[looks.length] ?? 0) <= width) return looks.length;
  let count = 0;
  while (count < looks.length && (at[count + 1] ?? 0) <= width - 30) count += 1;
  return count;
}

/** One path per look: a host with two hundred guests is drawn with a handful of elements. */
export function shapes(looks: string): { look: Look; path: string }[] {
  const at = edges(looks);
  const paths = new Map<Look, string>();
  for (const [index, letter] of [...looks].entries()) {
    const look = letter as Look;
    const x = at[index] ?? 0;
    // Hollow cells are drawn with a line, which lies half outside.
    const inset = look === "s" || look === "u" ? 0.5 : 0;
    const [y, w, h] = isWide(look) ? [0, WIDE, TALL] : [TOP, CELL, HEIGHT];
    const box = `M${x + inset} ${y + inset}h${w - 2 * inset}v${h - 2 * inset}h${2 * inset - w}Z`;
    const hatch = look === "u" ? `M${x + 1} ${TOP + 7}l5-6M${x + 3} ${TOP + HEIGHT - 1.5}l5.5-6.5` : "";
    paths.set(look, (paths.get(look) ?? "") + box + hatch);
  }
  return [...paths].map(([look, path]) => ({ look, path }));
}

/** The signs in cells that are in trouble. */
export function signs(looks: string): { warn: string; crit: string } {
  const at = edges(looks);
  const sign = (letter: string) => [...looks].map((look, index) => (look === letter ? `M${(at[index] ?? 0) + 5.5} 4v5M${(at[index] ?? 0) + 5.5} 11.6v.2` : "")).join("");
  return { warn: sign("w"), crit: sign("c") };
}

/** Which cell is under a point. */
export function cellAt(looks: string, x: number): number | undefined {
  const at = edges(looks);
  const index = at.findLastIndex((edge) => edge <= x);
  return index >= 0 && index < looks.length ? index : undefined;
}
