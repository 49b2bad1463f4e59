/** The estate board: a row is a host with its inhabitants, grouped by platform. */
import { createMemo, Show } from "solid-js";
import { AREAS, type AreaId, areaOf } from "../../app/areas";
import { setOverlay } from "../../app/overlays";
import { setQuery } from "../../app/place";
import { facetsOf } from "../../api/facets";
import { ids, latestOf, resource } from "../../live/estate";
import type { Filter } from "../../search/filter";
import { isHost } from "../../live/kinds";
import { childrenOf, standing, tally } from "../../live/tally";
import { nameColumn } from "../../parts/columns/facts";
import { figures } from "../../parts/columns/figures";
import { inhabitantsColumn } from "../../parts/columns/hosts";
import type { Column } from "../../parts/table/columns";
import { Listing } from "../../parts/table/Listing";
import { createView, type View } from "../../parts/table/view";
import { t } from "../../text/en";

function badgeOf(id: string): string | undefined {
  const entry = resource(id);
  const { proxmox } = facetsOf(entry);
  if (entry?.type === "pbs" || entry?.type === "pmg") return entry.type.toUpperCase();
  return proxmox?.pendingUpdates ? t.board.updates(proxmox.pendingUpdates) : undefined;
}

function columnsOf(view: () => View): Column[] {
  const f = figures;
  const narrow = { least: 96, grow: 0.5 };
  return [
    nameColumn(view, t.board.host, { grow: 1.4 }, badgeOf),
    { ...f.cpu, ...narrow },
    { ...f.memory, ...narrow },
    { ...f.disk, ...narrow },
    f.net,
    f.temperature,
    f.uptime,
    inhabitantsColumn(view),
  ];
}

/** Hosts that are not themselves part of another host. */
export function isBoardRow(id: string): boolean {
  const entry = latestOf(id);
  if (!entry || !isHost(entry)) return false;
  const parent = entry.parentId ? latestOf(entry.parentId) : undefined;
  return !parent || !isHost(parent);
}

/** A host is shown for itself or for somebody on it. */
function passes(id: string, filter: Filter): boolean {
  const test = filter.test();
  const one = (each: string) => {
    const entry = latestOf(each);
    return !!entry && test(entry, standing(each));
  };
  return one(id) || (filter.active() && childrenOf(id).some(one));
}

export function Board() {
  const hosts = createMemo(() => ids().filter(isBoardRow));
  const columns = columnsOf(() => view);
  const area = (id: string) => areaOf(latestOf(id) ?? { type: "", platformType: "" });
  const view: View = createView({
    id: "board",
    ids: hosts,
    columns,
    groupings: [{ id: "area", label: "", of: area, rank: (group) => AREAS.findIndex((entry) => entry.id === group) }],
    find: () => setOverlay("palette"),
    matches: passes,
    late: (id) => latestOf(id)?.type === "pbs" || latestOf(id)?.type === "pmg",
  });
  return (
    <>
      <Show when={view.filter.active()}>
        <div class="board-filter">
          <span>{t.platform.filteredBy(view.matching(), hosts().length)}</span>
          <button type="button" class="button small" onClick={() => setQuery({ status: undefined, q: undefined, type: undefined, platform: undefined, tag: undefined })}>
            {t.machines.clear} <kbd aria-hidden="true">Esc</kbd>
          </button>
        </div>
      </Show>
      <Listing view={view} label={t.board.hosts} none={<></>} group={(id) => <AreaHead id={id as AreaId} />} groupName={(id) => t.area[id as AreaId]} groupNote={(id) => <AreaNote id={id as AreaId} hosts={view.sizeOf(id)} />} />
    </>
  );
}

/** Versions of an area's hosts: one, or a range. */
function factsOfArea(id: AreaId): string {
  if (id === "machines") return t.board.machinesNote;
  const names = new Set<string>();
  const versions = new Set<string>();
  for (const host of ids()) {
    const entry = latestOf(host);
    if (!entry || !isHost(entry) || areaOf(entry) !== id) continue;
    const { proxmox, kubernetes, truenas, docker } = facetsOf(entry);
    const name = proxmox?.clusterName ?? kubernetes?.clusterName;
    const version = proxmox?.pveVersion ?? kubernetes?.version ?? truenas?.version ?? docker?.dockerVersion;
    if (name) names.add(name);
    if (version) versions.add(version);
    if (names.size > 3) break;
  }
  const cluster = names.size > 3 ? "" : [...names].join(", ");
  return [cluster, [...versions].slice(0, 2).join(", ")].filter(Boolean).join(" · ");
}

function AreaHead(props: { id: AreaId }) {
  const facts = createMemo(() => (tally(), factsOfArea(props.id)));
  return (
    <span class="group-words">
      <b>{t.area[props.id]}</b>
      <span class="dim">{facts()}</span>
    </span>
  );
}

function AreaNote(props: { id: AreaId; hosts: number }) {
  const words = createMemo(() => {
    const census = tally().areas[props.id];
    if (!census) return "";
    const disks = census.kinds.physical_disk ?? 0;
    const parts = [census.workloads > 0 ? t.platform.living(props.id, census.workloads) : t.platform.hosts(props.id, props.hosts)];
    if (props.id === "truenas" && disks > 0) parts.unshift(t.board.disks(disks));
    if (census.kinds["k8s-deployment"]) parts.push(t.board.deployments(census.kinds["k8s-deployment"]));
    return parts.join(" · ");
  });
  return <span class="dim">{words()}</span>;
}
