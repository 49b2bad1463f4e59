/** Width classes of the design, as a signal. */
import { createSignal } from "solid-js";

const phoneQuery = matchMedia("(max-width: 639px)");
const narrowQuery = matchMedia("(max-width: 1023px)");
const [phone, setPhone] = createSignal(phoneQuery.matches);
const [narrow, setNarrow] = createSignal(narrowQuery.matches);
phoneQuery.addEventListener("change", () => setPhone(phoneQuery.matches));
narrowQuery.addEventListener("change", () => setNarrow(narrowQuery.matches));

export { narrow, phone };
