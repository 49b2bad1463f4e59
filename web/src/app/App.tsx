/** The gate: first run, sign-in, or the dashboard. */
import { createEffect, lazy, Match, onCleanup, onMount, Show, Suspense, Switch } from "solid-js";
import { startClock } from "../live/clock";
import { seedOnce } from "../live/seed";
import { link } from "../live/socket";
import { startTally } from "../live/tally";
import { listenForKeys } from "../keys/keys";
import { t } from "../text/en";
import { Mark } from "../parts/Icon";
import { Toasts } from "../parts/Toast";
import { followLinks, go, path, query, safeReturn } from "./place";
import { applyPreferences, preferences } from "./preferences";
import { movedTo } from "./routes";
import { readSession, session, settingUp } from "./session";
import { askServerTheme } from "./serverTheme";
import { Shell } from "./Shell";

const FirstRun = lazy(() => import("../pages/first-run/FirstRun"));
const Login = lazy(() => import("../pages/login/Login"));

function Unreachable() {
  const timer = setInterval(() => void readSession(), 4000);
  onCleanup(() => clearInterval(timer));
  return (
    <main class="alone">
      <Mark />
      <h1>{t.failure.unreachableTitle}</h1>
      <p>{t.failure.unreachable}</p>
      <p class="dim">{t.failure.waiting}</p>
      <button type="button" class="button" onClick={() => void readSession()}>
        {t.failure.again}
      </button>
    </main>
  );
}

/** Who chose no theme of their own gets the server's. What changed while the line was down was not pushed. */
function followServerTheme(): void {
  createEffect(() => {
    if (session() === "signed-in" && link() === "open" && preferences.theme === "system") askServerTheme();
  });
}

/** Old addresses lead to where their page lives now. */
function followMoves(): void {
  createEffect(() => {
    const to = movedTo(path(), location.hash);
    if (to) go(to.includes("?") ? to : to + location.search, { replace: true });
  });
  createEffect(() => {
    if (session() === "signed-in" && path() === "/login") go(safeReturn(query("next")), { replace: true });
  });
}

export function App() {
  onMount(() => {
    followLinks();
    startClock();
    onCleanup(startTally());
    onCleanup(seedOnce());
    listenForKeys();
    void readSession();
  });
  applyPreferences();
  followMoves();
  followServerTheme();
  const firstRun = () =>
    session() === "first-run" ||
    (session() === "signed-in" && (settingUp() || path() === "/preview/setup-complete"));
  return (
    <>
      <Suspense>
        <Switch>
          <Match when={session() === "unreachable"}>
            <Unreachable />
          </Match>
          <Match when={firstRun()}>
            <FirstRun />
          </Match>
          <Match when={session() === "signed-out"}>
            <Login />
          </Match>
          <Match when={session() === "signed-in"}>
            <Shell />
          </Match>
        </Switch>
      </Suspense>
      <Show when={session() !== "opening"}>
        <Toasts />
      </Show>
    </>
  );
}
