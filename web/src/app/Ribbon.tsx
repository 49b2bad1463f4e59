/** Navigation that is also the glance: each area with its count, its trouble and its census. */
import { createEffect, createMemo, For, type JSX, Show } from "solid-js";
import { SEVERITY, type Standing } from "../live/standing";
import { nodesOf } from "../live/census";
import { type Counts, presentAreas, tally } from "../live/tally";
import { Glyph } from "../parts/Glyph";
import { Icon } from "../parts/Icon";
import { t } from "../text/en";
import { type AreaId, areaPath } from "./areas";
import { path } from "./place";
import { kiosk } from "./Shell";

const ORDER = (Object.keys(SEVERITY) as Standing[]).sort((a, b) => SEVERITY[a] - SEVERITY[b]);
const BADGED: readonly Standing[] = ["critical", "offline", "warning", "stale"];

/** One thin bar: resources by standing, trouble first. */
function Census(props: { counts: Counts }) {
  const parts = () => ORDER.filter((standing) => (props.counts[standing] ?? 0) > 0);
  return (
    <span class="census" aria-hidden="true">
      <For each={parts()}>
        {(standing) => {
          let part!: HTMLElement;
          createEffect(() => part.style.setProperty("flex-grow", String(props.counts[standing] ?? 0)));
          return <i ref={part} class={standing} />;
        }}
      </For>
    </span>
  );
}

interface CellProps {
  href: string;
  name: string;
  note: string;
  current: boolean;
  counts?: Counts;
}

function Cell(props: CellProps) {
  const badges = () => BADGED.filter((standing) => (props.counts?.[standing] ?? 0) > 0);
  return (
    <a class="cell" href={props.href} aria-current={props.current ? "page" : undefined}>
      <span class="cell-name">
        {props.name}
        <span class="cell-badges">
          <For each={badges()}>
            {(standing) => (
              <span class={standing}>
                <Glyph standing={standing} />
                {props.counts?.[standing]}
              </span>
            )}
          </For>
        </span>
      </span>
      <span class="cell-note">{props.note}</span>
      <Show when={props.counts}>{(counts) => <Census counts={counts()} />}</Show>
    </a>
  );
}

/** The areas with their notes; the phone's menu shows the same. */
export function areaNote(id: AreaId): string {
  const census = tally().areas[id];
  if (!census) return "";
  const parts = [];
  const nodes = nodesOf(census);
  if (nodes > 0) parts.push(t.platform.hosts(id, nodes));
  if (census.workloads > 0) parts.push(t.platform.living(id, census.workloads));
  return parts.join(" · ") || t.shell.resources(census.total);
}

export function Ribbon(): JSX.Element {
  const areas = createMemo(() => presentAreas(tally()), undefined, { equals: (a, b) => a.join() === b.join() });
  const total = () => tally().total;
  const isOverview = () => ["/", "/infrastructure", "/workloads", "/storage"].includes(path());
  const isFleet = () => path().startsWith("/settings/infrastructure");
  const isHere = (id: AreaId) => path().startsWith(areaPath(id).replace(/[^/]+$/, ""));
  let ribbon!: HTMLElement;
  // Where the ribbon scrolls sideways the present cell stays in view.
  createEffect(() => {
    path();
    requestAnimationFrame(() => {
      const cell = ribbon.querySelector<HTMLElement>("[aria-current]");
      if (cell) ribbon.scrollLeft = Math.max(0, cell.offsetLeft + cell.offsetWidth / 2 - ribbon.clientWidth / 2);
    });
  });
  return (
    <nav ref={ribbon} class="ribbon" aria-label={t.shell.areas}>
      <Cell href="/" name={t.shell.overview} note={total() ? t.shell.resources(total()) : t.shell.nothingYet} current={isOverview()} />
      <For each={areas()}>
        {(id) => <Cell href={areaPath(id)} name={t.area[id]} note={areaNote(id)} current={isHere(id)} counts={tally().areas[id]?.counts} />}
      </For>
      <Show when={!kiosk()}>
        <Cell href="/settings/infrastructure" name={t.shell.fleet} note={t.shell.agents(tally().agents)} current={isFleet()} />
        <a class="cell slim" href="/settings/system-general" aria-label={t.shell.settings} title={t.shell.settings} aria-current={path().startsWith("/settings/") && !isFleet() ? "page" : undefined}>
          <Icon name="gear" />
        </a>
      </Show>
    </nav>
  );
}
