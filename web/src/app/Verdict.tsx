/** The estate in one line: what is wrong, how much of it, and where to look. */
import { For, Match, Switch } from "solid-js";
import type { Standing } from "../live/standing";
import { counted, tally } from "../live/tally";
import { Glyph } from "../parts/Glyph";
import { t } from "../text/en";

const SAID: readonly Standing[] = ["critical", "offline", "warning", "pending", "stale"];

export function Verdict() {
  const said = () => SAID.filter((standing) => (tally().counts[standing] ?? 0) > 0);
  return (
    <div class="verdict">
      <Switch>
        <Match when={!counted()}>
          <span class="verdict-item quiet">{t.verdict.waiting}</span>
        </Match>
        <Match when={tally().total === 0}>
          <span class="verdict-item">
            <Glyph standing="unknown" silent />
            <span class="verdict-word">{t.verdict.nothing}</span>
          </span>
        </Match>
        <Match when={said().length === 0}>
          <span class="verdict-item quiet">
            <Glyph standing="running" silent />
            <b>{t.verdict.quiet}</b>
            <span class="verdict-word">· {t.verdict.quietDetail(tally().reporting, tally().total)}</span>
          </span>
        </Match>
        <Match when={said().length > 0}>
          <For each={said()}>
            {(standing) => (
              <a class={`verdict-item ${standing}`} href={`/?status=${standing}`}>
                <Glyph standing={standing} silent />
                <b>{tally().counts[standing]}</b>
                <span class="verdict-word">{t.standing[standing].toLowerCase()}</span>
              </a>
            )}
          </For>
        </Match>
      </Switch>
    </div>
  );
}
