/** The sheet of keys. */
import { Show } from "solid-js";
import { preferences } from "../app/preferences";
import { Dialog } from "../parts/Dialog";
import { t } from "../text/en";
import { KeyList } from "./KeyList";

export default function KeySheet(props: { onClose: () => void }) {
  return (
    <Dialog title={t.keys.title} onClose={props.onClose} class="keys">
      <Show when={!preferences.letterKeys}>
        <p class="note">{t.keys.off}</p>
      </Show>
      <KeyList />
    </Dialog>
  );
}
