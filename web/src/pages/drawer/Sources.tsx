/** Who reports this resource, how fresh each is, why they are one, and what to do when they are not. */
import { createSignal, For, Match, Show, Switch } from "solid-js";
import { facetsOf } from "../../api/facets";
import type { SourceStatus } from "../../api/schema";
import { ticking } from "../../live/clock";
import { resource } from "../../live/estate";
import { estateNow } from "../../live/socket";
import type { Standing } from "../../live/standing";
import { Glyph } from "../../parts/Glyph";
import { DASH, iso, span } from "../../text/format";
import { t } from "../../text/en";
import { linkedIds, LinkDialog, ReportDialog, UnlinkDialog } from "./Identity";

const STANDINGS: Record<string, Standing> = { online: "running", stale: "stale", offline: "offline" };

/** Why it was joined, in plain words; the server's own word when we have none for it. */
export function reasonWords(matchedBy: string | undefined, sources: number): string {
  if (!matchedBy) return sources > 1 ? t.sources.unsaid : t.sources.alone;
  const known = t.sources.reasons[matchedBy.toLowerCase().replaceAll("_", "-")];
  // The server may say it in words already.
  return known ?? (/\s/.test(matchedBy) ? matchedBy : matchedBy.replaceAll(/[-_]/g, " "));
}

export function Sources(props: { id: string }) {
  const [asked, setAsked] = createSignal<"link" | "unlink" | "report">();
  const facets = () => facetsOf(resource(props.id));
  const entries = (): [string, SourceStatus][] => Object.entries(facets().sourceStatus ?? {});
  const age = (seen: string | undefined) => (seen ? t.drawer.ago(span(estateNow(ticking()) - Date.parse(seen))) : DASH);
  const close = () => setAsked(undefined);
  return (
    <section class="drawer-section">
      <h3>{t.sources.title}</h3>
      <ul class="sources">
        <For each={entries().map(([name]) => name)}>
          {(name) => {
            const facts = () => facets().sourceStatus?.[name];
            return (
              <li>
                <Glyph standing={STANDINGS[facts()?.status ?? ""] ?? "unknown"} silent />
                <b>{t.sources.names[name] ?? name}</b>
                <span>{t.sources.states[facts()?.status ?? ""] ?? t.drawer.unknown}</span>
                <span class="dim push" title={facts()?.lastSeen ? iso(Date.parse(facts()?.lastSeen ?? "")) : undefined}>
                  {age(facts()?.lastSeen)}
                </span>
                <small>{[facts()?.error ?? reasonWords(facts()?.matchedBy, entries().length), facts()?.note].filter(Boolean).join(" · ")}</small>
              </li>
            );
          }}
        </For>
      </ul>
      <div class="sources-do" role="group" aria-label={t.sources.actions}>
        <button type="button" class="button small" onClick={() => setAsked("link")}>
          {t.sources.link}
        </button>
        <Show when={linkedIds(props.id).length > 0}>
          <button type="button" class="button small" onClick={() => setAsked("unlink")}>
            {t.sources.unlink}
          </button>
        </Show>
        <Show when={entries().length > 1}>
          <button type="button" class="button small" onClick={() => setAsked("report")}>
            {t.sources.report}
          </button>
        </Show>
      </div>
      <Switch>
        <Match when={asked() === "link"}>
          <LinkDialog id={props.id} onClose={close} />
        </Match>
        <Match when={asked() === "unlink"}>
          <UnlinkDialog id={props.id} onClose={close} />
        </Match>
        <Match when={asked() === "report"}>
          <ReportDialog id={props.id} onClose={close} />
        </Match>
      </Switch>
    </section>
  );
}
