/** The phone's navigation, within reach of a thumb. */
import { type IconName, Icon } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import { presentAreas, tally } from "../live/tally";
import { For, Show } from "solid-js";
import { t } from "../text/en";
import { areaPath } from "./areas";
import { setOverlay } from "./overlays";
import { path } from "./place";
import { nextTheme, preferences, setPreferences } from "./preferences";
import { routeOf } from "./routes";
import { signOut } from "./session";
import { areaNote } from "./Ribbon";
import { kiosk } from "./Shell";

function Tab(props: { href: string; icon: IconName; word: string; current: boolean; badge?: number }) {
  return (
    <a href={props.href} aria-current={props.current ? "page" : undefined}>
      <Icon name={props.icon} />
      {props.word}
      <Show when={props.badge}>
        <em>{props.badge}</em>
      </Show>
    </a>
  );
}

export function BottomBar() {
  const isFleet = () => path().startsWith("/settings/infrastructure");
  const isSettings = () => path().startsWith("/settings/") && !isFleet();
  const isEstate = () => !!routeOf(path()).area || ["machines", "workloads", "storage"].includes(routeOf(path()).page);
  const trouble = () => (tally().counts.critical ?? 0) + (tally().counts.offline ?? 0);
  return (
    <Show when={!kiosk()}>
      <nav class="bottom" aria-label={t.shell.areas}>
        <Tab href="/" icon="grid" word={t.shell.overview} current={path() === "/"} />
        <Menu
          label={trouble() ? `${t.shell.estate} ${trouble()}` : t.shell.estate}
          class={isEstate() ? "bottom-more here" : "bottom-more"}
          button={
            <>
              <Icon name="stack" />
              {`${t.shell.estate} `}
              <Show when={trouble()}>
                <em>{trouble()}</em>
              </Show>
            </>
          }
        >
          <a class="menu-item" href="/workloads" aria-current={path() === "/workloads" ? "page" : undefined}>
            <Icon name="grid" />
            {t.workloads.title}
          </a>
          <a class="menu-item" href="/storage" aria-current={path() === "/storage" ? "page" : undefined}>
            <Icon name="host" />
            {t.storage.title}
          </a>
          <For each={presentAreas(tally())} fallback={<p class="menu-note">{t.shell.nothingYet}</p>}>
            {(id) => (
              <a class="menu-item" href={areaPath(id)} aria-current={path() === areaPath(id) ? "page" : undefined}>
                <Icon name={id === "machines" ? "host" : "stack"} />
                {t.area[id]}
                <span class="dim push">{areaNote(id)}</span>
              </a>
            )}
          </For>
        </Menu>
        <Tab href="/settings/infrastructure" icon="fleet" word={t.shell.fleet} current={isFleet()} />
        <Menu
          label={t.shell.more}
          class={isSettings() ? "bottom-more here" : "bottom-more"}
          button={
            <>
              <Icon name="more" />
              {t.shell.more}
            </>
          }
        >
          <a class="menu-item" href="/settings/system-general">
            <Icon name="gear" />
            {t.settings.general}
          </a>
          <a class="menu-item" href="/settings/support/diagnostics">
            <Icon name="check" />
            {t.diagnostics.title}
          </a>
          <a class="menu-item" href="/settings/support/logs">
            <Icon name="host" />
            {t.logs.title}
          </a>
          <a class="menu-item" href="/settings/security/api">
            <Icon name="key" />
            {t.settings.api}
          </a>
          <a class="menu-item" href="/api/docs">
            <Icon name="link" />
            {t.settings.docs}
          </a>
          <button type="button" class="menu-item" onClick={() => setPreferences("theme", nextTheme())}>
            <Icon name="theme" />
            {t.shell.theme(t.shell.themes[preferences.theme])}
          </button>
          <button type="button" class="menu-item" onClick={() => setOverlay("keys")}>
            <Icon name="help" />
            {t.shell.help}
          </button>
          <button type="button" class="menu-item" onClick={() => void signOut()}>
            <Icon name="out" />
            {t.shell.signOut}
          </button>
        </Menu>
      </nav>
    </Show>
  );
}
