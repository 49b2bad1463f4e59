/** The theme the server suggests to browsers that chose none. Remembered, so that the next visit starts with it. */
import { createSignal } from "solid-js";
import { request } from "../api/request";

export type Suggestion = "dark" | "light" | undefined;

const KEY = "pulse.server-theme";
const suggestion = (word: unknown): Suggestion => (word === "dark" || word === "light" ? word : undefined);

function remembered(): Suggestion {
  try {
    return suggestion(localStorage.getItem(KEY));
  } catch {
    return undefined;
  }
}

const [serverTheme, setSignal] = createSignal<Suggestion>(remembered());
export { serverTheme };

export function setServerTheme(word: unknown): void {
  setSignal(suggestion(word));
  try {
    localStorage.setItem(KEY, suggestion(word) ?? "");
  } catch {
    // Private windows may refuse storage; the next visit asks again.
  }
}

/** Asks once after signing in. A server without such a setting, or one that does not tell, suggests nothing. */
export function askServerTheme(): void {
  request<{ theme?: string }>("/api/settings").then(
    (answer) => setServerTheme(answer?.theme),
    () => undefined,
  );
}
