/** What a resource is to the estate: a host, something that lives on one, or something that belongs to it. */
const HOSTS: ReadonlySet<string> = new Set(["agent", "docker-host", "k8s-node", "pbs", "pmg"]);
const WORKLOADS: ReadonlySet<string> = new Set(["vm", "system-container", "app-container", "pod"]);

const MEASURED: ReadonlySet<string> = new Set([...HOSTS, ...WORKLOADS, "storage", "physical_disk", "ceph", "k8s-cluster"]);

export type Typed = { type: string };

/** Machines, nodes and appliances: what has processors and memory of its own. */
export function isHost(resource: Typed): boolean {
  return HOSTS.has(resource.type);
}

/** Guests, containers and pods. */
export function isWorkload(resource: Typed): boolean {
  return WORKLOADS.has(resource.type);
}

/** What has figures of its own, and so a history; images, networks, services and the like have none. */
export function isMeasured(resource: Typed): boolean {
  return MEASURED.has(resource.type);
}
