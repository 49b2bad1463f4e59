/** What the columns, the filter and the drawer say about one machine. */
import type { FileSystem } from "../../api/schema";
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

export function nameOf(resource: Resource | undefined): string {
  return resource?.displayName || resource?.name || resource?.id || "";
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
  return [t.systems[osName ?? ""] ?? osName ?? platform, osVersion].filter(Boolean).join(" ") || undefined;
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
