/** How full everything is: the file systems that run out first, over all hosts that report. */
import { createEffect, createMemo, Index, Show } from "solid-js";
import { withQuery } from "../../app/place";
import { followGrowth, growthOf } from "../../live/growth";
import { counted, tally } from "../../live/tally";
import { Meter } from "../../parts/Meter";
import { Name } from "../../parts/Name";
import { Skeleton } from "../../parts/Skeleton";
import { capacity, growthWords } from "../../text/format";
import { t } from "../../text/en";

export function Fullest() {
  const list = createMemo(() => tally().sums.fullest);
  const fillings = createMemo(() => list().map((disk) => disk.id).sort(), [], { equals: (a, b) => a.join() === b.join() });
  createEffect(() => followGrowth(fillings()));
  return (
    <section class="panel" aria-labelledby="fullest-title">
      <header class="panel-head">
        <h2 id="fullest-title">{t.fullest.title}</h2>
      </header>
      <Show when={list().length > 0} fallback={counted() ? <p class="dim padded">{tally().hosts.reporting > 0 ? t.fullest.none : t.fullest.nobody}</p> : <Skeleton rows={3} />}>
        <ul class="fullest">
          <Index each={list()}>
            {(disk) => (
              <li>
                <a href={withQuery({ resource: disk().id })}>
                  <span class="fullest-name">
                    <Show when={tally().total > 1}>
                      <Name text={disk().resource} />
                    </Show>
                    <span class="cut second">{disk().mount}</span>
                  </span>
                  <span class="fullest-size">
                    {capacity(disk().used)} {t.summary.of(capacity(disk().total))}
                  </span>
                  <Meter label={disk().mount} value={disk().percent} />
                  <span class="fullest-growth">{growthWords(growthOf(disk().id))}</span>
                </a>
              </li>
            )}
          </Index>
        </ul>
      </Show>
    </section>
  );
}
