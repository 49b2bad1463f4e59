/** Columns of figures: the same in every list, at the same place. */
import { latestOf, resource } from "../../live/estate";
import { bitRate, byteRate, percent } from "../../text/format";
import { t } from "../../text/en";
import { CpuCell, cpuHint, DiskCell, diskHint, MemoryAmountCell, MemoryCell, memoryHint } from "../cells/figures";
import { fullest, gpuLoadOf, gpusOf, loadOf, temperatureOf, uptimeOf } from "../cells/machine";
import { IoCell, LoadCell, NetCell, NetSparkCell, TemperatureCell, UptimeCell } from "../cells/rows";
import type { Column } from "../table/columns";

const of = (id: string) => latestOf(id);
const { heads, titles } = t.columns;

function sum(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined && second === undefined ? undefined : (first ?? 0) + (second ?? 0);
}

const traffic = (id: string) => sum(of(id)?.network?.rxBytes, of(id)?.network?.txBytes);

function trafficHint(id: string): string | undefined {
  const now = of(id)?.network;
  return now && `${bitRate(now.rxBytes)} ${t.summary.down}, ${bitRate(now.txBytes)} ${t.summary.up}`;
}

function ioHint(id: string): string | undefined {
  const now = of(id)?.diskIO;
  return now && `${byteRate(now.readRate)} ${t.drawer.read}, ${byteRate(now.writeRate)} ${t.drawer.written}`;
}

export const figures = {
  cpu: { id: "cpu", head: heads.cpu, least: 100, grow: 1, priority: 1, metric: true, lined: true, hint: cpuHint, sort: (id) => of(id)?.cpu?.current, cell: (id) => <CpuCell id={id()} /> },
  memory: { id: "memory", head: heads.memory, least: 100, grow: 1, priority: 1, metric: true, lined: true, hint: memoryHint, sort: (id) => of(id)?.memory?.current, cell: (id) => <MemoryCell id={id()} /> },
  disk: { id: "disk", head: heads.disk, least: 100, grow: 1, priority: 1, metric: true, hint: diskHint, sort: (id) => fullest(of(id))?.percent, cell: (id) => <DiskCell id={id()} /> },
  amount: { id: "amount", head: heads.amount, title: titles.amount, class: "second", least: 84, priority: 4, numeric: true, metric: true, sort: (id) => of(id)?.memory?.used, cell: (id) => <MemoryAmountCell id={id()} /> },
  net: { id: "net", head: heads.net, title: titles.net, least: 88, priority: 4, metric: true, hint: trafficHint, sort: traffic, cell: (id) => <NetSparkCell id={id()} /> },
  rates: { id: "rates", head: heads.rates, title: titles.rates, class: "pair", least: 100, priority: 4, numeric: true, metric: true, hint: trafficHint, sort: traffic, cell: (id) => <NetCell id={id()} /> },
  io: { id: "io", head: heads.io, title: titles.io, class: "pair", least: 100, priority: 5, numeric: true, metric: true, hint: ioHint, sort: (id) => sum(of(id)?.diskIO?.readRate, of(id)?.diskIO?.writeRate), cell: (id) => <IoCell id={id()} /> },
  gpu: { id: "gpu", head: heads.gpu, least: 70, priority: 5, numeric: true, metric: true, hint: (id) => gpusOf(of(id)).map((gpu) => gpu.name).filter(Boolean).join(", ") || undefined, sort: (id) => gpuLoadOf(of(id)), cell: (id) => <>{percent(gpuLoadOf(resource(id())))}</> },
  load: { id: "load", head: heads.load, title: titles.load, least: 56, priority: 5, numeric: true, metric: true, hint: (id) => of(id)?.agent?.loadAverage?.join("  "), sort: (id) => loadOf(of(id)), cell: (id) => <LoadCell id={id()} /> },
  temperature: { id: "temperature", head: heads.temperature, title: t.drawer.temperature, least: 44, priority: 5, numeric: true, metric: true, hint: (id) => (temperatureOf(of(id)) === undefined ? t.drawer.notOffered : undefined), sort: (id) => temperatureOf(of(id)), cell: (id) => <TemperatureCell id={id()} /> },
  uptime: { id: "uptime", head: heads.uptime, class: "second", least: 54, priority: 5, numeric: true, metric: true, sort: (id) => uptimeOf(of(id)), cell: (id) => <UptimeCell id={id()} /> },
} satisfies Record<string, Column>;
