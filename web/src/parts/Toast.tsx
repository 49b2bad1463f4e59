/** Short results at the bottom. They leave by themselves; refusals stay until closed. */
import { createSignal, For } from "solid-js";
import { t } from "../text/en";
import { Glyph } from "./Glyph";
import { Icon } from "./Icon";

interface Note {
  key: number;
  text: string;
  refused: boolean;
}

const STAY = 6000;
const MOST = 3;
const [notes, setNotes] = createSignal<Note[]>([]);
let last = 0;

export function toast(text: string, refused = false): void {
  const key = ++last;
  setNotes((present) => [...present.slice(1 - MOST), { key, text, refused }]);
  if (!refused) leaveLater(key);
}

function dismiss(key: number): void {
  setNotes((present) => present.filter((note) => note.key !== key));
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
            <button type="button" class="icon-button" aria-label={t.dismiss} onClick={() => dismiss(note.key)}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
