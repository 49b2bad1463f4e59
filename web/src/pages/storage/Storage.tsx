/** Where data lies: pools, storages and datastores with their room, and the disks below them. */
import { createEffect, createMemo, on, Show } from "solid-js";
import { areaOf, type AreaId } from "../../app/areas";
import { EstateTabs } from "../../app/EstateTabs";
import { query } from "../../app/place";
import { facetsOf } from "../../api/facets";
import { ids, latestOf, loaded, revision } from "../../live/estate";
import { followGrowth } from "../../live/growth";
import { nameKey, nameOf } from "../../live/names";
import { tally } from "../../live/tally";
import { HostName } from "../../parts/cells/HostName";
import { Empty } from "../../parts/Empty";
import { KindTabs } from "../../parts/table/KindTabs";
import { Listing, Shown } from "../../parts/table/Listing";
import { type ChipGroup, Tools } from "../../parts/table/Tools";
import { createView, type Grouping, type View } from "../../parts/table/view";
import type { Field } from "../../search/facts";
import { capacity } from "../../text/format";
import { t } from "../../text/en";
import { hostOf } from "../../live/kin";
import { PlatformTabs } from "../platform/Platform";
import { diskColumns, poolColumns } from "./columns";
import "./storage.css";
import { diskHealth, healthOf, isDisk, isPool, typeOf } from "./pool";

const FIELDS: readonly Field[] = ["node", "host", "status", "platform", "cluster", "tag"];
const STATES: ChipGroup = { field: "status", chips: [{ value: "running", word: t.storage.states.ONLINE ?? "" }, { value: "trouble", word: t.list.trouble }, { value: "unknown", word: t.standing.unknown }] };
const MOST_FORECASTS = 200;

const byHost: Grouping = { id: "host", label: t.storage.byHost, of: hostOf, rank: nameKey };
const flat: Grouping = { id: "flat", label: t.list.flat };
const POOL_GROUPS: readonly Grouping[] = [byHost, { id: "type", label: t.storage.byType, of: typeOf }, { id: "health", label: t.storage.byHealth, of: (id) => healthOf(id) }, flat];
const DISK_GROUPS: readonly Grouping[] = [byHost, { id: "pool", label: t.storage.byPool, of: (id) => facetsOf(latestOf(id)).physicalDisk?.storageGroup ?? "" }, { id: "health", label: t.storage.byHealth, of: (id) => diskHealth(id) }, flat];

type Kind = "pools" | "disks";

/** Rows of the page: of one platform, or of all. */
function createRows(kind: Kind, area: AreaId | undefined) {
  return createMemo(() =>
    ids().filter((id) => {
      const entry = latestOf(id);
      return !!entry && (kind === "disks" ? isDisk(entry) : isPool(entry)) && (!area || areaOf(entry) === area);
    }),
  );
}

/** A week of the fullest, once per set of pools. */
function askGrowth(rows: () => readonly string[]): void {
  createEffect(
    on([rows, loaded], ([present, ready]) => {
      if (!ready || present.length === 0) return;
      const fullest = present.length <= MOST_FORECASTS ? [...present] : present.toSorted((a, b) => (latestOf(b)?.disk?.current ?? 0) - (latestOf(a)?.disk?.current ?? 0)).slice(0, MOST_FORECASTS);
      followGrowth(fullest.sort());
    }),
  );
}

interface GroupSum {
  size: number;
  used: number;
  total: number;
}

/** Size and room of every group, once per tally. */
function createSums(view: () => View, rows: () => readonly string[]) {
  return createMemo(() => {
    tally();
    revision();
    const of = view().grouping().of;
    const sums = new Map<string, GroupSum>();
    if (!of) return sums;
    for (const id of rows()) {
      const sum = sums.get(of(id)) ?? { size: 0, used: 0, total: 0 };
      const disk = latestOf(id)?.disk;
      sum.size += 1;
      if (disk?.used !== undefined && disk.total !== undefined) {
        sum.used += disk.used;
        sum.total += disk.total;
      }
      sums.set(of(id), sum);
    }
    return sums;
  });
}

function GroupHead(props: { group: string; by: string; kind: Kind; sum: GroupSum | undefined }) {
  const nothing = () => (props.by === "type" ? t.storage.noType : props.by === "pool" ? t.storage.noPool : t.storage.noHost);
  const size = () => (props.kind === "disks" ? t.storage.diskCount(props.sum?.size ?? 0) : t.storage.count(props.sum?.size ?? 0));
  const room = () => (props.sum?.total ? ` · ${t.storage.roomNote(capacity(props.sum.used), capacity(props.sum.total))}` : "");
  return (
    <span class="group-words">
      <Show when={props.by === "host" && props.group} fallback={<b>{props.group || nothing()}</b>}>
        <HostName id={props.group} />
      </Show>
      <span class="dim">
        {size()}
        {room()}
      </span>
    </span>
  );
}

export default function Storage(props: { area?: AreaId }) {
  const { area } = props;
  const pools = createRows("pools", area);
  const disks = createRows("disks", area);
  const kind = (): Kind => (query("kind") === "disks" ? "disks" : "pools");
  askGrowth(pools);
  return (
    <Show when={kind()} keyed>
      {(present) => <Page area={area} kind={present} rows={present === "disks" ? disks : pools} counts={() => ({ pools: pools().length, disks: disks().length })} />}
    </Show>
  );
}

function Page(props: { area?: AreaId; kind: Kind; rows: () => readonly string[]; counts: () => Record<Kind, number> }) {
  let field!: HTMLInputElement;
  const { area, kind, rows } = props;
  const columns = kind === "disks" ? diskColumns(() => view, rows) : poolColumns(() => view, rows);
  const view: View = createView({ id: [kind, area].filter(Boolean).join("-"), ids: rows, columns, groupings: kind === "disks" ? DISK_GROUPS : POOL_GROUPS, find: () => field.focus() });
  const sums = createSums(() => view, rows);
  const by = () => view.grouping().id;
  const name = (group: string) => (by() === "host" ? nameOf(latestOf(group)) : group) || t.storage.noHost;
  const words = kind === "disks" ? { filter: t.storage.disksFilterLabel, none: t.storage.noneDisks, text: t.storage.noneDisksText, title: t.storage.disksTitle } : { filter: t.storage.filterLabel, none: t.storage.none, text: t.storage.noneText, title: t.storage.title };
  return (
    <div class="page">
      <div class="page-head">
        <h1>{area ? t.area[area] : t.shell.estate}</h1>
        <Show when={area} fallback={<EstateTabs />}>{(present) => <PlatformTabs area={present()} />}</Show>
        <KindTabs
          label={t.storage.kinds}
          current={kind}
          kinds={[
            { id: "pools", word: t.storage.pools, count: props.counts().pools },
            { id: "disks", word: t.storage.disks, count: props.counts().disks },
          ]}
        />
        <span class="page-notes push">
          <Shown view={view} />
        </span>
      </div>
      <Tools view={view} label={words.filter} fields={FIELDS} chips={[STATES]} ref={(input) => (field = input)} />
      <Listing
        view={view}
        label={words.title}
        sortable
        none={<Empty title={words.none} text={words.text} />}
        groupName={name}
        group={(group) => <GroupHead group={group} by={by()} kind={kind} sum={sums().get(group)} />}
      />
    </div>
  );
}
