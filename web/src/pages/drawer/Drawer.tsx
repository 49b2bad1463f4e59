/** Details of one resource beside the table: what it is, how it is now, what the last hour was. */
import { createEffect, createMemo, createSignal, Match, on, onCleanup, onMount, Show, Switch } from "solid-js";
import { focusRow } from "../../keys/keys";
import { narrow } from "../../app/viewport";
import { ticking } from "../../live/clock";
import { loaded, resource } from "../../live/estate";
import { estateNow } from "../../live/socket";
import { standing } from "../../live/tally";
import { Empty } from "../../parts/Empty";
import { Segments } from "../../parts/Field";
import { Glyph } from "../../parts/Glyph";
import { Icon } from "../../parts/Icon";
import { moment, span } from "../../text/format";
import { t } from "../../text/en";
import { nameOf, systemOf } from "../machines/machine";
import { About } from "./About";
import { Disks } from "./Disks";
import { Network } from "./Network";
import { Now } from "./Now";
import "./drawer.css";

type Tab = "now" | "disks" | "network" | "about";
const TABS: readonly (readonly [Tab, string])[] = [
  ["now", t.drawer.tabs.now],
  ["disks", t.drawer.tabs.disks],
  ["network", t.drawer.tabs.network],
  ["about", t.drawer.tabs.about],
];

function press(key: string): void {
  document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

export default function Drawer(props: { id: string; known: boolean; onClose: () => void }) {
  let panel!: HTMLElement;
  const [tab, setTab] = createSignal<Tab>("now");
  const entry = () => resource(props.id);
  const close = () => {
    const id = props.id;
    props.onClose();
    requestAnimationFrame(() => focusRow(id));
  };
  // On a small screen the drawer is a page of its own: it takes the focus, and the page below rests.
  onMount(() => {
    if (narrow()) panel.focus();
    const below = [...document.querySelectorAll<HTMLElement>("#content, .ribbon, .top, .bottom")];
    createEffect(() => {
      for (const part of below) part.inert = narrow();
    });
    onCleanup(() => {
      for (const part of below) part.inert = false;
    });
  });
  createEffect(on(() => props.id, () => panel.scrollTo(0, 0), { defer: true }));
  return (
    <aside ref={panel} class="drawer" aria-label={t.drawer.label(nameOf(entry()) || props.id)} tabindex="-1">
      <Show
        when={entry()}
        fallback={
          <Show when={loaded()}>
            <div class="drawer-head">
              <button type="button" class="icon-button push" aria-label={t.drawer.close} onClick={close}>
                <Icon name="close" />
              </button>
            </div>
            <Empty title={t.drawer.gone} text={t.drawer.goneText} />
          </Show>
        }
      >
        <header class="drawer-head">
          <button type="button" class="button quiet back" onClick={close}>
            <Icon name="left" />
            {t.drawer.back}
          </button>
          <Glyph standing={standing(props.id)} silent />
          <h2 title={nameOf(entry())}>{nameOf(entry())}</h2>
          <span class="push drawer-do">
            <button type="button" class="key-button" aria-label={t.drawer.previous} title={t.drawer.previous} onClick={() => press("[")}>
              <kbd>[</kbd>
            </button>
            <button type="button" class="key-button" aria-label={t.drawer.next} title={t.drawer.next} onClick={() => press("]")}>
              <kbd>]</kbd>
            </button>
            <button type="button" class="icon-button" aria-label={t.drawer.close} title={`${t.drawer.close} (Esc)`} onClick={close}>
              <Icon name="close" />
            </button>
          </span>
        </header>
        <Facts id={props.id} />
        <Trouble id={props.id} />
        <Segments label={t.drawer.label(nameOf(entry()))} options={TABS} value={tab()} onChange={setTab} />
        <Switch>
          <Match when={tab() === "now"}>
            <Now id={props.id} />
          </Match>
          <Match when={tab() === "disks"}>
            <Disks id={props.id} />
          </Match>
          <Match when={tab() === "network"}>
            <Network id={props.id} />
          </Match>
          <Match when={tab() === "about"}>
            <About id={props.id} />
          </Match>
        </Switch>
      </Show>
    </aside>
  );
}

function Facts(props: { id: string }) {
  const entry = () => resource(props.id);
  return (
    <p class="drawer-facts">
      <span class={`standing-word ${standing(props.id)}`}>{t.standing[standing(props.id)]}</span>
      <Show when={systemOf(entry())}>{(system) => <span class="badge outline">{system()}</span>}</Show>
      <Show when={entry()?.agent?.architecture}>{(word) => <span class="badge outline">{word()}</span>}</Show>
      <Show when={entry()?.identity?.ips?.[0]}>{(ip) => <span class="dim mono">{ip()}</span>}</Show>
    </p>
  );
}

/** Says that what follows is old, and how old. */
function Trouble(props: { id: string }) {
  const seen = () => resource(props.id)?.lastSeen ?? 0;
  const age = createMemo(() => span(estateNow(ticking()) - seen()));
  return (
    <Switch>
      <Match when={standing(props.id) === "offline" && seen() > 0}>
        <p class="note bad">
          <Glyph standing="offline" silent />
          {t.drawer.offlineNote(age(), moment(seen(), ticking()))}
        </p>
      </Match>
      <Match when={standing(props.id) === "stale"}>
        <p class="note">
          <Glyph standing="stale" silent />
          {t.drawer.staleNote(age())}
        </p>
      </Match>
    </Switch>
  );
}
