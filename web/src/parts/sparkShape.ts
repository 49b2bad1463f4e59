/** What a spark draws, as one path each for its line, the area below and its gaps. Pure. */

export const WIDTH = 100;
export const HEIGHT = 20;

export interface SparkShape {
  line: string;
  area: string;
  gap: string;
  /** How much of the time it covers, in points of its grid. */
  points: number;
}

/** How many steps before and after a step tell what is usual here. */
const AROUND = 2;

/**
 * Whether two neighbouring values belong together: side by side, or about as far apart as those around them, since a
 * series may be coarser than the grid. What is further apart is a gap.
 */
function isJoined(steps: readonly number[], at: number): boolean {
  const step = steps[at] ?? 0;
  if (step <= 1) return true;
  let usual = 0;
  for (let near = Math.max(0, at - AROUND); near <= at + AROUND; near++) if (near !== at) usual = Math.max(usual, steps[near] ?? 0);
  // A coarse series falls on the grid with a rest.
  return step <= usual + (step > 2 ? 1 : 0);
}

/** Runs of values that belong together, as places in the grid. */
function runsOf(values: ArrayLike<number>): number[][] {
  const present: number[] = [];
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at] ?? Number.NaN)) present.push(at);
  const steps = present.slice(1).map((at, index) => at - (present[index] ?? 0));
  const runs: number[][] = [];
  for (const [index, at] of present.entries()) {
    const run = runs[runs.length - 1];
    if (run && isJoined(steps, index - 1)) run.push(at);
    else runs.push([at]);
  }
  return runs;
}

/** The shape of values on an even grid; `top` is the value at the upper edge. */
export function sparkShape(values: ArrayLike<number>, top: number): SparkShape {
  const width = values.length > 1 ? WIDTH / (values.length - 1) : WIDTH;
  const x = (at: number) => (at * width).toFixed(1);
  const y = (at: number) => (HEIGHT - 1 - Math.max(0, Math.min(1, (values[at] ?? 0) / (top || 1))) * (HEIGHT - 2)).toFixed(1);
  const shape: SparkShape = { line: "", area: "", gap: "", points: 0 };
  let ended = -1;
  for (const run of runsOf(values)) {
    const first = run[0] ?? 0;
    const last = run[run.length - 1] ?? 0;
    const path = run.map((at, index) => `${index ? "L" : "M"}${x(at)} ${y(at)}`).join("");
    shape.line += run.length > 1 ? path : `${path}h0.5`;
    if (run.length > 1) shape.area += `${path}L${x(last)} ${HEIGHT}L${x(first)} ${HEIGHT}Z`;
    if (ended >= 0) shape.gap += `M${x(ended)} 0H${x(first)}V${HEIGHT}H${x(ended)}Z`;
    shape.points += last - first + 1;
    ended = last;
  }
  return shape;
}
