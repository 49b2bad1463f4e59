/**
 * Short memory of figures for sparks: fixed size per series, filled from one request and then from live frames.
 */

const HOUR = 3_600_000;

/** One hour of one figure in even slots. NaN is a slot without a value. */
export class Trail {
  private readonly slots: Float32Array;
  private newest = 0;

  constructor(
    private readonly step = 60_000,
    /** Which value of a slot stays: the largest, so that a spike is not lost, or the last one. */
    private readonly keep: "peak" | "last" = "peak",
  ) {
    this.slots = new Float32Array(HOUR / step).fill(Number.NaN);
  }

  add(at: number, value: number): void {
    const slot = Math.floor(at / this.step);
    if (slot <= this.newest - this.slots.length) return;
    if (slot > this.newest) this.advance(slot);
    const index = slot % this.slots.length;
    const present = this.slots[index] ?? Number.NaN;
    this.slots[index] = Number.isNaN(present) || this.keep === "last" ? value : Math.max(present, value);
  }

  private advance(slot: number): void {
    const count = this.slots.length;
    for (let empty = Math.max(this.newest + 1, slot - count + 1); empty <= slot; empty++) this.slots[empty % count] = Number.NaN;
    this.newest = slot;
  }

  /** From the first value of the last hour up to `now`, oldest first. The slot of now may still be empty. */
  read(now: number): Float32Array {
    const count = this.slots.length;
    const last = Math.floor(now / this.step);
    const end = last === this.newest + 1 ? this.newest : last;
    const view = new Float32Array(count).fill(Number.NaN);
    for (let offset = 0; offset < count; offset++) {
      const slot = end - count + 1 + offset;
      if (slot <= this.newest && slot > this.newest - count && slot >= 0) view[offset] = this.slots[slot % count] ?? Number.NaN;
    }
    const first = view.findIndex((value) => !Number.isNaN(value));
    return first < 0 ? view.subarray(0, 0) : view.subarray(first);
  }

  /** The largest value of the last hour. */
  peak(now: number): number | undefined {
    const oldest = Math.floor(now / this.step) - this.slots.length;
    let most: number | undefined;
    for (let slot = Math.max(0, oldest + 1, this.newest - this.slots.length + 1); slot <= this.newest; slot++) {
      const value = this.slots[slot % this.slots.length] ?? Number.NaN;
      if (!(value <= (most ?? -1)) && !Number.isNaN(value)) most = value;
    }
    return most;
  }
}
