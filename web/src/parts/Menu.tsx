/** A button with a small panel under it: the browser's popover brings Esc, outside clicks and focus. */
import { createUniqueId, type JSX } from "solid-js";

interface MenuProps {
  label: string;
  button: JSX.Element;
  class?: string;
  children: JSX.Element;
}

const GAP = 4;

export function Menu(props: MenuProps) {
  const id = createUniqueId();
  let button!: HTMLButtonElement;
  let panel!: HTMLDivElement;
  const place = (event: ToggleEvent) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    const box = button.getBoundingClientRect();
    const above = box.top > innerHeight * 0.6;
    panel.style.setProperty("top", above ? "auto" : `${box.bottom + GAP}px`);
    panel.style.setProperty("bottom", above ? `${innerHeight - box.top + GAP}px` : "auto");
    panel.style.setProperty("right", `${Math.max(8, document.documentElement.clientWidth - box.right)}px`);
  };
  const choose = (event: MouseEvent) => {
    const item = (event.target as Element).closest("a, .menu-item");
    if (item) panel.hidePopover();
  };
  return (
    <>
      <button type="button" ref={button} class={props.class} aria-label={props.label} title={props.label} aria-expanded="false" popovertarget={id}>
        {props.button}
      </button>
      <div ref={panel} id={id} class="menu" popover="auto" role="group" aria-label={props.label} on:beforetoggle={place} onClick={choose}>
        {props.children}
      </div>
    </>
  );
}
