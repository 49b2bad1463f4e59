/**
 * Short memory of figures for sparks: fixed size per series, filled from live frames, never from requests.
 */

const POINTS = 360;
const STEP = 10_000;

/** One hour of one figure in 10 s slots. NaN is a slot without a value. */
export class Trail {
  private readonly slots = new Float32Array(POINTS).fill(Number.NaN);
  private newest = 0;

  /** Remembers the largest value of the slot `at` falls into, so that a spike is not lost. */
  add(at: number, value: number): void {
    const slot = Math.floor(at / STEP);
    if (slot < this.newest - POINTS) return;
    if (slot > this.newest) this.advance(slot);
    const index = slot % POINTS;
    const present = this.slots[index] ?? Number.NaN;
    this.slots[index] = Number.isNaN(present) ? value : Math.max(present, value);
  }

  private advance(slot: number): void {
    const from = Math.max(this.newest + 1, slot - POINTS + 1);
    for (let empty = from; empty <= slot; empty++) this.slots[empty % POINTS] = Number.NaN;
    this.newest = slot;
  }

  /** From the first value of the last hour up to `now`, oldest first. */
  read(now: number): Float32Array {
    const end = Math.floor(now / STEP);
    const view = new Float32Array(POINTS).fill(Number.NaN);
    for (let offset = 0; offset < POINTS; offset++) {
      const slot = end - POINTS + 1 + offset;
      if (slot <= this.newest && slot > this.newest - POINTS && slot >= 0) {
        view[offset] = this.slots[slot % POINTS] ?? Number.NaN;
      }
    }
    const first = view.findIndex((value) => !Number.isNaN(value));
    return first < 0 ? view.subarray(0, 0) : view.subarray(first);
  }
}

/** One figure of the whole estate since the page opened, at most an hour. */
export class Strip {
  private values: number[] = [];
  private readonly limit = POINTS;

  /** Starts with what happened before the page opened. */
  seed(values: readonly number[]): void {
    this.values = [...values, ...this.values].slice(-this.limit);
  }

  add(value: number): void {
    this.values.push(value);
    if (this.values.length > this.limit) this.values.shift();
  }

  read(): readonly number[] {
    return this.values;
  }
}
