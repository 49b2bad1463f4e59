/** What lies over the page right now: palette, key sheet, and the dialog for adding a machine. */
import { createSignal } from "solid-js";

export type Overlay = "palette" | "keys" | "add-machine";

const [overlay, setOverlay] = createSignal<Overlay | undefined>();
export { overlay, setOverlay };
