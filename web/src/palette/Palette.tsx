/** Take me there, or do it, in three keystrokes. */
import { createDeferred, createEffect, createMemo, createSignal, createUniqueId, For, onMount, Show, untrack } from "solid-js";
import { go } from "../app/place";
import { Dialog } from "../parts/Dialog";
import { Glyph } from "../parts/Glyph";
import { Icon } from "../parts/Icon";
import { t } from "../text/en";
import { findEntries, type Found } from "./entries";

/** Text with its matched letters marked. */
function Marked(props: { text: string; marks: readonly number[] }) {
  return <For each={[...props.text]}>{(letter, at) => (props.marks.includes(at()) ? <mark>{letter}</mark> : letter)}</For>;
}

export default function Palette(props: { onClose: () => void }) {
  const id = createUniqueId();
  let input!: HTMLInputElement;
  let results!: HTMLUListElement;
  const [text, setText] = createSignal("");
  // A large estate takes longer to search than a key press may: the list follows the field.
  const wanted = createDeferred(text, { timeoutMs: 60 });
  const [at, setAt] = createSignal(0);
  const found = createMemo<Found[]>(() => {
    const asked = wanted();
    return untrack(() => findEntries(asked));
  });
  createEffect(() => {
    text();
    setAt(0);
  });
  onMount(() => input.focus());
  const choose = (entry: Found | undefined, elsewhere: boolean) => {
    if (!entry) return;
    props.onClose();
    if (entry.href && (elsewhere || entry.href.startsWith("/api/"))) window.open(entry.href, "_blank", "noopener");
    else if (entry.href) go(entry.href);
    else entry.run?.();
  };
  const move = (by: number) => {
    const count = found().length;
    if (count === 0) return;
    setAt((at() + by + count) % count);
    results.querySelector(`#${CSS.escape(`${id}-${at()}`)}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") choose(found()[at()], event.metaKey || event.ctrlKey);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t.palette.label} onClose={props.onClose} bare class="palette">
      <div class="palette-field">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={t.palette.label}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found().length > 0 ? `${id}-${at()}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          placeholder={t.palette.placeholder}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <kbd>Esc</kbd>
      </div>
      <ul ref={results} id={`${id}-list`} role="listbox" aria-label={t.palette.results(found().length)} class="palette-list">
        <For each={found()}>
          {(entry, index) => (
            <>
              <Show when={found()[index() - 1]?.group !== entry.group}>
                <li role="presentation" class="palette-group">
                  {entry.group}
                </li>
              </Show>
              <li
                role="option"
                id={`${id}-${index()}`}
                aria-selected={at() === index()}
                class="palette-entry"
                onPointerMove={() => setAt(index())}
                onClick={(event) => choose(entry, event.metaKey || event.ctrlKey)}
              >
                <Show when={entry.standing} fallback={<Icon name={entry.icon ?? "right"} />}>
                  {(word) => <Glyph standing={word()} silent />}
                </Show>
                <span class="cut">
                  <Marked text={entry.text} marks={entry.marks} />
                </span>
                <span class="palette-detail">
                  {entry.detail}
                  <For each={entry.keys}>{(key) => <kbd>{key}</kbd>}</For>
                </span>
              </li>
            </>
          )}
        </For>
        <Show when={found().length === 0}>
          <li role="presentation" class="palette-none">
            {t.palette.nothing}
          </li>
        </Show>
      </ul>
      <footer class="palette-foot" aria-hidden="true">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t.palette.move}
        </span>
        <span>
          <kbd>↵</kbd> {t.palette.open}
        </span>
        <span class="push">
          <kbd>&gt;</kbd> {t.palette.commands}
        </span>
      </footer>
    </Dialog>
  );
}
