/** Sentences of the platform pages and of what their rows say. */
import type { AreaId } from "../../app/areas";
import { count } from "../count";

/** What lives on the hosts of an area. */
const LIVING: Record<AreaId, string> = { proxmox: "guest", docker: "container", kubernetes: "pod", truenas: "app", machines: "guest" };
const HOSTS: Record<AreaId, string> = { proxmox: "node", docker: "host", kubernetes: "node", truenas: "system", machines: "host" };

export const platform = {
  platform: {
    tabs: "Pages of this platform",
    overview: "Overview",
    subpages: {
      overview: "Overview", storage: "Storage", replication: "Replication", backups: "Backups", ceph: "Ceph", mail: "Mail", images: "Images", networks: "Networks", swarm: "Swarm",
      nodes: "Nodes", workloads: "Workloads", services: "Services", configuration: "Configuration", events: "Events", apps: "Apps", vms: "VMs", shares: "Shares", protection: "Protection",
      health: "Health", activity: "Activity", machines: "Machines", availability: "Availability",
    } as Record<string, string>,
    filterLabel: (area: string) => `Filter ${area}`,
    living: (area: AreaId, n: number) => count(n, LIVING[area]),
    hosts: (area: AreaId, n: number) => count(n, HOSTS[area]),
    headName: { proxmox: "Guest", docker: "Container", kubernetes: "Pod", truenas: "App", machines: "Machine" } satisfies Record<AreaId, string>,
    by: { host: "By host", node: "By node", stack: "By stack", pod: "By pod", namespace: "By namespace", system: "By system" },
    noGroup: "Without a host",
    stopped: "Stopped",
    none: (area: string) => `${area} has no workloads yet`,
    noneText: "Its hosts report, and nothing runs on them.",
    filteredBy: (n: number, m: number) => `${n} of ${count(m, "host")} shown`,
    kinds: { vm: "VM", "system-container": "CT", "app-container": "Container", pod: "Pod", agent: "Host", "docker-host": "Host", "k8s-node": "Node", pbs: "PBS", pmg: "PMG" } as Record<string, string>,
    neverBacked: "never",
    exited: (code: number) => `Exited ${code}`,
    outOfMemory: "out of memory",
    runStates: { restarting: "Restarting", paused: "Paused", created: "Never started", dead: "Dead", removing: "Being removed" } as Record<string, string>,
    noStack: "Without a stack",
    noPod: "Without a pod",
    up: (span: string) => `Up ${span}`,
    updateReady: "Update",
    current: "current",
    updateUnknown: (reason: string) => `unknown: ${reason}`,
    updateAsked: (age: string) => `The registry was asked ${age} ago`,
    restarted: (n: number) => count(n, "restart"),
  },
};
