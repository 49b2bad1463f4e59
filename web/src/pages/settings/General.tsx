/** What this browser prefers, and which server this is. */
import { createResource } from "solid-js";
import { request } from "../../api/request";
import type { Version } from "../../api/schema";
import { type Density, preferences, setPreferences, type Theme } from "../../app/preferences";
import { reconcile } from "solid-js/store";
import { Segments } from "../../parts/Field";
import { toast } from "../../parts/Toast";
import { DASH } from "../../text/format";
import { t } from "../../text/en";
import { SampleEstate } from "./SampleEstate";
import { SystemForm } from "./SystemForm";
import { GENERAL } from "./systemFields";

export function General() {
  const [version] = createResource(() => request<Version>("/api/version").catch(() => undefined));
  const reset = () => {
    setPreferences("columns", reconcile({}));
    setPreferences("grouping", reconcile({}));
    setPreferences("folded", reconcile({}));
    toast(t.settings.columnsDone);
  };
  return (
    <div class="settings-main">
      <section class="panel">
        <header class="panel-head">
          <h2>{t.settings.browser}</h2>
          <span class="dim">{t.settings.themeHint}</span>
        </header>
        <div class="setting">
          <span>{t.settings.theme}</span>
          <Segments<Theme>
            label={t.settings.theme}
            options={[
              ["system", t.settings.themes.system],
              ["dark", t.settings.themes.dark],
              ["light", t.settings.themes.light],
            ]}
            value={preferences.theme}
            onChange={(theme) => setPreferences("theme", theme)}
          />
        </div>
        <div class="setting">
          <span>{t.settings.density}</span>
          <Segments<Density>
            label={t.settings.density}
            options={[
              ["compact", t.settings.densities.compact],
              ["comfortable", t.settings.densities.comfortable],
            ]}
            value={preferences.density}
            onChange={(density) => setPreferences("density", density)}
          />
        </div>
        <div class="setting">
          <span>{t.settings.columns}</span>
          <button type="button" class="button" onClick={reset}>
            {t.settings.columnsReset}
          </button>
        </div>
        <div class="setting">
          <span>
            {t.settings.letters}
            <small>{t.settings.lettersHint}</small>
          </span>
          <Segments<"on" | "off">
            label={t.settings.letters}
            options={[
              ["on", t.settings.lettersOn],
              ["off", t.settings.lettersOff],
            ]}
            value={preferences.letterKeys ? "on" : "off"}
            onChange={(word) => setPreferences("letterKeys", word === "on")}
          />
        </div>
      </section>
      <SystemForm page="general" groups={GENERAL} />
      <SampleEstate />
      <section class="panel">
        <header class="panel-head">
          <h2>{t.settings.about}</h2>
        </header>
        <dl class="facts padded">
          <dt>{t.settings.version}</dt>
          <dd>{[version()?.version, version()?.channel].filter(Boolean).join(" · ") || DASH}</dd>
        </dl>
      </section>
    </div>
  );
}
