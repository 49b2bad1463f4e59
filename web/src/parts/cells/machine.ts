/** What the columns, the filter and the drawer say about one machine. */
import { facetsOf } from "../../api/facets";
import type { FileSystem, GpuSensor } from "../../api/schema";
import type { Resource } from "../../live/frames";
import { isStorage, roomOf, usageOf } from "../../live/storage";
import { t } from "../../text/en";
import { steadyFigure } from "../../text/format";

/** File systems that can fill up. */
export function realFileSystems(resource: Resource | undefined): FileSystem[] {
  return (resource?.agent?.disks ?? []).filter(isStorage);
}

/** The file system that fills first; the resource's own disk figure where there is no list. */
export function fullest(resource: Resource | undefined): { mount: string; percent: number; used?: number; total?: number } | undefined {
  let worst: { mount: string; percent: number; used?: number; total?: number } | undefined;
  for (const disk of realFileSystems(resource)) {
    const percent = usageOf(disk);
    if (percent !== undefined && percent > (worst?.percent ?? -1)) {
      worst = { mount: disk.mountpoint ?? disk.device ?? "", percent, used: disk.used, total: roomOf(disk) };
    }
  }
  if (worst) return worst;
  const own = resource?.disk;
  return own?.current === undefined ? undefined : { mount: "/", percent: own.current, used: own.used, total: own.total };
}

export function temperatureOf(resource: Resource | undefined): number | undefined {
  if (resource?.temperature !== undefined) return resource.temperature;
  const all = Object.values(resource?.agent?.sensors?.temperatureCelsius ?? {});
  return all.length > 0 ? Math.max(...all) : undefined;
}

export function uptimeOf(resource: Resource | undefined): number | undefined {
  return resource?.uptime ?? resource?.agent?.uptimeSeconds;
}

export function systemOf(resource: Resource | undefined): string | undefined {
  const { osName, osVersion, platform } = resource?.agent ?? {};
  const own = [t.systems[osName ?? ""] ?? osName ?? platform, osVersion].filter(Boolean).join(" ");
  if (own) return own;
  const { proxmox, truenas, pbs, pmg, kubernetes, docker } = facetsOf(resource);
  if (proxmox?.pveVersion) return `Proxmox VE ${proxmox.pveVersion}`;
  if (truenas?.version) return `TrueNAS ${truenas.version}`;
  if (pbs?.version) return `PBS ${pbs.version}`;
  if (pmg?.version) return `PMG ${pmg.version}`;
  return proxmox?.osName ?? kubernetes?.osImage ?? docker?.os;
}

/** Graphics processors, where the agent sees any. */
export function gpusOf(resource: Resource | undefined): readonly GpuSensor[] {
  return resource?.agent?.sensors?.gpu ?? [];
}

/** The busiest graphics processor, percent. */
export function gpuLoadOf(resource: Resource | undefined): number | undefined {
  const loads = gpusOf(resource).flatMap((gpu) => gpu.utilizationPercent ?? []);
  return loads.length > 0 ? Math.max(...loads) : undefined;
}

/** The address people reach it at: the operator's choice, else the first known one. */
export function addressOf(resource: Resource | undefined): string | undefined {
  return resource?.agent?.reportIp || resource?.identity?.ips?.find((ip) => ip.includes(".")) || resource?.identity?.ips?.[0];
}

/** Software RAID in a word: what is wrong first. */
export function raidOf(resource: Resource | undefined): string | undefined {
  const arrays = resource?.agent?.raid ?? [];
  const short = arrays.find((array) => (array.activeDevices ?? 0) < (array.totalDevices ?? 0) || array.state === "degraded");
  const chosen = short ?? arrays[0];
  if (!chosen) return undefined;
  const words = [chosen.level, short ? `${chosen.activeDevices ?? "?"}/${chosen.totalDevices ?? "?"}` : chosen.state];
  if (chosen.rebuildPercent !== undefined) words.push(`${Math.round(chosen.rebuildPercent)} %`);
  return words.filter(Boolean).join(" ");
}

export function loadOf(resource: Resource | undefined): number | undefined {
  return resource?.agent?.loadAverage?.[0];
}

/** Share of memory that the page cache holds and would give back. */
export function cacheShare(resource: Resource | undefined): number | undefined {
  const total = resource?.memory?.total;
  const cache = resource?.agent?.memory?.cache;
  return total && cache ? (cache / total) * 100 : undefined;
}

/** Megabits or megabytes for a column whose head names the unit. */
export function mega(bytesPerSecond: number | undefined, bits: boolean): string | undefined {
  if (bytesPerSecond === undefined) return undefined;
  return steadyFigure((bytesPerSecond * (bits ? 8 : 1)) / 1e6);
}
