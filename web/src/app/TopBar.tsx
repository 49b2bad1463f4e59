/** Mark, verdict, finder, live age, and what concerns the whole view. */
import { Show } from "solid-js";
import { loaded, mock, paused, setPaused } from "../live/estate";
import { ticking } from "../live/clock";
import { lastFrameAt, link } from "../live/socket";
import { Icon, Mark } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import { span } from "../text/format";
import { t } from "../text/en";
import { setOverlay } from "./overlays";
import { nextTheme, preferences, setPreferences } from "./preferences";
import { signOut, user } from "./session";
import { kiosk } from "./Shell";
import { Verdict } from "./Verdict";

const LATE = 10_000;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

function LiveAge() {
  const age = () => Math.max(0, ticking() - lastFrameAt());
  const word = () => {
    if (paused()) return t.shell.paused;
    if (link() === "open") return loaded() ? t.shell.live(span(age())) : t.shell.connecting;
    return loaded() ? t.shell.reconnecting : t.shell.connecting;
  };
  return (
    <span class="live" classList={{ late: link() !== "open" || age() > LATE + 2000, held: paused() }}>
      {word()}
    </span>
  );
}

export function TopBar() {
  const initials = () => user().slice(0, 2).toUpperCase() || "–";
  return (
    <header class="top">
      <a class="logo" href="/" aria-label={t.shell.home}>
        <Mark />
        <b>{t.product}</b>
      </a>
      <Show when={mock()}>
        <span class="mock-badge" role="note" title={t.shell.mockTitle}>
          {t.shell.mock}
        </span>
      </Show>
      <Verdict />
      <Show when={!kiosk()} fallback={<span class="top-fill" />}>
        <button type="button" class="finder" onClick={() => setOverlay("palette")} aria-keyshortcuts="Control+K Meta+K">
          <Icon name="search" />
          <span>{t.shell.finder}</span>
          <kbd aria-hidden="true">{isMac ? "⌘K" : "Ctrl K"}</kbd>
        </button>
      </Show>
      <LiveAge />
      <Show when={!kiosk()}>
        <div class="top-do">
          <button type="button" class="icon-button" aria-pressed={paused()} aria-label={t.shell.pause} title={`${paused() ? t.shell.resume : t.shell.pause} ( . )`} onClick={() => setPaused(!paused())}>
            <Icon name={paused() ? "play" : "pause"} />
          </button>
          <button type="button" class="icon-button" aria-label={t.shell.theme(t.shell.themes[preferences.theme])} title={t.shell.theme(t.shell.themes[preferences.theme])} onClick={() => setPreferences("theme", nextTheme())}>
            <Icon name="theme" />
          </button>
          <button type="button" class="icon-button" aria-label={t.shell.help} title={`${t.shell.help} ( ? )`} onClick={() => setOverlay("keys")}>
            <Icon name="help" />
          </button>
          <Menu label={t.shell.user(user())} button={<span class="who" data-initials={initials()} />} class="icon-button">
            <p class="menu-note">{t.shell.user(user())}</p>
            <a class="menu-item" href="/settings/system-general">
              <Icon name="gear" />
              {t.shell.settings}
            </a>
            <button type="button" class="menu-item" onClick={() => void signOut()}>
              <Icon name="out" />
              {t.shell.signOut}
            </button>
          </Menu>
        </div>
      </Show>
    </header>
  );
}
