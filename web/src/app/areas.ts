/**
 * The areas of the estate: which resources belong where, and where each lives in the address bar.
 */
import type { Resource } from "../live/frames";

export type AreaId = "proxmox" | "docker" | "kubernetes" | "truenas" | "vmware" | "machines";

interface Area {
  id: AreaId;
  path: string;
  /** Second key of the `g` pair. */
  key: string;
  /** Start of `platformType`, and of `type` where a source names no platform. */
  owns: readonly string[];
}

export const AREAS: readonly Area[] = [
  { id: "proxmox", path: "/proxmox/overview", key: "p", owns: ["proxmox", "pbs", "pmg", "ceph"] },
  { id: "docker", path: "/docker/overview", key: "d", owns: ["docker", "podman"] },
  { id: "kubernetes", path: "/kubernetes/overview", key: "k", owns: ["kubernetes", "k8s"] },
  { id: "truenas", path: "/truenas/overview", key: "n", owns: ["truenas"] },
  { id: "vmware", path: "/vmware/overview", key: "v", owns: ["vmware", "vsphere"] },
  { id: "machines", path: "/standalone/machines", key: "s", owns: [] },
];

/** The area a resource belongs to. A host that only an agent reports is a machine. */
export function areaOf(resource: Pick<Resource, "type" | "platformType">): AreaId {
  const platform = resource.platformType;
  const match = (start: string) => platform.startsWith(start) || resource.type.startsWith(start);
  return AREAS.find((area) => area.owns.some(match))?.id ?? "machines";
}

export function areaPath(id: AreaId): string {
  return AREAS.find((area) => area.id === id)?.path ?? "/";
}
