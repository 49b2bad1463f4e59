/** Settings: its list of pages, and the chosen one. */
import { For, lazy, Match, Show, Switch } from "solid-js";
import { path } from "../../app/place";
import { Icon, type IconName } from "../../parts/Icon";
import { t } from "../../text/en";
import { ApiAccess } from "./ApiAccess";
import { Fleet } from "./Fleet";
import { General } from "./General";
import { hasDraft, SystemForm } from "./SystemForm";
import { NETWORK } from "./systemFields";
import "./settings.css";

const Diagnostics = lazy(() => import("./Diagnostics").then((part) => ({ default: part.Diagnostics })));
const Logs = lazy(() => import("./Logs").then((part) => ({ default: part.Logs })));

interface Link {
  href: string;
  word: string;
  icon: IconName;
  /** The page whose unsaved changes it tells of. */
  draft?: string;
}

const GROUPS: readonly (readonly [string, readonly Link[]])[] = [
  [t.settings.groups.infrastructure, [{ href: "/settings/infrastructure", word: t.settings.fleet, icon: "fleet" }]],
  [
    t.settings.groups.system,
    [
      { href: "/settings/system-general", word: t.settings.general, icon: "gear", draft: "general" },
      { href: "/settings/system-network", word: t.system.network, icon: "link", draft: "network" },
    ],
  ],
  [t.settings.groups.security, [{ href: "/settings/security/api", word: t.settings.api, icon: "key" }]],
  [
    t.settings.groups.support,
    [
      { href: "/settings/support/diagnostics", word: t.diagnostics.title, icon: "check" },
      { href: "/settings/support/logs", word: t.logs.title, icon: "host" },
      { href: "/api/docs", word: t.settings.docs, icon: "link" },
    ],
  ],
];

function Side() {
  return (
    <nav class="panel settings-nav" aria-label={t.settings.nav}>
      <For each={GROUPS}>
        {([title, links]) => (
          <>
            <h2>{title}</h2>
            <ul>
              <For each={links}>
                {(link) => (
                  <li>
                    <a href={link.href} aria-current={path() === link.href ? "page" : undefined}>
                      <Icon name={link.icon} />
                      {link.word}
                      <Show when={link.draft && hasDraft(link.draft)}>
                        <span class="badge accent push">{t.system.draft}</span>
                      </Show>
                    </a>
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </For>
    </nav>
  );
}

export default function Settings(props: { page: string }) {
  return (
    <Switch>
      <Match when={props.page === "fleet"}>
        <Fleet />
      </Match>
      <Match when={true}>
        <div class="page">
          <div class="page-head">
            <h1>{t.settings.title}</h1>
          </div>
          <div class="settings">
            <Side />
            <Switch fallback={<ApiAccess />}>
              <Match when={props.page === "general"}>
                <General />
              </Match>
              <Match when={props.page === "network"}>
                <div class="settings-main">
                  <SystemForm page="network" groups={NETWORK} />
                </div>
              </Match>
              <Match when={props.page === "diagnostics"}>
                <Diagnostics />
              </Match>
              <Match when={props.page === "logs"}>
                <Logs />
              </Match>
            </Switch>
          </div>
        </div>
      </Match>
    </Switch>
  );
}
