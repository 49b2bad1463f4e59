/** The lists of a Kubernetes cluster: which page has which, and what belongs into each. */
import { facetsOf } from "../../api/facets";
import type { Kubernetes } from "../../api/schema";
import type { ClusterPart } from "../../app/routes";
import { ids, latestOf } from "../../live/estate";
import type { Resource } from "../../live/frames";
import { nameOf, naturalKey } from "../../live/names";

const TYPES = {
  clusters: ["k8s-cluster"],
  namespaces: ["k8s-namespace"],
  nodes: ["k8s-node"],
  pods: ["pod"],
  deployments: ["k8s-deployment"],
  statefulSets: ["k8s-statefulset"],
  daemonSets: ["k8s-daemonset"],
  replicaSets: ["k8s-replicaset"],
  jobs: ["k8s-job"],
  cronJobs: ["k8s-cronjob"],
  services: ["k8s-service"],
  ingresses: ["k8s-ingress"],
  endpoints: ["k8s-endpoint-slice"],
  policies: ["k8s-network-policy"],
  claims: ["k8s-persistent-volume-claim"],
  volumes: ["k8s-persistent-volume"],
  classes: ["k8s-storage-class"],
  configMaps: ["k8s-configmap"],
  secrets: ["k8s-secret"],
  accounts: ["k8s-serviceaccount"],
  roles: ["k8s-role", "k8s-cluster-role"],
  bindings: ["k8s-role-binding", "k8s-cluster-role-binding"],
  quotas: ["k8s-resource-quota"],
  limits: ["k8s-limit-range"],
  budgets: ["k8s-pod-disruption-budget"],
  scalers: ["k8s-horizontal-pod-autoscaler"],
  events: ["k8s-event"],
} as const satisfies Record<string, readonly Resource["type"][]>;

export type ClusterKind = keyof typeof TYPES;

/** The lists of each page; the first is the usual one. */
export const KINDS_OF: Record<ClusterPart, readonly ClusterKind[]> = {
  overview: ["clusters", "namespaces"],
  nodes: ["nodes"],
  workloads: ["pods", "deployments", "statefulSets", "daemonSets", "replicaSets", "jobs", "cronJobs"],
  services: ["services", "ingresses", "endpoints", "policies"],
  storage: ["claims", "volumes", "classes"],
  configuration: ["configMaps", "secrets", "accounts", "roles", "bindings", "quotas", "limits", "budgets", "scalers"],
  events: ["events"],
};

/** Kinds whose rows belong to no namespace: a namespace chosen elsewhere says nothing about them. */
const WITHOUT_NAMESPACE: ReadonlySet<ClusterKind> = new Set(["clusters", "namespaces", "nodes", "volumes", "classes"]);

export const hasNamespaces = (kind: ClusterKind) => !WITHOUT_NAMESPACE.has(kind);

const kindByType = new Map<string, ClusterKind>(Object.entries(TYPES).flatMap(([kind, types]) => types.map((type) => [type, kind as ClusterKind] as const)));

export const kindOf = (type: string | undefined): ClusterKind | undefined => kindByType.get(type ?? "");

const NOTHING: Kubernetes = {};

/** What its cluster says of a resource. */
export const of = (id: string): Kubernetes => facetsOf(latestOf(id)).kubernetes ?? NOTHING;

/** The ids of every kind, from one walk over everything. */
export function rowsByKind(): ReadonlyMap<ClusterKind, string[]> {
  const found = new Map<ClusterKind, string[]>();
  for (const id of ids()) {
    const kind = kindOf(latestOf(id)?.type);
    if (!kind) continue;
    const present = found.get(kind);
    if (present) present.push(id);
    else found.set(kind, [id]);
  }
  return found;
}

/** The cluster something is in, by the id all its parts carry. */
export const clusterOf = (id: string) => of(id).clusterId ?? "";

export interface ClusterName {
  id: string;
  name: string;
}

/** The clusters among some rows, by name; those of one name are told apart by where their API is. */
export function clustersAmong(rows: readonly string[]): ClusterName[] {
  const known = new Map<string, { id: string; name: string; server: string | undefined }>();
  for (const row of rows) {
    const { clusterId, clusterName, server } = of(row);
    if (clusterId && !known.has(clusterId)) known.set(clusterId, { id: clusterId, name: latestOf(row)?.type === "k8s-cluster" ? nameOf(latestOf(row)) : (clusterName ?? clusterId), server });
  }
  const all = [...known.values()];
  const isAlone = (name: string) => all.filter((entry) => entry.name === name).length === 1;
  const named = all.map(({ id, name, server }) => ({ id, name: isAlone(name) ? name : `${name} (${server?.replace(/^https?:\/\//, "") ?? id.slice(0, 8)})` }));
  return named.sort((a, b) => (naturalKey(a.name) < naturalKey(b.name) ? -1 : 1));
}

/** The namespaces among some rows of a cluster, or of all. */
export function namespacesAmong(rows: readonly string[], cluster: string | undefined): string[] {
  const found = new Set<string>();
  for (const row of rows) {
    const { namespace, clusterId } = of(row);
    if (namespace && (!cluster || clusterId?.toLowerCase() === cluster.toLowerCase())) found.add(namespace);
  }
  return [...found].sort();
}
