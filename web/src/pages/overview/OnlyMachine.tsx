/** An estate of one machine has room for its last hour. Loads after the first paint. */
import { lazy, Show, Suspense } from "solid-js";
import { query, withQuery } from "../../app/place";
import { ids, resource } from "../../live/estate";
import { t } from "../../text/en";
import { nameOf } from "../../live/names";

const Charts = lazy(() => import("../drawer/Charts"));

export function OnlyMachine() {
  const only = () => (ids().length === 1 && !query("resource") ? ids()[0] : undefined);
  return (
    <Show when={only()}>
      {(id) => (
        <section class="panel only" aria-labelledby="only-title">
          <header class="panel-head">
            <h2 id="only-title">{nameOf(resource(id()))}</h2>
            <a class="push link" href={withQuery({ resource: id() })}>
              {t.only.details}
            </a>
          </header>
          <Suspense fallback={<p class="dim padded">{t.drawer.loading}</p>}>
            <Charts id={id()} />
          </Suspense>
        </section>
      )}
    </Show>
  );
}
