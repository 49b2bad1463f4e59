/** The columns of all workloads together: what every platform has first, the rest to choose from. */
import { createMemo, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { areaOf } from "../../app/areas";
import { phone } from "../../app/viewport";
import { latestOf, resource } from "../../live/estate";
import { isWorkload } from "../../live/kinds";
import { nameOf } from "../../live/names";
import { tally } from "../../live/tally";
import { DiskCell } from "../../parts/cells/figures";
import { NameCell, NetCell } from "../../parts/cells/rows";
import { type Column, onlyOnPhone } from "../../parts/table/columns";
import type { View } from "../../parts/table/view";
import { DASH } from "../../text/format";
import { t } from "../../text/en";
import { facts, figures } from "../platform/columns";

const facets = (id: string) => facetsOf(latestOf(id));
const heads = t.workloads.heads;

/** A word of one facet; not shown until chosen. */
function word(id: string, head: string, least: number, read: (id: string) => string | undefined): Column {
  return { id, head, least, priority: 5, extra: true, class: "second cut", text: true, rowsOnly: true, hint: (row) => (resource(row), read(row)), sort: read, cell: (row) => <>{(resource(row()), read(row())) ?? DASH}</> };
}

/** What runs it: QEMU, LXC, Docker, Podman, a container runtime of a cluster. */
export function runtimeOf(id: string): string | undefined {
  const entry = latestOf(id);
  const technology = facetsOf(entry).docker?.runtime ?? entry?.technology;
  return technology ? (t.workloads.runtimes[technology] ?? technology) : undefined;
}

export function systemOfGuest(id: string): string | undefined {
  const { proxmox, vmware, docker } = facets(id);
  return [proxmox?.osName, proxmox?.osVersion].filter(Boolean).join(" ") || vmware?.guestOsFamily || docker?.os || undefined;
}

export function clusterOf(id: string): string | undefined {
  const { proxmox, kubernetes, clusterId } = facets(id);
  return kubernetes?.clusterName ?? proxmox?.clusterName ?? clusterId;
}

const OWN_DISK: ReadonlySet<string> = new Set(["vm", "system-container"]);

/** Containers and pods have no disk of their own: that is not the same as not knowing it. */
function DiskOrNone(props: { id: string }) {
  const has = () => !!resource(props.id)?.disk || OWN_DISK.has(resource(props.id)?.type ?? "") || !isWorkload(resource(props.id) ?? { type: "" });
  return (
    <Show when={has()} fallback={<span class="dim none" title={t.drawer.notOffered}>{DASH}</span>}>
      <DiskCell id={props.id} />
    </Show>
  );
}

export function columnsOf(view: () => View, rows: () => readonly string[]): Column[] {
  /** A fact that no row has takes no room. */
  const offered = (has: (id: string) => boolean) => createMemo(() => (tally(), rows().some(has)));
  const f = figures();
  const x = facts();
  const list = () => view().list;
  const name: Column = {
    id: "name", head: heads.name, least: 210, grow: 3, priority: 1, text: true, sort: (id) => nameOf(latestOf(id)),
    cell: (id) => <NameCell id={id()} current={list().current() === id()} marked={list().marks.has(id())} onFocus={() => list().setFocused(id())} />,
  };
  const rates: Column = { id: "rates", head: heads.rates, title: `${heads.rates}, ${t.machines.downUp}`, class: "pair", least: 104, priority: 5, numeric: true, metric: true, extra: true, cell: (id) => <NetCell id={id()} /> };
  const usual = [{ ...x.kind, least: 72, priority: 3 }, f.cpu, f.memory, f.amount, { ...f.disk, offered: offered((id) => !!latestOf(id)?.disk), cell: (id) => <DiskOrNone id={id()} /> } satisfies Column, f.net, { ...x.node, least: 140, grow: 1 }, { ...x.backup, offered: offered((id) => !!facets(id).proxmox?.lastBackup) }, f.uptime, { ...x.tags, offered: offered((id) => (latestOf(id)?.tags ?? []).length > 0) }];
  const chosen = [
    x.status,
    { ...x.vmid, extra: true },
    word("runtime", heads.runtime, 92, runtimeOf),
    word("platform", heads.platform, 96, (id) => t.area[areaOf(latestOf(id) ?? { type: "", platformType: "" })]),
    word("ip", heads.ip, 112, (id) => latestOf(id)?.identity?.ips?.[0]),
    word("system", heads.system, 132, systemOfGuest),
    { ...x.image, extra: true },
    { ...x.namespace, extra: true },
    word("context", heads.context, 104, (id) => facets(id).kubernetes?.context),
    word("cluster", heads.cluster, 104, clusterOf),
    rates,
    { ...f.io, extra: true },
    { ...x.restarts, extra: true },
    { ...x.ports, extra: true },
    { ...x.update, extra: true },
    { ...x.stack, extra: true },
    { ...x.owner, extra: true },
  ];
  const all = [name, ...usual, ...chosen];
  return phone() ? onlyOnPhone([...all, x.line], []) : all;
}
