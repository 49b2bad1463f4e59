/** The frame around every page: bars, banner, page, drawer, overlays. */
import { createEffect, createMemo, ErrorBoundary, lazy, Match, onCleanup, Show, Suspense, Switch } from "solid-js";
import { resource } from "../live/estate";
import { counted, tally } from "../live/tally";
import { t } from "../text/en";
import Machines from "../pages/machines/Machines";
import Overview from "../pages/overview/Overview";
import { Announcer } from "./Announcer";
import type { AreaId } from "./areas";
import { Banner } from "./Banner";
import { BottomBar } from "./BottomBar";
import { setOverlay, overlay } from "./overlays";
import { path, query, setQuery } from "./place";
import { Ribbon } from "./Ribbon";
import { hasDrawer, isSettingsPage, routeOf } from "./routes";
import { showVerdictInTab } from "./tab";
import { TopBar } from "./TopBar";

const Platform = lazy(() => import("../pages/platform/Platform"));
const Workloads = lazy(() => import("../pages/workloads/Workloads"));
const Docker = lazy(() => import("../pages/docker/Docker"));
const Objects = lazy(() => import("../pages/docker/Objects"));
const Kubernetes = lazy(() => import("../pages/kubernetes/Kubernetes"));
const Storage = lazy(() => import("../pages/storage/Storage"));
const Settings = lazy(() => import("../pages/settings/Settings"));
const Missing = lazy(() => import("../pages/missing/Missing"));
const Docs = lazy(() => import("../pages/docs/Docs"));
const Absent = lazy(() => import("../pages/missing/Absent"));
const Palette = lazy(() => import("../palette/Palette"));
const KeySheet = lazy(() => import("../keys/KeySheet"));
const AddMachine = lazy(() => import("../pages/settings/AddMachine"));
const Drawer = lazy(() => import("../pages/drawer/Drawer"));

export const kiosk = () => query("kiosk") === "1";

function Page() {
  const route = () => routeOf(path());
  /** Before the first count nobody knows: the page then shows its skeleton. */
  const present = createMemo(() => !counted() || !!tally().areas[route().area ?? "machines"]);
  const scope = (): AreaId | "all" => route().area ?? "all";
  const isSettings = () => isSettingsPage(route().page);
  return (
    <Switch fallback={<Missing />}>
      <Match when={route().page === "overview"}>
        <Overview />
      </Match>
      <Match when={route().page === "machines"}>
        <Machines />
      </Match>
      <Match when={route().page === "workloads" && (!route().area || present())}>
        <Show when={scope()} keyed>
          {(area) => <Workloads area={area === "all" ? undefined : area} />}
        </Show>
      </Match>
      <Match when={route().page === "storage" && (!route().area || present())}>
        <Show when={scope()} keyed>
          {(area) => <Storage area={area === "all" ? undefined : area} />}
        </Show>
      </Match>
      <Match when={route().page === "engine" && present() && route().part} keyed>
        {(part) => <Objects part={part} />}
      </Match>
      <Match when={route().page === "cluster" && present() && route().holds} keyed>
        {(part) => <Kubernetes part={part} />}
      </Match>
      {/* A platform that nothing belongs to says so; the frame that brings one changes that. */}
      <Match when={route().page === "platform" && present() && route().area} keyed>
        {(area) => (area === "docker" ? <Docker /> : <Platform area={area} />)}
      </Match>
      <Match when={route().area}>
        <Absent subject={route().area ?? ""} />
      </Match>
      <Match when={isSettings()}>
        <Settings page={route().page} />
      </Match>
      <Match when={route().page === "docs"}>
        <Docs />
      </Match>
      <Match when={route().page === "absent"}>
        <Absent subject={route().subject ?? ""} />
      </Match>
    </Switch>
  );
}

function Broken(props: { error: unknown; reset: () => void }) {
  const message = () => (props.error instanceof Error ? props.error.message : String(props.error));
  return (
    <div class="page">
      <div class="panel empty" role="alert">
        <h1>{t.failure.otherTitle}</h1>
        <p class="mono">{message()}</p>
        <button type="button" class="button" onClick={() => props.reset()}>
          {t.failure.again}
        </button>
      </div>
    </div>
  );
}

export function Shell() {
  showVerdictInTab();
  const opened = () => query("resource");
  const showsDrawer = () => !!opened() && hasDrawer(routeOf(path()).page);
  createEffect(() => {
    document.documentElement.classList.toggle("with-drawer", showsDrawer());
    document.documentElement.classList.toggle("kiosk", kiosk());
  });
  onCleanup(() => document.documentElement.classList.remove("with-drawer", "kiosk"));
  return (
    <>
      <a class="skip" href="#content">
        {t.shell.skip}
      </a>
      <TopBar />
      <Ribbon />
      <Banner />
      <main id="content" tabindex="-1">
        <ErrorBoundary fallback={(error, reset) => <Broken error={error} reset={reset} />}>
          <Suspense fallback={<p class="page dim">{t.loading}</p>}>
            <Page />
          </Suspense>
        </ErrorBoundary>
      </main>
      <Show when={showsDrawer()}>
        <Suspense fallback={<aside class="drawer" aria-label={t.loading} />}>
          <Drawer id={opened() ?? ""} known={!!resource(opened() ?? "")} onClose={() => setQuery({ resource: undefined })} />
        </Suspense>
      </Show>
      <BottomBar />
      <Announcer />
      <Suspense>
        <Switch>
          <Match when={overlay() === "palette"}>
            <Palette onClose={() => setOverlay(undefined)} />
          </Match>
          <Match when={overlay() === "keys"}>
            <KeySheet onClose={() => setOverlay(undefined)} />
          </Match>
          <Match when={overlay() === "add-machine"}>
            <AddMachine onClose={() => setOverlay(undefined)} />
          </Match>
        </Switch>
      </Suspense>
    </>
  );
}
