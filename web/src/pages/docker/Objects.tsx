/** One page of a container platform beside its containers: images, volumes, networks, and what a swarm is made of. */
import { createMemo, Show } from "solid-js";
import { query } from "../../app/place";
import type { EnginePart } from "../../app/routes";
import { ids, latestOf } from "../../live/estate";
import { nameOf } from "../../live/names";
import { HostName } from "../../parts/cells/HostName";
import { Empty } from "../../parts/Empty";
import { KindTabs } from "../../parts/table/KindTabs";
import { Listing, Shown } from "../../parts/table/Listing";
import { RUN_STATES, THING_STATES, Tools } from "../../parts/table/Tools";
import { createView, type View } from "../../parts/table/view";
import { t } from "../../text/en";
import { PlatformTabs } from "../platform/Platform";
import { columnsOf, groupingsOf, isObjectOf, KINDS_OF, type ObjectKind } from "./objects";

export default function Objects(props: { part: EnginePart }) {
  const kinds = KINDS_OF[props.part];
  const lists = kinds.map((kind) => ({ kind, rows: createMemo(() => ids().filter((id) => isObjectOf(id, kind))) }));
  const current = () => lists.find(({ kind }) => kind === query("kind")) ?? lists[0];
  const tabs = () => lists.map(({ kind, rows }) => ({ id: kind, word: t.docker.kinds[kind], count: rows().length }));
  return (
    <Show when={current()} keyed>
      {({ kind, rows }) => <List part={props.part} kind={kind} rows={rows} tabs={tabs()} />}
    </Show>
  );
}

function List(props: { part: EnginePart; kind: ObjectKind; rows: () => readonly string[]; tabs: readonly { id: string; word: string; count: number }[] }) {
  let field!: HTMLInputElement;
  const { kind, rows } = props;
  const what = t.docker.kinds[kind];
  const view: View = createView({ id: `docker-${kind}`, ids: rows, columns: columnsOf(kind, () => view), groupings: groupingsOf(kind), find: () => field.focus() });
  const isHostGroup = () => view.grouping().id === "host";
  const name = (group: string) => (isHostGroup() ? nameOf(latestOf(group)) : group) || t.platform.noGroup;
  const none = () => (props.part === "swarm" ? { title: t.docker.noSwarm, text: t.docker.noSwarmText } : { title: t.docker.none(what), text: t.docker.noneText });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t.area.docker}</h1>
        <PlatformTabs area="docker" />
        <Show when={props.tabs.length > 1}>
          <KindTabs label={what} kinds={props.tabs} current={kind} />
        </Show>
        <span class="page-notes push">
          <Shown view={view} />
        </span>
      </div>
      <Tools view={view} label={t.docker.filterLabel(what)} fields={["host", "image", "status", "tag"]} chips={[kind === "services" || kind === "tasks" || kind === "nodes" ? RUN_STATES : THING_STATES]} ref={(input) => (field = input)} />
      <Listing
        view={view}
        label={what}
        sortable
        none={<Empty title={none().title} text={none().text} />}
        groupName={name}
        group={(group) => (
          <span class="group-words">
            <Show when={isHostGroup() && group} fallback={<b>{name(group)}</b>}>
              <HostName id={group} />
            </Show>
            <span class="dim">{view.sizeOf(group)}</span>
          </span>
        )}
      />
    </div>
  );
}
