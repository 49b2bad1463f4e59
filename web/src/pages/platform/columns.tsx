/** The columns of each platform: figures at the same place everywhere, facts of the platform around them. */
import { facetsOf } from "../../api/facets";
import type { AreaId } from "../../app/areas";
import { phone } from "../../app/viewport";
import { latestOf, resource } from "../../live/estate";
import { nameOf } from "../../live/names";
import { SEVERITY } from "../../live/standing";
import { standing } from "../../live/tally";
import { CpuCell, DiskCell, MemoryAmountCell, MemoryCell } from "../../parts/cells/figures";
import { IoCell, ioHint, NameCell, NetSparkCell, UptimeCell } from "../../parts/cells/rows";
import type { Column } from "../../parts/table/columns";
import type { View } from "../../parts/table/view";
import { DASH } from "../../text/format";
import { t } from "../../text/en";
import { fullest, uptimeOf } from "../machines/machine";
import { BackupCell, KindCell, LineCell, PhaseCell, PortsCell, ReadyCell, RestartsCell, restartsOf, StateCell, TagsCell, UpdateCell } from "./cells";
import { hostOf, stackOf } from "./kin";

const of = (id: string) => latestOf(id);
const facets = (id: string) => facetsOf(latestOf(id));
const heads = t.platform.heads;

/** Figures that stand at the same place on every page. */
export function figures(): Record<"cpu" | "memory" | "amount" | "disk" | "net" | "io" | "uptime", Column> {
  return {
    cpu: { id: "cpu", head: heads.cpu, least: 104, grow: 1, priority: 1, metric: true, sort: (id) => of(id)?.cpu?.current, cell: (id) => <CpuCell id={id()} /> },
    memory: { id: "memory", head: heads.memory, least: 104, grow: 1, priority: 1, metric: true, sort: (id) => of(id)?.memory?.current, cell: (id) => <MemoryCell id={id()} /> },
    amount: { id: "amount", head: heads.amount, title: t.platform.titles.amount, class: "second", least: 84, priority: 4, numeric: true, metric: true, sort: (id) => of(id)?.memory?.used, cell: (id) => <MemoryAmountCell id={id()} /> },
    disk: { id: "disk", head: heads.disk, least: 104, grow: 1, priority: 1, metric: true, sort: (id) => fullest(of(id))?.percent, cell: (id) => <DiskCell id={id()} /> },
    net: { id: "net", head: heads.net, title: t.board.netTitle, least: 84, priority: 4, metric: true, sort: (id) => (of(id)?.network?.rxBytes ?? 0) + (of(id)?.network?.txBytes ?? 0) || undefined, cell: (id) => <NetSparkCell id={id()} /> },
    io: { id: "io", head: heads.io, title: `${heads.io}, ${t.machines.readWrite}`, class: "pair", hint: ioHint, least: 100, priority: 5, numeric: true, metric: true, sort: (id) => (of(id)?.diskIO ? (of(id)?.diskIO?.readRate ?? 0) + (of(id)?.diskIO?.writeRate ?? 0) : undefined), cell: (id) => <IoCell id={id()} /> },
    uptime: { id: "uptime", head: heads.uptime, class: "second", least: 60, priority: 5, numeric: true, sort: (id) => uptimeOf(of(id)), cell: (id) => <UptimeCell id={id()} /> },
  };
}

/** Facts of workloads. */
export function facts(): Record<"vmid" | "kind" | "backup" | "tags" | "image" | "state" | "restarts" | "ports" | "update" | "namespace" | "node" | "ready" | "owner" | "phase" | "stack" | "line" | "status", Column> {
  const text = (id: string, head: string, least: number, priority: number, read: (id: string) => string | undefined): Column => ({
    id, head, least, priority, class: "second cut", text: true, rowsOnly: true, hint: (row) => (resource(row), read(row)), sort: read, cell: (row) => <>{(resource(row()), read(row())) ?? DASH}</>,
  });
  return {
    vmid: { id: "vmid", head: heads.id, class: "second", least: 46, priority: 4, numeric: true, rowsOnly: true, sort: (id) => facets(id).proxmox?.vmid, cell: (id) => <>{facetsOf(resource(id())).proxmox?.vmid ?? DASH}</> },
    kind: { id: "kind", head: heads.type, class: "second", least: 48, priority: 4, text: true, rowsOnly: true, sort: (id) => of(id)?.type, cell: (id) => <KindCell id={id()} /> },
    backup: { id: "backup", head: heads.backup, title: t.platform.titles.backup, least: 62, priority: 3, numeric: true, rowsOnly: true, sort: (id) => facets(id).proxmox?.lastBackup && Date.parse(facets(id).proxmox?.lastBackup ?? ""), cell: (id) => <BackupCell id={id()} /> },
    tags: { id: "tags", head: heads.tags, least: 84, grow: 0.5, priority: 5, text: true, rowsOnly: true, sort: (id) => of(id)?.tags?.join(" ") || undefined, cell: (id) => <TagsCell id={id()} /> },
    image: { ...text("image", heads.image, 190, 4, (id) => facets(id).docker?.image ?? facets(id).kubernetes?.image), grow: 2 },
    state: { id: "state", head: heads.state, class: "second", least: 134, priority: 3, rowsOnly: true, sort: (id) => SEVERITY[standing(id)], cell: (id) => <StateCell id={id()} /> },
    restarts: { id: "restarts", head: heads.restarts, class: "second", least: 80, priority: 4, numeric: true, rowsOnly: true, sort: restartsOf, cell: (id) => <RestartsCell id={id()} /> },
    ports: { id: "ports", head: heads.ports, class: "second", least: 84, priority: 5, rowsOnly: true, cell: (id) => <PortsCell id={id()} /> },
    update: { id: "update", head: heads.update, least: 122, priority: 5, rowsOnly: true, sort: (id) => Number(!!facets(id).docker?.updateStatus?.updateAvailable), cell: (id) => <UpdateCell id={id()} /> },
    namespace: text("namespace", heads.namespace, 104, 4, (id) => facets(id).kubernetes?.namespace),
    node: text("node", heads.node, 120, 5, (id) => nameOf(of(hostOf(id))) || undefined),
    ready: { id: "ready", head: heads.ready, class: "second", least: 52, priority: 4, numeric: true, rowsOnly: true, cell: (id) => <ReadyCell id={id()} /> },
    owner: text("owner", heads.owner, 150, 5, (id) => facets(id).kubernetes?.ownerName),
    phase: { id: "phase", head: heads.status, class: "second", least: 124, priority: 3, rowsOnly: true, sort: (id) => SEVERITY[standing(id)], cell: (id) => <PhaseCell id={id()} /> },
    stack: text("stack", heads.stack, 100, 5, (id) => stackOf(of(id)) || undefined),
    line: { id: "line", head: t.platform.heads.line, least: 0, priority: 6, line: true, rowsOnly: true, cell: (id) => <LineCell id={id()} /> },
    status: { id: "status", head: heads.status, class: "second", least: 92, priority: 4, extra: true, rowsOnly: true, sort: (id) => SEVERITY[standing(id)], cell: (id) => <>{t.standing[standing(id())]}</> },
  };
}

/** The columns of a platform's list, the usual order. */
export function columnsOf(area: AreaId, view: () => View): Column[] {
  const f = figures();
  const x = facts();
  const list = () => view().list;
  const name: Column = {
    id: "name", head: t.platform.headName[area], least: 210, grow: 3, priority: 1, text: true, sort: (id) => nameOf(of(id)),
    cell: (id) => <NameCell id={id()} current={list().current() === id()} marked={list().marks.has(id())} onFocus={() => list().setFocused(id())} />,
  };
  const sets: Record<AreaId, Column[]> = {
    proxmox: [x.vmid, x.kind, f.cpu, f.memory, f.amount, f.disk, f.net, f.io, x.backup, f.uptime, x.tags, x.status],
    docker: [x.image, x.state, f.cpu, f.memory, f.amount, f.net, x.restarts, x.ports, x.update, { ...x.stack, extra: true }, { ...f.io, extra: true }],
    kubernetes: [x.namespace, x.phase, x.ready, f.cpu, f.memory, f.amount, f.net, x.restarts, x.owner, f.uptime, { ...x.node, extra: true }, { ...x.image, extra: true }],
    truenas: [f.cpu, f.memory, f.amount, f.disk, f.net, x.update, f.uptime],
    vmware: [f.cpu, f.memory, f.amount, f.disk, f.net, f.io, f.uptime, x.tags],
    machines: [f.cpu, f.memory, f.disk, f.net, f.uptime],
  };
  return [name, ...sets[area], ...(phone() ? [x.line] : [])];
}
