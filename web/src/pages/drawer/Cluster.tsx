/** What belongs to an object of a cluster: containers, owner, pods, ports, quota, what it names, what happened to it. */
import { createMemo, For, Index, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { withQuery } from "../../app/place";
import { eventsOf, makesPods, ownersOf, podsBehind, podsOf, relatedOf } from "../../live/cluster";
import { ticking } from "../../live/clock";
import { latest, latestOf, resource, revision } from "../../live/estate";
import type { Resource } from "../../live/frames";
import { compareNames, nameOf } from "../../live/names";
import { estateNow } from "../../live/socket";
import { isFresh, SEVERITY } from "../../live/standing";
import { standing } from "../../live/tally";
import { happened, quotaLines } from "../../parts/cells/cluster";
import { Glyph } from "../../parts/Glyph";
import { Meter } from "../../parts/Meter";
import { DASH, iso, span } from "../../text/format";
import { t } from "../../text/en";
import { Entry } from "./Inside";
import { Labels, PlainTable } from "./PlainTable";

const { drawer: d } = t.cluster;
const SHOWN = 20;

const isSame = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((id, at) => id === b[at]);

/** Ids found among everything, looked for again as things change. */
function createFound(id: () => string, find: (all: readonly Resource[], entry: Resource) => readonly Resource[]): () => readonly string[] {
  return createMemo<readonly string[]>(
    () => {
      revision();
      const entry = latestOf(id());
      return entry?.kubernetes ? find(latest(), entry).map((found) => found.id) : [];
    },
    [],
    { equals: isSame },
  );
}

function Entries(props: { title: string; ids: readonly string[] }) {
  return (
    <Show when={props.ids.length > 0}>
      <section class="drawer-section">
        <h3>
          {props.title} <span class="dim">{props.ids.length > 1 ? props.ids.length : ""}</span>
        </h3>
        <ul class="inside">
          <For each={props.ids.slice(0, SHOWN)}>{(id) => <Entry id={id} />}</For>
        </ul>
        <Show when={props.ids.length > SHOWN}>
          <p class="dim">{d.more(props.ids.length - SHOWN)}</p>
        </Show>
      </section>
    </Show>
  );
}

/** Each container with how it is, why, and how often it began anew. */
function Containers(props: { id: string }) {
  const all = () => facetsOf(resource(props.id)).kubernetes?.podContainers ?? [];
  return (
    <Show when={all().length > 0}>
      <section class="drawer-section">
        <h3>
          {d.containers} <span class="dim">{all().length}</span>
        </h3>
        <ul class="sources">
          <Index each={all()}>
            {(part) => {
              const isOver = () => part().state === "terminated" && part().reason === "Completed";
              return (
                <li>
                  <Glyph standing={!isFresh(standing(props.id)) && standing(props.id) !== "pending" ? "unknown" : part().ready ? "running" : isOver() ? "done" : "warning"} silent />
                  <b>{part().name}</b>
                  <span classList={{ "warn-ink": !part().ready && !isOver() }}>{[part().reason ?? part().state, part().ready ? undefined : d.notReady].filter(Boolean).join(", ") || DASH}</span>
                  <Show when={part().restartCount}>{(times) => <span class="push">{t.platform.restarted(times())}</span>}</Show>
                  <small class="break">{[part().image, part().message].filter(Boolean).join(" · ")}</small>
                </li>
              );
            }}
          </Index>
        </ul>
      </section>
    </Show>
  );
}

function Quota(props: { id: string }) {
  const lines = () => quotaLines(facetsOf(resource(props.id)).kubernetes ?? {});
  return (
    <Show when={lines().length > 0}>
      <section class="drawer-section">
        <h3>{d.quota}</h3>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{d.resource}</th>
              <th scope="col" class="w-meter">{t.drawer.used}</th>
              <th scope="col" class="numeric">{d.used}</th>
              <th scope="col" class="numeric">{d.hard}</th>
            </tr>
          </thead>
          <tbody>
            <Index each={lines()}>
              {(line) => (
                <tr>
                  <th scope="row" class="break">{line().name}</th>
                  <td>
                    <Meter label={line().name} value={line().percent} limits={{ warn: 90, crit: 100 }} stale={!isFresh(standing(props.id))} />
                  </td>
                  <td class="numeric">{line().used ?? DASH}</td>
                  <td class="numeric">{line().hard}</td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </Show>
  );
}

function Event(props: { id: string }) {
  const k = () => facetsOf(resource(props.id)).kubernetes ?? {};
  const at = () => Date.parse(happened(k()) ?? "");
  return (
    <li>
      <Glyph standing={k().eventType === "Warning" ? "warning" : "done"} />
      <a class="link" href={withQuery({ resource: props.id, tab: undefined })}>
        <b>{nameOf(resource(props.id))}</b>
      </a>
      <span class="dim">{(k().count ?? 1) > 1 ? d.times(k().count ?? 1) : ""}</span>
      <span class="dim push" title={Number.isNaN(at()) ? undefined : iso(at())}>
        {Number.isNaN(at()) ? DASH : t.drawer.ago(span(estateNow(ticking()) - at()))}
      </span>
      <small>{k().message ?? ""}</small>
    </li>
  );
}

function Events(props: { id: string }) {
  const ids = createFound(() => props.id, eventsOf);
  return (
    <Show when={ids().length > 0}>
      <section class="drawer-section">
        <h3>
          {d.events} <span class="dim">{ids().length}</span>
        </h3>
        <ul class="sources">
          <For each={ids().slice(0, SHOWN)}>{(id) => <Event id={id} />}</For>
        </ul>
      </section>
    </Show>
  );
}

const worstFirst = (all: Resource[]) => all.sort((a, b) => SEVERITY[standing(a.id)] - SEVERITY[standing(b.id)] || compareNames(a, b));

function Parts(props: { id: string }) {
  const k = () => facetsOf(resource(props.id)).kubernetes;
  const owners = createFound(() => props.id, ownersOf);
  const pods = createFound(() => props.id, (all, entry) => worstFirst(makesPods(entry.type) ? podsOf(all, entry) : entry.type === "k8s-service" ? podsBehind(all, entry) : []));
  const related = createFound(() => props.id, relatedOf);
  return (
    <>
      <Containers id={props.id} />
      <Entries title={d.madeBy} ids={owners()} />
      <Entries title={d.makes} ids={pods()} />
      <Entries title={d.related} ids={related()} />
      <PlainTable title={d.ports} heads={[d.port, d.target, d.nodePort, t.docker.tables.protocol]} rows={k()?.servicePorts ?? []} cells={(port) => [[port.port, port.name].filter(Boolean).join(" "), port.targetPort ?? port.port ?? DASH, port.nodePort || DASH, port.protocol ?? "TCP"]} />
      <Quota id={props.id} />
      <Events id={props.id} />
      <Labels title={d.labels} labels={k()?.labels} />
    </>
  );
}

export function Cluster(props: { id: string }) {
  return (
    <Show when={facetsOf(resource(props.id)).kubernetes}>
      <Parts id={props.id} />
    </Show>
  );
}
