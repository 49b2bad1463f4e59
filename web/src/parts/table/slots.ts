/**
 * The rows of a long list that exist: as many as the screen shows, each showing whichever row scrolled into its place.
 * Moving elements about would make the browser paint all of them again, so they stay where they are in the document
 * while the list scrolls and are put in order, for readers that follow the document, once it rests.
 */
import { batch, createComputed, createSignal, onCleanup } from "solid-js";

export interface Slot {
  /** Which item of the list it shows. */
  index: () => number;
}

interface Placeable extends Slot {
  place: (index: number) => void;
}

const RESTS_AFTER = 300;

function createSlot(): Placeable {
  const [index, place] = createSignal(-1);
  return { index, place };
}

/** Slots in document order for the items from `start` to before `end`; `isHeld` while moving them would lose the focus. */
export function createSlots(drawn: () => { start: number; end: number }, isHeld: () => boolean): () => readonly Slot[] {
  const slots: Placeable[] = [];
  const [ordered, setOrdered] = createSignal<readonly Slot[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const putInOrder = () => {
    if (!isHeld()) setOrdered(slots.toSorted((a, b) => a.index() - b.index()));
  };
  createComputed(() => {
    const { start, end } = drawn();
    const grows = end - start > slots.length;
    while (slots.length < end - start) slots.push(createSlot());
    batch(() => {
      for (let index = start; index < end; index++) slots[index % slots.length]?.place(index);
      if (grows) setOrdered([...slots]);
    });
    clearTimeout(timer);
    timer = setTimeout(putInOrder, RESTS_AFTER);
  });
  onCleanup(() => clearTimeout(timer));
  return ordered;
}
