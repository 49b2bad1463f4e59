/** No such page; the finder is at hand. */
import { onMount } from "solid-js";
import { setOverlay } from "../../app/overlays";
import { Icon } from "../../parts/Icon";
import { t } from "../../text/en";

export default function Missing() {
  let finder!: HTMLButtonElement;
  onMount(() => finder.focus());
  return (
    <div class="page">
      <section class="panel empty">
        <h1>{t.missing.title}</h1>
        <p>{t.missing.text}</p>
        <button type="button" ref={finder} class="finder wide" onClick={() => setOverlay("palette")}>
          <Icon name="search" />
          <span>{t.shell.finder}</span>
          <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
      </section>
    </div>
  );
}
