/** Everything that runs somewhere, of every platform in one table: guests, containers, pods. */
import { createMemo, Show } from "solid-js";
import { areaOf, type AreaId } from "../../app/areas";
import { EstateTabs } from "../../app/EstateTabs";
import { ids, latestOf } from "../../live/estate";
import { hostOf, namespaceOf } from "../../live/kin";
import { isWorkload } from "../../live/kinds";
import { nameKey, nameOf, naturalKey } from "../../live/names";
import { standing } from "../../live/tally";
import { HostName } from "../../parts/cells/HostName";
import { Empty } from "../../parts/Empty";
import { Listing, Shown } from "../../parts/table/Listing";
import { type ChipGroup, RUN_STATES, Tools } from "../../parts/table/Tools";
import { createView, type Grouping, type View } from "../../parts/table/view";
import type { Field } from "../../search/facts";
import { t } from "../../text/en";
import { PlatformTabs } from "../platform/Platform";
import { columnsOf } from "./columns";

const FIELDS: readonly Field[] = ["node", "platform", "type", "status", "tag", "namespace", "cluster", "context", "image", "os"];
const KINDS: ChipGroup = { field: "type", chips: [{ value: "vm", word: t.workloads.vms }, { value: "lxc", word: t.workloads.lxcs }, { value: "container", word: t.workloads.containers }, { value: "pod", word: t.workloads.pods }] };

const areaOfId = (id: string): AreaId => areaOf(latestOf(id) ?? { type: "", platformType: "" });

const GROUPINGS: readonly Grouping[] = [
  { id: "host", label: t.platform.by.host, of: hostOf, rank: nameKey },
  { id: "platform", label: t.workloads.byPlatform, of: areaOfId },
  { id: "namespace", label: t.platform.by.namespace, of: (id) => namespaceOf(latestOf(id)), rank: (group) => (group ? naturalKey(group) : "\uffff") },
  { id: "flat", label: t.list.flat },
];

function GroupHead(props: { group: string; by: string; size: number }) {
  const plain = () => (props.by === "platform" ? t.area[props.group as AreaId] : props.group) || (props.by === "namespace" ? t.workloads.noNamespace : t.platform.noGroup);
  return (
    <span class="group-words">
      <Show when={props.by === "host" && props.group} fallback={<b>{plain()}</b>}>
        <HostName id={props.group} />
      </Show>
      <span class="dim">{t.workloads.count(props.size)}</span>
    </span>
  );
}

export default function Workloads(props: { area?: AreaId }) {
  let field!: HTMLInputElement;
  const { area } = props;
  const rows = createMemo(() =>
    ids().filter((id) => {
      const entry = latestOf(id);
      return !!entry && isWorkload(entry) && (!area || areaOf(entry) === area);
    }),
  );
  const columns = columnsOf(() => view, rows);
  const view: View = createView({ id: area ? `workloads-${area}` : "workloads", ids: rows, columns, groupings: area ? GROUPINGS.filter((entry) => entry.id !== "platform") : GROUPINGS, find: () => field.focus() });
  const by = () => view.grouping().id;
  const name = (group: string) => (by() === "host" ? nameOf(latestOf(group)) : group) || t.platform.noGroup;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{area ? t.area[area] : t.shell.estate}</h1>
        <Show when={area} fallback={<EstateTabs />}>{(present) => <PlatformTabs area={present()} />}</Show>
        <span class="page-notes push">
          <Shown view={view} />
        </span>
      </div>
      <Tools view={view} label={t.workloads.filterLabel} fields={FIELDS} chips={area ? [RUN_STATES] : [KINDS, RUN_STATES]} ref={(input) => (field = input)} />
      <Listing
        view={view}
        label={t.workloads.title}
        sortable
        none={<Empty title={t.workloads.none} text={t.workloads.noneText} />}
        groupName={name}
        group={(group) => <GroupHead group={group} by={by()} size={view.sizeOf(group)} />}
        groupValues={(group) => (by() === "host" && group && standing(group) !== "offline" ? group : undefined)}
      />
    </div>
  );
}
