/** Rows of tabs that are wider than a phone. */
import { createEffect, on } from "solid-js";

/** Scrolls a row of tabs, and nothing else, so that the current one is in sight whenever `current` says another. */
export function keepCurrentInSight(nav: HTMLElement, current: () => unknown): void {
  const show = () => {
    const tab = nav.querySelector<HTMLElement>("[aria-current]");
    if (!tab) return;
    const { left, right } = tab.getBoundingClientRect();
    const frame = nav.getBoundingClientRect();
    if (left < frame.left || right > frame.right) nav.scrollLeft += (left + right - frame.left - frame.right) / 2;
  };
  // Once the tabs are in the page and laid out.
  createEffect(on(current, () => requestAnimationFrame(show)));
}
