/** Below the clusters: what in them needs a person, and what they warned of last. */
import { createMemo, For, Show } from "solid-js";
import { query, withQuery } from "../../app/place";
import { ticking } from "../../live/clock";
import { latestOf, resource } from "../../live/estate";
import { nameOf } from "../../live/names";
import { estateNow } from "../../live/socket";
import { counted, tally } from "../../live/tally";
import { happened, objectOf } from "../../parts/cells/cluster";
import { Glyph } from "../../parts/Glyph";
import { span } from "../../text/format";
import { t } from "../../text/en";
import { isSameTrouble, Need } from "../overview/NeedsYou";
import { clusterOf, kindOf, of, rowsByKind } from "./kinds";

const MOST = 8;

const isChosen = (id: string) => !query("cluster") || clusterOf(id).toLowerCase() === query("cluster")?.toLowerCase();

/** When an event happened last, for the order; 0 where it does not say. */
const when = (id: string) => Date.parse(happened(of(id)) ?? "") || 0;

function Warning(props: { id: string }) {
  const k = () => (resource(props.id), of(props.id));
  const age = createMemo(() => (when(props.id) ? span(estateNow(ticking()) - when(props.id)) : ""));
  return (
    <li>
      <a class="need" href={withQuery({ resource: props.id })}>
        <Glyph standing="warning" />
        <b class="cut">{[nameOf(resource(props.id)), objectOf(k())].filter(Boolean).join(" · ")}</b>
        <span class="need-age">{age()}</span>
        <span class="need-fact">{k().message ?? ""}</span>
      </a>
    </li>
  );
}

export function Attention() {
  const trouble = createMemo(() => tally().trouble.filter((entry) => kindOf(latestOf(entry.id)?.type) && isChosen(entry.id)), [], { equals: isSameTrouble });
  const warnings = createMemo(
    () => {
      tally();
      const all = (rowsByKind().get("events") ?? []).filter((id) => of(id).eventType === "Warning" && isChosen(id));
      return all.sort((a, b) => when(b) - when(a));
    },
    [],
    { equals: (a, b) => a.join() === b.join() },
  );
  const { attention } = t.cluster;
  return (
    <div class="attention">
      <section class="panel needs" aria-labelledby="k8s-needs">
        <header class="panel-head">
          <h2 id="k8s-needs">{t.needs.title}</h2>
          <span class="dim">{trouble().length || ""}</span>
        </header>
        <Show when={trouble().length > 0} fallback={<Show when={counted()}><p class="attention-quiet"><Glyph standing="done" silent /> {t.needs.allQuiet}</p></Show>}>
          <ul>
            <For each={trouble().slice(0, MOST)}>{(entry) => <Need entry={entry} />}</For>
          </ul>
          <Show when={trouble().length > MOST}>
            <p class="attention-quiet dim">{t.needs.more(trouble().length - MOST)}</p>
          </Show>
        </Show>
      </section>
      <section class="panel needs" aria-labelledby="k8s-warnings">
        <header class="panel-head">
          <h2 id="k8s-warnings">{attention.warnings}</h2>
          <a class="push link" href="/kubernetes/events">
            {attention.all}
          </a>
        </header>
        <Show when={warnings().length > 0} fallback={<p class="attention-quiet">{attention.none}</p>}>
          <ul>
            <For each={warnings().slice(0, MOST)}>{(id) => <Warning id={id} />}</For>
          </ul>
        </Show>
      </section>
    </div>
  );
}
