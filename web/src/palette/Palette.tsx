/** Take me there, or do it, in three keystrokes. */
import { createEffect, createMemo, createSignal, createUniqueId, For, onMount, Show } from "solid-js";
import { areaPath, AREAS } from "../app/areas";
import { setOverlay } from "../app/overlays";
import { go, query, setQuery } from "../app/place";
import { nextTheme, preferences, setPreferences } from "../app/preferences";
import { signOut } from "../app/session";
import { latest, paused, setPaused } from "../live/estate";
import { type Standing } from "../live/standing";
import { presentAreas, standing, tally } from "../live/tally";
import { Dialog } from "../parts/Dialog";
import { Glyph } from "../parts/Glyph";
import { Icon, type IconName } from "../parts/Icon";
import { percent } from "../text/format";
import { t } from "../text/en";
import { match } from "./match";

interface Entry {
  group: string;
  text: string;
  /** Also searched, not shown. */
  also?: string;
  icon?: IconName;
  standing?: Standing;
  detail?: string;
  keys?: readonly string[];
  href?: string;
  run?: () => void;
}

const MOST = 20;

function places(): Entry[] {
  const group = t.palette.places;
  const present = presentAreas(tally());
  return [
    { group, text: t.shell.overview, icon: "grid", keys: ["g", "o"], href: "/" },
    ...AREAS.filter((area) => present.includes(area.id)).map((area): Entry => ({ group, text: t.area[area.id], icon: "host", keys: ["g", area.key], href: areaPath(area.id) })),
    { group, text: t.shell.fleet, icon: "fleet", keys: ["g", "f"], href: "/settings/infrastructure" },
    { group, text: `${t.settings.title}: ${t.settings.general}`, icon: "gear", keys: ["g", "t"], href: "/settings/system-general" },
    { group, text: `${t.settings.title}: ${t.settings.api}`, also: "token", icon: "key", href: "/settings/security/api" },
    { group, text: t.palette.do.apiDocs, icon: "link", href: "/api/docs" },
  ];
}

function actions(): Entry[] {
  const group = t.palette.actions;
  return [
    { group, text: t.palette.do.addMachine, icon: "plus", run: () => setOverlay("add-machine") },
    { group, text: t.palette.do.newToken, icon: "key", run: () => go("/settings/security/api?make=1") },
    { group, text: t.palette.do.pause, icon: "pause", keys: ["."], run: () => setPaused(!paused()) },
    { group, text: t.palette.do.theme, icon: "theme", run: () => setPreferences("theme", nextTheme()) },
    { group, text: t.palette.do.density, icon: "columns", keys: ["\\"], run: () => setPreferences("density", preferences.density === "compact" ? "comfortable" : "compact") },
    { group, text: t.palette.do.keys, icon: "help", keys: ["?"], run: () => setOverlay("keys") },
    { group, text: t.palette.do.kiosk, icon: "eye", run: () => go("/?kiosk=1") },
    { group, text: t.palette.do.signOut, icon: "out", run: () => void signOut() },
  ];
}

function resources(): Entry[] {
  return latest().map((entry) => ({
    group: t.palette.resources,
    text: entry.displayName || entry.name,
    also: [entry.name, entry.agent?.hostname, ...(entry.identity?.ips ?? []), ...(entry.tags ?? [])].join(" "),
    standing: standing(entry.id),
    detail: detailOf(standing(entry.id), entry.cpu?.current, entry.memory?.current),
    run: () => openResource(entry.id),
  }));
}

function detailOf(now: Standing, cpu: number | undefined, memory: number | undefined): string {
  if (now !== "running" && now !== "warning") return t.standing[now];
  return `CPU ${percent(cpu)} · ${t.board.shortLabels.memory} ${percent(memory)}`;
}

function openResource(id: string): void {
  if (location.pathname === "/" || location.pathname === "/standalone/machines") setQuery({ resource: id }, { push: !query("resource") });
  else go(`/standalone/machines?resource=${encodeURIComponent(id)}`);
}

/** Text with its matched letters marked. */
function Marked(props: { text: string; marks: readonly number[] }) {
  return <For each={[...props.text]}>{(letter, at) => (props.marks.includes(at()) ? <mark>{letter}</mark> : letter)}</For>;
}

interface Found extends Entry {
  marks: number[];
  score: number;
}

export default function Palette(props: { onClose: () => void }) {
  const id = createUniqueId();
  let input!: HTMLInputElement;
  let results!: HTMLUListElement;
  const [text, setText] = createSignal("");
  const [at, setAt] = createSignal(0);
  const known = resources();
  const found = createMemo<Found[]>(() => {
    const onlyCommands = text().startsWith(">");
    const wanted = text().replace(/^>/, "").trim();
    const pool = onlyCommands ? actions() : wanted ? [...known, ...actions(), ...places()] : [...known.slice(0, 6), ...places(), ...actions()];
    const hits: Found[] = [];
    for (const entry of pool) {
      const direct = match(wanted, entry.text);
      const other = direct ? undefined : entry.also && match(wanted, entry.also);
      if (direct) hits.push({ ...entry, ...direct });
      else if (other && other.score > 500) hits.push({ ...entry, marks: [], score: other.score - 400 });
    }
    if (wanted) hits.sort((a, b) => b.score - a.score);
    const groups = [...new Set(hits.map((hit) => hit.group))];
    return groups.flatMap((group) => hits.filter((hit) => hit.group === group)).slice(0, MOST);
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
