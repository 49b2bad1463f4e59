/** Settings: its list of pages, and the chosen one. */
import { For, Match, Switch } from "solid-js";
import { path } from "../../app/place";
import { Icon, type IconName } from "../../parts/Icon";
import { t } from "../../text/en";
import { ApiAccess } from "./ApiAccess";
import { Fleet } from "./Fleet";
import { General } from "./General";
import "./settings.css";

interface Link {
  href: string;
  word: string;
  icon: IconName;
}

const GROUPS: readonly (readonly [string, readonly Link[]])[] = [
  [t.settings.groups.infrastructure, [{ href: "/settings/infrastructure", word: t.settings.fleet, icon: "fleet" }]],
  [t.settings.groups.system, [{ href: "/settings/system-general", word: t.settings.general, icon: "gear" }]],
  [t.settings.groups.security, [{ href: "/settings/security/api", word: t.settings.api, icon: "key" }]],
  [t.settings.groups.reference, [{ href: "/api/docs", word: t.settings.docs, icon: "link" }]],
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
            {props.page === "general" ? <General /> : <ApiAccess />}
          </div>
        </div>
      </Match>
    </Switch>
  );
}
