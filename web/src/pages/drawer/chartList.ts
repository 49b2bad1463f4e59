/** Which series are drawn together, how they are written, and what stands beside their title. */
import { facetsOf } from "../../api/facets";
import type { Line, Scales } from "../../charts/options";
import type { Resource } from "../../live/frames";
import { bitRate, byteRate, capacity, figure, memory } from "../../text/format";
import { t } from "../../text/en";
import { fullest, temperatureOf } from "../../parts/cells/machine";

export interface Chart extends Scales {
  title: string;
  /** What it is now, of how much. */
  value: (entry: Resource | undefined) => string;
  /** Shown under Now too. */
  leading?: boolean;
}

const d = t.drawer;
const percentAxis = (value: number) => `${Math.round(value)} %`;
const degrees = (value: number) => `${figure(value)} °C`;
const one = (metric: string, name: string): Line[] => [{ metric, name, color: "--s1" }];
const COLORS: readonly Line["color"][] = ["--s1", "--s2", "--s3", "--s4", "--s5"];
const DASHES: readonly (number[] | undefined)[] = [undefined, [6, 3], [2, 3], [8, 3, 2, 3], [1, 4]];
const many = (...series: readonly [string, string][]): Line[] => series.map(([metric, name], at) => ({ metric, name, color: COLORS[at] ?? "--s5", dash: DASHES[at] }));

const ofTotal = (used: string, total: string) => `${used} ${t.summary.of(total)}`;
const nothing = () => "";

const CPU: Chart = {
  title: d.cpu,
  lines: one("cpu", d.cpu),
  format: percentAxis,
  top: 100,
  leading: true,
  value: (entry) => {
    const now = entry?.cpu?.current;
    const cores = entry?.agent?.cpuCount ?? facetsOf(entry).proxmox?.cpus ?? facetsOf(entry).kubernetes?.capacityCpuCores;
    if (now === undefined) return d.unknown;
    return cores ? d.ofCores(figure(now), d.cores(cores)) : `${figure(now)} %`;
  },
};
const MEMORY: Chart = { title: d.memory, lines: one("memory", d.memory), format: percentAxis, top: 100, leading: true, value: (entry) => (entry?.memory?.total ? ofTotal(memory(entry.memory.used), memory(entry.memory.total)) : entry?.memory ? `${figure(entry.memory.current)} %` : d.unknown) };
const DISK: Chart = { title: d.diskUse, lines: one("disk", d.diskUse), format: percentAxis, top: 100, leading: true, value: (entry) => (fullest(entry)?.total ? ofTotal(capacity(fullest(entry)?.used), capacity(fullest(entry)?.total)) : d.unknown) };
const USAGE: Chart = { title: d.usage, lines: one("usage", d.usage), format: percentAxis, top: 100, leading: true, value: (entry) => (entry?.disk?.total ? ofTotal(capacity(entry.disk.used), capacity(entry.disk.total)) : d.unknown) };
const ROOM: Chart = { title: d.room, lines: many(["used", d.roomUsed], ["total", d.roomTotal]), format: capacity, least: 1e6, value: nothing };
const NETWORK: Chart = { title: d.network, lines: many(["netin", d.received], ["netout", d.sent]), format: bitRate, least: 10_000, scale: 8, value: (entry) => `${bitRate(entry?.network?.rxBytes)} ↓  ${bitRate(entry?.network?.txBytes)} ↑` };
const IO: Chart = { title: d.diskIo, lines: many(["diskread", d.read], ["diskwrite", d.written]), format: byteRate, least: 10_000, value: (entry) => `${byteRate(entry?.diskIO?.readRate)} ${d.read}  ${byteRate(entry?.diskIO?.writeRate)} ${d.written}` };
const HEAT: Chart = { title: d.temperature, lines: one("temperature", d.temperature), format: degrees, least: 100, value: (entry) => (temperatureOf(entry) === undefined ? d.unknown : degrees(temperatureOf(entry) ?? 0)) };
const DISK_HEAT: Chart = { title: d.temperature, lines: one("smart_temp", d.temperature), format: degrees, least: 60, leading: true, value: (entry) => (entry?.temperature === undefined ? d.unknown : degrees(entry.temperature)) };
const LIFE: Chart = { title: d.lifeUsed, lines: one("smart_percentage_used", d.lifeUsed), format: percentAxis, top: 100, leading: true, value: (entry) => counted(entry, "percentageUsed", percentAxis) };
const SPARE: Chart = { title: d.spareLeft, lines: one("smart_available_spare", d.spareLeft), format: percentAxis, top: 100, value: (entry) => counted(entry, "availableSpare", percentAxis) };
const SECTORS: Chart = {
  title: d.sectors,
  lines: many(["smart_reallocated_sectors", d.reallocated], ["smart_pending_sectors", d.pending], ["smart_offline_uncorrectable", d.uncorrectable], ["smart_crc_errors", d.crc]),
  format: figure,
  least: 10,
  leading: true,
  value: nothing,
};
const ERRORS: Chart = { title: d.mediaErrors, lines: one("smart_media_errors", d.mediaErrors), format: figure, least: 10, value: (entry) => counted(entry, "mediaErrors", figure) };
const HOURS: Chart = { title: d.powerOn, lines: one("smart_power_on_hours", d.powerOn), format: (value) => d.hours(figure(value)), least: 100, value: (entry) => counted(entry, "powerOnHours", (value) => d.hours(String(value))) };
const CYCLES: Chart = { title: d.powerCycles, lines: many(["smart_power_cycles", d.powerCycles], ["smart_unsafe_shutdowns", d.unsafe]), format: figure, least: 10, value: (entry) => counted(entry, "powerCycles", (value) => d.times(String(value))) };

type Counter = keyof NonNullable<NonNullable<ReturnType<typeof facetsOf>["physicalDisk"]>["smart"]>;
function counted(entry: Resource | undefined, counter: Counter, write: (value: number) => string): string {
  const value = facetsOf(entry).physicalDisk?.smart?.[counter];
  return value === undefined ? "" : write(value);
}

const HOST = [CPU, MEMORY, DISK, NETWORK, IO, HEAT];
/** Containers have no disk of their own; pods may use one of their node's while they run. */
const CONTAINER = [CPU, MEMORY, NETWORK, IO];
const POD = [CPU, MEMORY, NETWORK, DISK];
const CLUSTER = [CPU, MEMORY, NETWORK];
const DISKS = [DISK_HEAT, LIFE, SECTORS, SPARE, ERRORS, IO, HOURS, CYCLES];
const STORAGES = [USAGE, ROOM];

/** The charts a kind of resource can have, the leading ones first. */
export function chartsOf(type: string | undefined): readonly Chart[] {
  if (type === "physical_disk") return DISKS;
  if (type === "storage" || type === "ceph") return STORAGES;
  if (type === "k8s-cluster") return CLUSTER;
  if (type === "pod") return POD;
  return type === "app-container" ? CONTAINER : HOST;
}
