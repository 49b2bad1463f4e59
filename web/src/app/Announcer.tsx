/** Tells screen readers who went down or came back, at most one sentence per ten seconds. Never values. */
import { createEffect, createSignal, onCleanup } from "solid-js";
import { tally } from "../live/tally";
import { t } from "../text/en";

const BATCH = 10_000;

const [sentence, setSentence] = createSignal("");

/** Says something the user just asked for, such as which cell the arrows reached. */
export const announce = (words: string) => setSentence(words);

export function Announcer() {
  let before: Map<string, string> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const speak = () => {
    timer = undefined;
    const now = new Map(tally().trouble.map((entry) => [entry.id, `${entry.name}: ${t.standing[entry.standing]}`]));
    const changed = [...now].filter(([id, words]) => before?.get(id) !== words).map(([, words]) => words);
    before = now;
    if (changed.length === 0) return;
    const rest = changed.length - 3;
    setSentence(changed.slice(0, 3).join(". ") + (rest > 0 ? `. ${t.needs.more(rest)}` : ""));
  };
  createEffect(() => {
    const trouble = tally().trouble;
    if (!before) {
      if (tally().total > 0) before = new Map(trouble.map((entry) => [entry.id, `${entry.name}: ${t.standing[entry.standing]}`]));
      return;
    }
    timer ??= setTimeout(speak, BATCH);
  });
  onCleanup(() => clearTimeout(timer));
  return (
    <div class="sr" aria-live="polite">
      {sentence()}
    </div>
  );
}
