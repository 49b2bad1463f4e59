/** What needs a person, worst first. The panel has room for eight; nothing slides. */
import { createMemo, For, Show } from "solid-js";
import { withQuery } from "../../app/place";
import { phone } from "../../app/viewport";
import { ticking } from "../../live/clock";
import { estateNow } from "../../live/socket";
import { resource } from "../../live/estate";
import { counted, tally, type Trouble } from "../../live/tally";
import { Glyph } from "../../parts/Glyph";
import { Name } from "../../parts/Name";
import { Skeleton } from "../../parts/Skeleton";
import { span } from "../../text/format";
import { t } from "../../text/en";
import { factOf } from "./needs";

/** One thing that needs a person: which, since when and why. */
export function Need(props: { entry: Trouble }) {
  const age = createMemo(() => span(estateNow(ticking()) - props.entry.since));
  return (
    <li>
      <a class="need" href={withQuery({ resource: props.entry.id })}>
        <Glyph standing={props.entry.standing} />
        <b>
          <Name text={props.entry.name} />
        </b>
        <span class="need-age">{props.entry.since ? age() : ""}</span>
        <span class="need-fact">{factOf(resource(props.entry.id), props.entry, ticking(), age())}</span>
      </a>
    </li>
  );
}

/** Whether two lists of trouble show the same. */
export const isSameTrouble = (a: readonly Trouble[], b: readonly Trouble[]) => a.length === b.length && a.every((entry, at) => entry.id === b[at]?.id && entry.standing === b[at]?.standing && entry.since === b[at]?.since);

export function NeedsYou() {
  const most = () => (phone() ? 4 : 8);
  const all = () => tally().trouble;
  const shown = createMemo(() => all().slice(0, most()), [], { equals: isSameTrouble });
  const rest = () => all().length - shown().length;
  return (
    <section class="panel needs" aria-labelledby="needs-title">
      <header class="panel-head">
        <h2 id="needs-title">{t.needs.title}</h2>
        <Show when={all().length > 0}>
          <span class="dim">{all().length}</span>
        </Show>
        <Show when={rest() > 0}>
          <a class="push link" href="/?status=trouble">
            {t.needs.more(rest())}
          </a>
        </Show>
      </header>
      <Show
        when={shown().length > 0}
        fallback={
          <Show when={counted()} fallback={<Skeleton rows={3} />}>
            <div class="needs-quiet">
              <Glyph standing="done" silent />
              <p>
                <b>{t.needs.allQuiet}</b>
                <span>{t.needs.allQuietDetail(tally().reporting, tally().total)}</span>
              </p>
            </div>
          </Show>
        }
      >
        <ul>
          <For each={shown()}>
            {(entry) => <Need entry={entry} />}
          </For>
        </ul>
      </Show>
    </section>
  );
}
