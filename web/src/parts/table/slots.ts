/**
 * Rows on the screen that come to show other ids while the list scrolls: filling a row anew costs a fraction of
 * making one.
 */
import { batch, createMemo, createSignal } from "solid-js";
import { isGroup } from "./items";

export interface Slot {
  item: () => string;
  isGroup: boolean;
}

interface Refillable extends Slot {
  show: (item: string) => void;
}

function createSlot(first: string): Refillable {
  const [item, show] = createSignal(first);
  return { item, show, isGroup: isGroup(first) };
}

/** One slot per item, in order. An item that stays keeps its slot; rows that left serve those that came. */
export function createSlots(items: () => readonly string[]): () => readonly Slot[] {
  return createMemo<readonly Refillable[]>((before) => {
    const wanted = items();
    const present = new Set(wanted);
    const holding = new Map<string, Refillable>();
    const free: Refillable[] = [];
    for (const slot of before) {
      if (present.has(slot.item())) holding.set(slot.item(), slot);
      else if (!slot.isGroup) free.push(slot);
    }
    return batch(() =>
      wanted.map((item) => {
        const held = holding.get(item);
        if (held) return held;
        const spare = isGroup(item) ? undefined : free.pop();
        if (!spare) return createSlot(item);
        spare.show(item);
        return spare;
      }),
    );
  }, []);
}
