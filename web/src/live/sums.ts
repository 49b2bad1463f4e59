/** Sums over the hosts that report now, for the summary band. What lives on a host is not counted again. */
import { facetsOf } from "../api/facets";
import type { Resource } from "./frames";
import { isStorage, roomOf, usageOf } from "./storage";

export interface Filling {
  /** The resource whose history tells how fast it fills. */
  id: string;
  resource: string;
  mount: string;
  percent: number;
  used: number;
  total: number;
}

const FULLEST = 6;

export interface Sums {
  cpu?: number;
  cores: number;
  memoryUsed?: number;
  memoryTotal: number;
  memoryCache: number;
  storageUsed?: number;
  storageTotal: number;
  /** The fullest file systems and pools, fullest first. */
  fullest: Filling[];
  rx?: number;
  tx?: number;
}

export const NOTHING: Sums = { cores: 0, memoryTotal: 0, memoryCache: 0, storageTotal: 0, fullest: [] };

export function coresOf(host: Resource): number {
  const { proxmox, docker, kubernetes } = facetsOf(host);
  return host.agent?.cpuCount ?? proxmox?.cpus ?? docker?.cpus ?? kubernetes?.capacityCpuCores ?? 1;
}

/** Adds up hosts and the storage they offer. */
export class Adder {
  readonly sums: Sums = { ...NOTHING, fullest: [] };
  private weight = 0;
  /** Shared storage is seen by every node but is there once. */
  private readonly shared = new Set<string>();

  addHost(host: Resource, pools: readonly Resource[]): void {
    const { sums } = this;
    if (host.cpu?.current !== undefined) {
      const cores = coresOf(host);
      this.weight += host.cpu.current * cores;
      sums.cores += cores;
      sums.cpu = this.weight / sums.cores;
    }
    const memory = host.memory;
    if (memory?.used !== undefined && memory.total) {
      sums.memoryUsed = (sums.memoryUsed ?? 0) + memory.used;
      sums.memoryTotal += memory.total;
      sums.memoryCache += host.agent?.memory?.cache ?? 0;
    }
    if (host.network?.rxBytes !== undefined) sums.rx = (sums.rx ?? 0) + host.network.rxBytes;
    if (host.network?.txBytes !== undefined) sums.tx = (sums.tx ?? 0) + host.network.txBytes;
    this.addRoom(host, pools);
  }

  /** Pools where a platform reports them, else file systems, else the one figure there is. */
  private addRoom(host: Resource, pools: readonly Resource[]): void {
    const name = host.displayName || host.name;
    if (pools.length > 0) {
      for (const pool of pools) this.addPool(pool, name);
      return;
    }
    const disks = host.agent?.disks;
    for (const disk of disks ?? []) {
      const total = roomOf(disk);
      const percent = usageOf(disk);
      if (!isStorage(disk) || disk.used === undefined || !total || percent === undefined) continue;
      this.count({ id: host.id, resource: name, mount: disk.mountpoint ?? disk.device ?? "", percent, used: disk.used, total });
    }
    const own = host.disk;
    if (!disks && own?.used !== undefined && own.total) this.count({ id: host.id, resource: name, mount: "/", percent: own.current, used: own.used, total: own.total });
  }

  addPool(pool: Resource, host: string): void {
    const { shared } = facetsOf(pool).storage ?? {};
    if (shared && this.shared.has(pool.name)) return;
    if (shared) this.shared.add(pool.name);
    const use = pool.disk;
    if (use?.used === undefined || !use.total) return;
    this.count({ id: pool.id, resource: host, mount: pool.displayName || pool.name, percent: use.current, used: use.used, total: use.total });
  }

  private count(filling: Filling): void {
    const { sums } = this;
    sums.storageUsed = (sums.storageUsed ?? 0) + filling.used;
    sums.storageTotal += filling.total;
    if (sums.fullest.length === FULLEST && filling.percent <= (sums.fullest[FULLEST - 1]?.percent ?? 0)) return;
    const place = sums.fullest.findIndex((known) => known.percent < filling.percent);
    sums.fullest.splice(place < 0 ? sums.fullest.length : place, 0, filling);
    sums.fullest.length = Math.min(FULLEST, sums.fullest.length);
  }
}
