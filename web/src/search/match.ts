/** Fuzzy matching for the finder: all letters in order, runs and word starts count more. */

export interface Hit {
  score: number;
  /** Positions of the matched letters. */
  marks: number[];
}

const LEAST_PER_LETTER = 4;

export function match(query: string, text: string): Hit | undefined {
  const wanted = query.toLowerCase();
  const given = text.toLowerCase();
  if (!wanted) return { score: 0, marks: [] };
  const whole = given.indexOf(wanted);
  if (whole >= 0) {
    const start = whole === 0 || /[^a-z0-9]/.test(given[whole - 1] ?? "");
    const marks = Array.from({ length: wanted.length }, (_, at) => whole + at);
    return { score: 1000 - whole - given.length / 10 + (start ? 200 : 0), marks };
  }
  const marks: number[] = [];
  let from = 0;
  let score = 0;
  for (const letter of wanted) {
    if (letter === " ") continue;
    const at = given.indexOf(letter, from);
    if (at < 0) return undefined;
    const follows = marks[marks.length - 1] === at - 1;
    const starts = at === 0 || /[^a-z0-9]/.test(given[at - 1] ?? "");
    score += follows ? 12 : starts ? 10 : 1;
    score -= Math.min(5, at - from);
    marks.push(at);
    from = at + 1;
  }
  // Letters scattered over a text are no match anyone meant.
  if (score < wanted.length * LEAST_PER_LETTER) return undefined;
  return { score: score - given.length / 20, marks };
}
