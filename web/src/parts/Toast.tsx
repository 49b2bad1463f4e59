/** Short results at the bottom. They leave by themselves; refusals stay until closed; some can be undone. */
import { createSignal, For, Show } from "solid-js";
import { t } from "../text/en";
import { Glyph } from "./Glyph";
import { Icon } from "./Icon";

interface Note {
  key: number;
  text: string;
  refused: boolean;
  undo?: () => void;
}

const STAY = 6000;
const MOST = 3;
const [notes, setNotes] = createSignal<Note[]>([]);
let last = 0;

export function toast(text: string, refused = false, undo?: () => void): void {
  const key = ++last;
  setNotes((present) => [...present.slice(1 - MOST), { key, text, refused, undo }]);
  if (!refused) leaveLater(key);
}

function dismiss(key: number): void {
  setNotes((present) => present.filter((note) => note.key !== key));
}

function takeBack(note: Note): void {
  dismiss(note.key);
  note.undo?.();
}

/** Takes back the newest result that can be; false when there is none. */
export function undoLast(): boolean {
  const note = notes().findLast((entry) => entry.undo);
  if (note) takeBack(note);
  return !!note;
}

let held = false;
function leaveLater(key: number): void {
  setTimeout(() => (held ? leaveLater(key) : dismiss(key)), STAY);
}

export function Toasts() {
  return (
    <div
      class="toasts"
      role="status"
      onPointerEnter={() => (held = true)}
      onPointerLeave={() => (held = false)}
      onFocusIn={() => (held = true)}
      onFocusOut={() => (held = false)}
    >
      <For each={notes()}>
        {(note) => (
          <div class="toast" classList={{ refused: note.refused }}>
            <Glyph standing={note.refused ? "critical" : "done"} silent />
            <span>{note.text}</span>
            <Show when={note.undo}>
              <button type="button" class="button small quiet" onClick={() => takeBack(note)}>
                {t.undo}
                <kbd>Z</kbd>
              </button>
            </Show>
            <button type="button" class="icon-button" aria-label={t.dismiss} onClick={() => dismiss(note.key)}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
