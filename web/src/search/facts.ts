/**
 * What can be asked about a resource: one text per field, and one of everything for plain words. Kept per resource and
 * made anew only when a part it is made of was replaced, so that filtering thousands of rows reads strings only.
 */
import { untrack } from "solid-js";
import { facetsOf } from "../api/facets";
import type { DockerUpdate } from "../api/schema";
import { areaOf } from "../app/areas";
import { ids, latestOf } from "../live/estate";
import type { Resource } from "../live/frames";
import { stackOf } from "../live/kin";
import { isHost } from "../live/kinds";
import { soon } from "../live/soon";

/** Fields of the search language and of the address. */
export const FIELDS = ["node", "host", "type", "status", "tag", "cluster", "namespace", "context", "platform", "os", "image", "update"] as const;
export type Field = (typeof FIELDS)[number];

export type Facts = Record<Exclude<Field, "status">, string> & {
  /** All of it, and names and addresses besides. */
  text: string;
};

interface Kept {
  resource: Resource;
  parts: readonly unknown[];
  facts: Facts;
}

const kept = new Map<string, Kept>();

/** Everyday words for kinds. */
const KINDS: Record<string, string> = {
  agent: "host agent machine",
  "docker-host": "host docker-host",
  "k8s-node": "host node k8s-node",
  pbs: "host pbs",
  pmg: "host pmg",
  vm: "vm guest workload",
  "system-container": "lxc ct system-container guest workload",
  "app-container": "container app-container docker workload",
  pod: "pod workload",
  "docker-service": "service docker-service",
  "k8s-deployment": "deployment k8s-deployment",
  "k8s-cluster": "cluster k8s-cluster",
  physical_disk: "disk physical-disk physical_disk",
  storage: "storage pool",
  ceph: "ceph",
};

function partsOf(resource: Resource): readonly unknown[] {
  const { proxmox, docker, kubernetes } = facetsOf(resource);
  return [resource.name, resource.displayName, resource.tags, resource.agent?.osName, resource.identity, proxmox, docker, kubernetes, resource.parentId];
}

/** Whether a newer image is on offer; nothing where nobody asked. */
export function updateWord(update: DockerUpdate | undefined): "ready" | "current" | "unknown" | undefined {
  if (!update) return undefined;
  if (update.error) return "unknown";
  return update.updateAvailable === undefined ? undefined : update.updateAvailable ? "ready" : "current";
}

function make(resource: Resource): Facts {
  const facets = facetsOf(resource);
  const { proxmox, docker, kubernetes, physicalDisk } = facets;
  const agent = resource.agent;
  const parent = facets.parentName ?? (resource.parentId ? latestOf(resource.parentId)?.name : undefined);
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join("\n").toLowerCase();
  const own = isHost(resource) ? resource.displayName || resource.name : undefined;
  const facts = {
    node: join(proxmox?.nodeName, kubernetes?.nodeName, own, resource.parentId ? parent : undefined),
    host: join(own, agent?.hostname, docker?.hostname, parent),
    type: KINDS[resource.type] ?? resource.type,
    tag: join(...(resource.tags ?? [])),
    cluster: join(proxmox?.clusterName, kubernetes?.clusterName, kubernetes?.clusterId, facets.clusterId),
    namespace: join(kubernetes?.namespace),
    context: join(kubernetes?.context),
    platform: join(areaOf(resource), resource.platformType, resource.technology),
    os: join(agent?.osName, agent?.osVersion, agent?.platform, proxmox?.osName, kubernetes?.osImage, docker?.os),
    image: join(docker?.image, kubernetes?.image),
    update: updateWord(docker?.updateStatus) ?? "",
  };
  const vmid = proxmox?.vmid;
  const text = join(
    resource.displayName, resource.name, agent?.hostname, ...(resource.identity?.ips ?? []), vmid === undefined ? undefined : String(vmid),
    agent?.kernelVersion, agent?.architecture, physicalDisk?.model, physicalDisk?.serial, stackOf(docker),
    facts.node, facts.tag, facts.cluster, facts.namespace, facts.os, facts.image,
  );
  return { ...facts, text };
}

/** How many resources that went may be kept before they are looked for. */
const SLACK = 500;

function forgetGone(): void {
  const present = new Set(untrack(ids));
  for (const id of kept.keys()) if (!present.has(id)) kept.delete(id);
}

/** The facts of a resource, from memory where they still hold. */
export function factsOf(resource: Resource): Facts {
  const present = kept.get(resource.id);
  if (present?.resource === resource) return present.facts;
  const parts = partsOf(resource);
  if (present && parts.every((part, at) => part === present.parts[at])) {
    present.resource = resource;
    return present.facts;
  }
  const facts = make(resource);
  if (kept.size > untrack(ids).length + SLACK) forgetGone();
  kept.set(resource.id, { resource, parts, facts });
  return facts;
}

const AT_ONCE = 400;
const PREPARED_WITHIN = 5000;

/** Prepares the facts of a list while nothing else happens, so that the first letter typed is as quick as the others. */
export function prepareFacts(list: readonly string[], from = 0): void {
  soon(() => {
    for (const id of list.slice(from, from + AT_ONCE)) {
      const entry = latestOf(id);
      if (entry) factsOf(entry);
    }
    if (from + AT_ONCE < list.length) prepareFacts(list, from + AT_ONCE);
  }, PREPARED_WITHIN);
}
