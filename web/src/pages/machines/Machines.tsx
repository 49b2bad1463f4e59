/** Every machine in one table: filter, sort, choose columns, open. */
import { createMemo } from "solid-js";
import { areaOf } from "../../app/areas";
import { setOverlay } from "../../app/overlays";
import { ticking } from "../../live/clock";
import { ids, latestOf, resource } from "../../live/estate";
import { SEVERITY } from "../../live/standing";
import { standing } from "../../live/tally";
import { CpuCell, DiskCell, MemoryCell } from "../../parts/cells/figures";
import { IoCell, ioHint, LoadCell, NameCell, NetCell, SeenCell, SystemCell, TemperatureCell, UptimeCell } from "../../parts/cells/rows";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import type { Column } from "../../parts/table/columns";
import { Listing, Shown } from "../../parts/table/Listing";
import { type ChipGroup, Tools } from "../../parts/table/Tools";
import { createView, type View } from "../../parts/table/view";
import { DASH, percent } from "../../text/format";
import { t } from "../../text/en";
import { addressOf, fullest, gpuLoadOf, gpusOf, loadOf, nameOf, raidOf, systemOf, temperatureOf, uptimeOf } from "./machine";

const CHIPS: readonly ChipGroup[] = [
  { field: "status", chips: (["running", "warning", "stale", "offline", "unknown"] as const).map((value) => ({ value, word: t.standing[value] })) },
];

function sum(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined && second === undefined ? undefined : (first ?? 0) + (second ?? 0);
}

function gpuHint(id: string): string | undefined {
  return gpusOf(resource(id)).map((gpu) => gpu.name).filter(Boolean).join(", ") || undefined;
}

/** What the machine measures. */
function figureColumns(offered: (has: (id: string) => boolean) => () => boolean): Column[] {
  const heads = t.machines.columnNames;
  const of = (id: string) => latestOf(id);
  return [
    { id: "cpu", head: heads.cpu, least: 98, grow: 1, priority: 1, metric: true, sort: (id) => of(id)?.cpu?.current, cell: (id) => <CpuCell id={id()} /> },
    { id: "gpu", head: heads.gpu, offered: offered((id) => gpuLoadOf(of(id)) !== undefined), least: 70, priority: 5, numeric: true, metric: true, hint: gpuHint, sort: (id) => gpuLoadOf(of(id)), cell: (id) => <>{percent(gpuLoadOf(resource(id())))}</> },
    { id: "memory", head: heads.memory, least: 98, grow: 1, priority: 1, metric: true, sort: (id) => of(id)?.memory?.current, cell: (id) => <MemoryCell id={id()} /> },
    { id: "disk", head: heads.disk, least: 98, grow: 1, priority: 1, metric: true, sort: (id) => fullest(of(id))?.percent, cell: (id) => <DiskCell id={id()} /> },
    { id: "net", head: heads.net, title: `${heads.net}, ${t.machines.downUp}`, class: "pair", hint: () => t.machines.downUp, least: 100, priority: 4, numeric: true, metric: true, sort: (id) => sum(of(id)?.network?.rxBytes, of(id)?.network?.txBytes), cell: (id) => <NetCell id={id()} /> },
    { id: "io", head: heads.io, title: `${heads.io}, ${t.machines.readWrite}`, class: "pair", hint: ioHint, least: 100, priority: 4, numeric: true, metric: true, sort: (id) => sum(of(id)?.diskIO?.readRate, of(id)?.diskIO?.writeRate), cell: (id) => <IoCell id={id()} /> },
    { id: "load", head: heads.load, hint: (id) => resource(id)?.agent?.loadAverage?.join("  "), least: 56, priority: 5, extra: true, numeric: true, metric: true, sort: (id) => loadOf(of(id)), cell: (id) => <LoadCell id={id()} /> },
    { id: "temperature", head: heads.temperature, title: t.drawer.temperature, least: 44, priority: 5, numeric: true, metric: true, sort: (id) => temperatureOf(of(id)), cell: (id) => <TemperatureCell id={id()} /> },
    { id: "uptime", head: heads.uptime, class: "second", least: 50, priority: 5, numeric: true, metric: true, sort: (id) => uptimeOf(of(id)), cell: (id) => <UptimeCell id={id()} /> },
  ];
}

/** What the machine is. */
function factColumns(offered: (has: (id: string) => boolean) => () => boolean): Column[] {
  const heads = t.machines.columnNames;
  const of = (id: string) => latestOf(id);
  return [
    { id: "seen", head: heads.seen, class: "second", least: 90, priority: 5, numeric: true, sort: (id) => of(id)?.lastSeen, cell: (id) => <SeenCell id={id()} /> },
    { id: "ip", head: heads.ip, class: "second", least: 108, priority: 5, text: true, sort: (id) => addressOf(of(id)), cell: (id) => <span class="cut">{addressOf(resource(id())) ?? DASH}</span> },
    { id: "raid", head: heads.raid, offered: offered((id) => raidOf(of(id)) !== undefined), class: "second", least: 92, priority: 6, text: true, sort: (id) => raidOf(of(id)), cell: (id) => <span class="cut">{raidOf(resource(id())) ?? DASH}</span> },
    { id: "arch", head: heads.arch, class: "second", least: 68, priority: 6, extra: true, text: true, sort: (id) => of(id)?.agent?.architecture, cell: (id) => <>{resource(id())?.agent?.architecture ?? DASH}</> },
    { id: "kernel", head: heads.kernel, class: "second cut", hint: (id) => resource(id)?.agent?.kernelVersion, least: 130, priority: 6, text: true, sort: (id) => of(id)?.agent?.kernelVersion, cell: (id) => <>{resource(id())?.agent?.kernelVersion ?? DASH}</> },
    { id: "status", head: t.machines.columnNames.status, least: 92, priority: 3, extra: true, sort: (id) => SEVERITY[standing(id)], cell: (id) => <>{t.standing[standing(id())]}</> },
  ];
}

function columnsOf(view: () => View, machines: () => readonly string[]): Column[] {
  const heads = t.machines.columnNames;
  const of = (id: string) => latestOf(id);
  const list = () => view().list;
  const halfMinute = createMemo(() => Math.floor(ticking() / 30_000));
  const offered = (has: (id: string) => boolean) => createMemo(() => (halfMinute(), machines().some(has)));
  return [
    {
      id: "name", head: heads.name, least: 190, grow: 3, priority: 1, text: true, sort: (id) => nameOf(of(id)),
      cell: (id) => <NameCell id={id()} current={list().current() === id()} marked={list().marks.has(id())} onFocus={() => list().setFocused(id())} />,
    },
    { id: "os", head: heads.os, class: "second cut", hint: (id) => systemOf(resource(id)), least: 132, grow: 1, priority: 5, line: true, text: true, sort: (id) => systemOf(of(id)), cell: (id) => <SystemCell id={id()} /> },
    { id: "agent", head: heads.agent, class: "second", least: 60, priority: 6, text: true, sort: (id) => of(id)?.agent?.agentVersion, cell: (id) => <>{resource(id())?.agent?.agentVersion ?? DASH}</> },
    ...figureColumns(offered),
    ...factColumns(offered),
  ];
}

export default function Machines() {
  let field!: HTMLInputElement;
  const machines = createMemo(() => ids().filter((id) => {
    const entry = latestOf(id);
    return !!entry && areaOf(entry) === "machines" && (entry.type === "agent" || !entry.parentId);
  }));
  const columns = columnsOf(() => view, machines);
  const view: View = createView({ id: "machines", ids: machines, columns, find: () => field.focus() });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t.machines.title}</h1>
        <Shown view={view} />
      </div>
      <Tools view={view} label={t.machines.filterLabel} fields={["status", "os", "tag", "host", "platform"]} chips={CHIPS} ref={(input) => (field = input)} />
      <Listing view={view} label={t.machines.title} sortable none={<NoMachines />} />
    </div>
  );
}

function NoMachines() {
  return (
    <Empty title={t.machines.noneTitle} text={t.machines.noneText}>
      <button type="button" class="button primary" onClick={() => setOverlay("add-machine")}>
        <Icon name="plus" />
        {t.empty.add}
      </button>
    </Empty>
  );
}
