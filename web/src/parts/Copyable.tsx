/** Text to take elsewhere, with a button that takes it. */
import { createSignal, Show } from "solid-js";
import { t } from "../text/en";
import { Icon } from "./Icon";

/** Copies where the browser allows it; plain HTTP pages on other hosts have no clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function CopyButton(props: { text: string; small?: boolean }) {
  const [state, setState] = createSignal<"idle" | "copied" | "failed">("idle");
  const copy = async () => {
    setState((await copyText(props.text)) ? "copied" : "failed");
    setTimeout(() => setState("idle"), 2500);
  };
  const word = () => (state() === "copied" ? t.copy.copied : state() === "failed" ? t.copy.failed : t.copy.copy);
  return (
    <button type="button" class="button" classList={{ small: props.small }} onClick={copy}>
      <Icon name={state() === "copied" ? "check" : "copy"} />
      <span aria-live="polite">{word()}</span>
    </button>
  );
}

/** A command or a secret in a well. */
export function Code(props: { text: string; label?: string; secret?: boolean }) {
  return (
    <div class="code">
      <Show when={props.label}>
        <span class="sr">{props.label}</span>
      </Show>
      <code tabindex="0">{props.text}</code>
      <CopyButton text={props.text} small />
    </div>
  );
}
