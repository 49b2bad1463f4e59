/**
 * The areas of the estate: which resources belong where, and where each lives in the address bar.
 */
import { facetsOf } from "../api/facets";
import type { Facets } from "../api/schema";
import type { Resource } from "../live/frames";

export type AreaId = "proxmox" | "docker" | "kubernetes" | "truenas" | "machines";

interface Area {
  id: AreaId;
  path: string;
  /** Second key of the `g` pair. */
  key: string;
  /** Start of `platformType`, and of `type` where a source names no platform. */
  owns: readonly string[];
  /** A host with this facet is shown here, when its platform says no more than "agent". */
  facets: readonly (keyof Facets)[];
}

export const AREAS: readonly Area[] = [
  { id: "proxmox", path: "/proxmox/overview", key: "p", owns: ["proxmox", "pbs", "pmg", "ceph"], facets: ["proxmox", "pbs", "pmg", "ceph"] },
  { id: "docker", path: "/docker/overview", key: "d", owns: ["docker", "podman", "app-container"], facets: ["docker"] },
  { id: "kubernetes", path: "/kubernetes/overview", key: "k", owns: ["kubernetes", "k8s", "pod"], facets: ["kubernetes"] },
  { id: "truenas", path: "/truenas/overview", key: "n", owns: ["truenas"], facets: ["truenas"] },
  { id: "machines", path: "/standalone/machines", key: "s", owns: [], facets: [] },
];

/** Thousands of resources have a handful of platforms. */
const byWords = new Map<string, AreaId | undefined>();

function named(platform: string, type: string): AreaId | undefined {
  const key = `${platform} ${type}`;
  if (!byWords.has(key)) {
    const starting = (word: string) => AREAS.find((area) => area.owns.some((start) => word.startsWith(start)))?.id;
    byWords.set(key, starting(platform) ?? starting(type));
  }
  return byWords.get(key);
}

/** The area a resource belongs to. A host that only an agent reports is a machine. */
export function areaOf(resource: { type: string; platformType: string }): AreaId {
  const area = named(resource.platformType, resource.type);
  if (area) return area;
  const facets = facetsOf(resource as Resource);
  // A node of a cluster or an appliance first: what else runs on it is a part of it.
  if (facets.proxmox) return "proxmox";
  if (facets.truenas) return "truenas";
  return AREAS.find((entry) => entry.facets.some((facet) => facets[facet]))?.id ?? "machines";
}

export function areaPath(id: AreaId): string {
  return AREAS.find((area) => area.id === id)?.path ?? "/";
}
