/** Details of one resource beside the table: what it is, how it is now and was, what people wrote about it. */
import { createEffect, createMemo, For, Match, on, onCleanup, onMount, Show, Switch } from "solid-js";
import { facetsOf } from "../../api/facets";
import { query, setQuery } from "../../app/place";
import { narrow } from "../../app/viewport";
import { parseRange, type Range, RANGES } from "../../charts/ranges";
import { focusRow, registerLetters } from "../../keys/keys";
import { ticking } from "../../live/clock";
import { signOf } from "../../live/cluster";
import { loaded, resource } from "../../live/estate";
import { isMeasured } from "../../live/kinds";
import { linkOf, nameOf } from "../../live/names";
import { estateNow } from "../../live/socket";
import { standing } from "../../live/tally";
import { Empty } from "../../parts/Empty";
import { Segments } from "../../parts/Field";
import { Glyph } from "../../parts/Glyph";
import { Icon } from "../../parts/Icon";
import { moment, span } from "../../text/format";
import { t } from "../../text/en";
import { systemOf } from "../../parts/cells/machine";
import { AgentHealth, FailingNote } from "./AgentHealth";
import { ChartList } from "./Charts";
import { Disks, hasDisks } from "./Disks";
import { createHistory } from "./history";
import { Manage } from "./Manage";
import { Notes } from "./Notes";
import { Now } from "./Now";
import "./drawer.css";

type Tab = "now" | "history" | "disks" | "agent" | "notes";
const TABS: readonly Tab[] = ["now", "history", "disks", "agent", "notes"];

function press(key: string): void {
  document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

const range = () => parseRange(query("range"));
const setRange = (next: Range) => setQuery({ range: next === "1h" ? undefined : next });

/** On a small screen the drawer is a page of its own: it takes the focus, and the page below rests. */
function coverSmallScreens(panel: () => HTMLElement): void {
  onMount(() => {
    if (narrow()) panel().focus();
    const below = [...document.querySelectorAll<HTMLElement>("#content, .ribbon, .top, .bottom")];
    createEffect(() => {
      for (const part of below) part.inert = narrow();
    });
    onCleanup(() => {
      for (const part of below) part.inert = false;
    });
  });
}

export default function Drawer(props: { id: string; known: boolean; onClose: () => void }) {
  let panel!: HTMLElement;
  const entry = () => resource(props.id);
  const close = () => {
    const id = props.id;
    setQuery({ resource: undefined, range: undefined, tab: undefined });
    props.onClose();
    requestAnimationFrame(() => focusRow(id));
  };
  coverSmallScreens(() => panel);
  onMount(() => onCleanup(registerLetters(Object.fromEntries(RANGES.map((word, at) => [String(at + 1), () => setRange(word)])))));
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
        <Head id={props.id} onClose={close} />
        <Content id={props.id} />
      </Show>
    </aside>
  );
}

function Head(props: { id: string; onClose: () => void }) {
  const entry = () => resource(props.id);
  const url = () => linkOf(entry());
  return (
    <>
      <header class="drawer-head">
        <button type="button" class="button quiet back" onClick={() => props.onClose()}>
          <Icon name="left" />
          {t.drawer.back}
        </button>
        <Glyph standing={signOf(entry(), standing(props.id))} silent />
        <h2 title={nameOf(entry())}>
          <Show when={url()} fallback={nameOf(entry())}>
            {(to) => (
              <a class="out" href={to()} target="_blank" rel="noopener noreferrer" title={t.drawer.openLinkTitle(to())}>
                {nameOf(entry())} <Icon name="link" />
              </a>
            )}
          </Show>
        </h2>
        <span class="push drawer-do">
          <button type="button" class="key-button" aria-label={t.drawer.previous} title={t.drawer.previous} onClick={() => press("[")}>
            <kbd>[</kbd>
          </button>
          <button type="button" class="key-button" aria-label={t.drawer.next} title={t.drawer.next} onClick={() => press("]")}>
            <kbd>]</kbd>
          </button>
          <button type="button" class="icon-button" aria-label={t.drawer.close} title={`${t.drawer.close} (Esc)`} onClick={() => props.onClose()}>
            <Icon name="close" />
          </button>
        </span>
      </header>
      <Badges id={props.id} />
      <Trouble id={props.id} />
      <FailingNote id={props.id} />
    </>
  );
}

function Content(props: { id: string }) {
  const entry = () => resource(props.id);
  const history = createHistory(() => props.id, range);
  const offered = createMemo(
    () => TABS.filter((tab) => (tab === "disks" ? hasDisks(entry()) : tab === "agent" ? !!entry()?.agent : tab !== "history" || isMeasured(entry() ?? { type: "" }))),
    undefined,
    { equals: (a, b) => a.join() === b.join() },
  );
  const tab = () => offered().find((name) => name === query("tab")) ?? "now";
  const isDisk = () => !!facetsOf(entry()).physicalDisk;
  const options = createMemo(() => offered().map((name) => [name, name === "disks" && isDisk() ? t.smart.title : t.drawer.tabs[name]] as const), undefined, { equals: (a, b) => a.join() === b.join() });
  const Ranges = () => <Segments<Range> label={t.drawer.range} options={RANGES.map((word) => [word, t.drawer.ranges[word]] as const)} value={range()} onChange={setRange} />;
  return (
    <>
      <Show when={options()} keyed>
        {(present) => (
          <div class="drawer-tabs">
            <Segments<Tab> label={t.drawer.label(nameOf(entry()))} options={present} value={tab()} onChange={(next) => setQuery({ tab: next === "now" ? undefined : next })} />
          </div>
        )}
      </Show>
      <Switch>
        <Match when={tab() === "now"}>
          <Now id={props.id} history={history} ranges={<Ranges />} />
        </Match>
        <Match when={tab() === "history"}>
          <Ranges />
          <ChartList id={props.id} history={history} table />
        </Match>
        <Match when={tab() === "disks"}>
          <Disks id={props.id} />
        </Match>
        <Match when={tab() === "agent"}>
          <AgentHealth id={props.id} />
        </Match>
        <Match when={tab() === "notes"}>
          <Show when={props.id} keyed>
            {(id) => <Notes id={id} />}
          </Show>
        </Match>
      </Switch>
    </>
  );
}

const MOST_TAGS = 8;

function Badges(props: { id: string }) {
  const entry = () => resource(props.id);
  const facets = () => facetsOf(entry());
  const place = () => facets().proxmox?.nodeName ?? facets().docker?.hostname ?? facets().kubernetes?.namespace ?? facets().parentName;
  const system = () => systemOf(entry()) ?? ([facets().proxmox?.osName, facets().proxmox?.osVersion].filter(Boolean).join(" ") || undefined);
  return (
    <div class="drawer-facts">
      {/* An image or a network does not run: it is there. */}
      <Show when={standing(props.id) !== "running" || isMeasured(entry() ?? { type: "" })}>
        <span class={`standing-word ${standing(props.id)}`}>{t.standing[standing(props.id)]}</span>
      </Show>
      <span class="badge">
        {t.kinds[entry()?.type ?? ""] ?? entry()?.type} {facets().proxmox?.vmid ?? ""}
      </span>
      <Show when={place()}>{(word) => <span class="badge outline">{word()}</span>}</Show>
      <Show when={system()}>{(word) => <span class="badge outline">{word()}</span>}</Show>
      <For each={entry()?.tags.slice(0, MOST_TAGS)}>{(tag) => <span class="badge accent">{tag}</span>}</For>
      <Show when={entry()?.identity?.ips?.[0]}>{(ip) => <span class="dim mono">{ip()}</span>}</Show>
      <span class="push">
        <Manage id={props.id} />
      </span>
    </div>
  );
}

/** Says that what follows is old, and how old, or what its source complains about. */
function Trouble(props: { id: string }) {
  const seen = () => resource(props.id)?.lastSeen ?? 0;
  const age = createMemo(() => span(estateNow(ticking()) - seen()));
  const incident = () => facetsOf(resource(props.id));
  return (
    <>
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
      <Show when={incident().incidentSummary}>
        {(words) => (
          <p class="note" classList={{ bad: incident().incidentSeverity === "critical" }}>
            <Glyph standing={incident().incidentSeverity === "critical" ? "critical" : "warning"} silent />
            {words()}
          </p>
        )}
      </Show>
    </>
  );
}
