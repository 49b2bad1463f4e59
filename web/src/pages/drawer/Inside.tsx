/** What runs on it or belongs to it, worst first, and what it belongs to itself. */
import { createMemo, For, Show } from "solid-js";
import { withQuery } from "../../app/place";
import { latest, resource, revision } from "../../live/estate";
import { SEVERITY } from "../../live/standing";
import { standing } from "../../live/tally";
import { Glyph } from "../../parts/Glyph";
import { Name } from "../../parts/Name";
import { percent } from "../../text/format";
import { t } from "../../text/en";
import { compareNames, nameOf } from "../../live/names";

const SHOWN = 40;
/** What runs comes first, disks last. */
const RUNS: ReadonlySet<string> = new Set(["k8s-node", "docker-host", "vm", "system-container", "app-container", "pod"]);
const placeOf = (type: string) => (RUNS.has(type) ? 0 : type === "physical_disk" ? 2 : 1);

export function Entry(props: { id: string }) {
  const entry = () => resource(props.id);
  return (
    <li>
      <a class="inside-row" href={withQuery({ resource: props.id, tab: undefined })}>
        <Glyph standing={standing(props.id)} />
        <Name text={nameOf(entry())} />
        <span class="dim push">{t.kinds[entry()?.type ?? ""] ?? entry()?.type}</span>
        <span class="inside-figure">{entry()?.cpu ? `${percent(entry()?.cpu?.current)} % ${t.drawer.cpu}` : ""}</span>
      </a>
    </li>
  );
}

export function Inside(props: { id: string }) {
  const parent = () => {
    const id = resource(props.id)?.parentId;
    return id && resource(id) ? id : undefined;
  };
  const children = createMemo(
    () => {
      revision();
      const found = latest().filter((entry) => entry.parentId === props.id && (entry.kubernetes === undefined || RUNS.has(entry.type)));
      return found.sort((a, b) => SEVERITY[standing(a.id)] - SEVERITY[standing(b.id)] || placeOf(a.type) - placeOf(b.type) || compareNames(a, b)).map((entry) => entry.id);
    },
    undefined,
    { equals: (a, b) => a.length === b.length && a.every((id, at) => id === b[at]) },
  );
  return (
    <>
      <Show when={parent()}>
        {(id) => (
          <section class="drawer-section">
            <h3>{t.drawer.runsOn}</h3>
            <ul class="inside">
              <Entry id={id()} />
            </ul>
          </section>
        )}
      </Show>
      <Show when={children().length > 0}>
        <section class="drawer-section">
          <h3>
            {t.drawer.inside} <span class="dim">{children().length}</span>
          </h3>
          <ul class="inside">
            <For each={children().slice(0, SHOWN)}>{(id) => <Entry id={id} />}</For>
          </ul>
          <Show when={children().length > SHOWN}>
            <p class="dim">{t.drawer.insideMore(children().length - SHOWN)}</p>
          </Show>
        </section>
      </Show>
    </>
  );
}
