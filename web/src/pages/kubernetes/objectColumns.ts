/** Columns of what a cluster keeps beside nodes and pods: what makes pods, services, storage, configuration, events. */
import { latestOf } from "../../live/estate";
import { accessOf, boundsOf, budgetOf, claimOf, happened, ipOf, keysOf, objectOf, ownerOf, pairsOf, portsOf, quotaWords, reclaimOf, roleOf, rulesOf, shareOf, shareWords, subjectsOf, targetOf, yesNo } from "../../parts/cells/cluster";
import { amount, since, word } from "../../parts/columns/facts";
import { onRequest } from "../../parts/columns/workloads";
import type { Column } from "../../parts/table/columns";
import { capacity, span } from "../../text/format";
import { t } from "../../text/en";
import type { Kubernetes } from "../../api/schema";
import { type ClusterKind, of } from "./kinds";

const { heads, titles } = t.cluster;

type Read = (k: Kubernetes) => string | undefined;
const say = (id: string, head: string, least: number, read: Read, more: Partial<Column> = {}) => word(id, head, least, (row) => read(of(row)), { rowsOnly: true, ...more });
const many = (id: string, head: string, least: number, read: (k: Kubernetes) => number | undefined, more: Partial<Column> = {}) => amount(id, head, least, (row) => read(of(row)), String, more);
const ago = (id: string, head: string, read: Read, more: Partial<Column> = {}) => since(id, head, (row) => read(of(row)), more);

/** Ready of wanted; sorts by what is missing, the worst last. */
const share = (head: string, title: string): Column => ({ ...word("tasks", head, 76, (row) => shareWords(shareOf(of(row))), { title, priority: 2, numeric: true, text: false, class: "second", rowsOnly: true }), sort: (row) => missing(of(row)) });
function missing(k: Kubernetes): number | undefined {
  const part = shareOf(k);
  return part && part.of - part.is;
}

const took: Read = (k) => (k.startTime && k.completionTime ? span(Date.parse(k.completionTime) - Date.parse(k.startTime)) : undefined);
const SCOPE = word("scope", heads.scope, 104, (row) => (latestOf(row)?.type.startsWith("k8s-cluster-") ? t.cluster.wholeCluster : t.cluster.oneNamespace), { rowsOnly: true });
const READY = share(heads.replicas, titles.replicas);
const PORTS = say("ports", heads.ports, 130, portsOf, { priority: 3, grow: 1 });
const CLASS = say("class", heads.class, 110, (k) => k.storageClass, { priority: 3 });
const SIZE = amount("size", heads.capacity, 84, (row) => of(row).capacityBytes ?? of(row).requestedBytes, capacity, { priority: 2 });
const KEYS = say("keys", heads.keys, 220, keysOf, { priority: 3, grow: 2 });
const FIXED = say("immutable", heads.immutable, 66, (k) => yesNo(k.immutable || undefined));

interface Shared {
  NAMESPACE: Column;
  CLUSTER: Column;
  AGE: Column;
  PHASE: Column;
}

type ObjectKind = Exclude<ClusterKind, "clusters" | "namespaces" | "nodes" | "pods">;

function workloads({ NAMESPACE, CLUSTER, AGE }: Shared): Pick<Record<ObjectKind, readonly Column[]>, "deployments" | "statefulSets" | "daemonSets" | "replicaSets" | "jobs" | "cronJobs"> {
  const UPDATED = many("updated", heads.upToDate, 84, (k) => k.updatedReplicas ?? k.updatedNumberScheduled, { priority: 4 });
  const AVAILABLE = many("available", heads.available, 76, (k) => k.availableReplicas ?? k.numberAvailable, { priority: 4 });
  const OWNER = say("owner", t.columns.heads.owner, 180, ownerOf, { priority: 3, grow: 1 });
  return {
    deployments: [NAMESPACE, READY, UPDATED, AVAILABLE, CLUSTER, AGE],
    statefulSets: [NAMESPACE, READY, UPDATED, AVAILABLE, say("service", heads.service, 130, (k) => k.serviceName), CLUSTER, AGE],
    daemonSets: [NAMESPACE, { ...READY, title: titles.replicas }, UPDATED, AVAILABLE, many("missing", heads.missing, 84, (k) => k.numberUnavailable, { priority: 3 }), CLUSTER, AGE],
    replicaSets: [NAMESPACE, READY, AVAILABLE, OWNER, CLUSTER, AGE],
    jobs: [NAMESPACE, share(heads.completions, heads.completions), many("active", heads.active, 72, (k) => k.active, { priority: 3 }), many("failed", heads.failed, 64, (k) => k.failed, { priority: 3 }), say("duration", heads.duration, 84, took, { numeric: true }), ago("started", t.cluster.drawer.started, (k) => k.startTime, { priority: 4 }), CLUSTER],
    cronJobs: [
      NAMESPACE,
      say("schedule", heads.schedule, 124, (k) => k.schedule, { priority: 2, class: "second mono cut" }),
      ago("last-run", heads.last, (k) => k.lastScheduleTime, { priority: 3, least: 76 }),
      ago("success", heads.success, (k) => k.lastSuccessfulTime, { priority: 3, least: 96 }),
      many("active", heads.active, 72, (k) => k.active),
      say("suspended", heads.suspended, 88, (k) => yesNo(k.suspend), { priority: 4 }),
      CLUSTER,
      AGE,
    ],
  };
}

function networks({ NAMESPACE, CLUSTER, AGE }: Shared): Pick<Record<ObjectKind, readonly Column[]>, "services" | "ingresses" | "endpoints" | "policies"> {
  return {
    services: [
      NAMESPACE,
      say("type", heads.type, 104, (k) => k.serviceType, { priority: 2, unlessBy: "type" }),
      say("ip", heads.clusterIp, 116, ipOf, { priority: 4 }),
      say("external", heads.external, 130, (k) => k.externalIps?.join(", "), { priority: 3 }),
      PORTS,
      say("selector", heads.selector, 180, (k) => pairsOf(k.selector), { grow: 1 }),
      CLUSTER,
      AGE,
    ],
    ingresses: [NAMESPACE, say("hosts", heads.hosts, 220, (k) => k.hosts?.join(", "), { priority: 2, grow: 2 }), say("class", heads.class, 100, (k) => k.className, { priority: 3 }), say("addresses", heads.addresses, 150, (k) => k.addresses?.join(", "), { priority: 4, grow: 1 }), CLUSTER, AGE],
    endpoints: [NAMESPACE, share(heads.ready, titles.endpoints), say("service", heads.service, 150, (k) => k.serviceName, { priority: 3, grow: 1 }), say("type", heads.type, 72, (k) => k.addressType), PORTS, CLUSTER, AGE],
    policies: [NAMESPACE, say("covers", heads.covers, 140, (k) => k.policyTypes?.join(", "), { priority: 2, grow: 1 }), say("rules", heads.rules, 100, rulesOf, { priority: 3 }), CLUSTER, AGE],
  };
}

function storage({ NAMESPACE, CLUSTER, AGE, PHASE }: Shared): Pick<Record<ObjectKind, readonly Column[]>, "claims" | "volumes" | "classes"> {
  const ACCESS = say("access", heads.access, 140, accessOf, { priority: 4 });
  return {
    claims: [NAMESPACE, PHASE, SIZE, CLASS, say("volume", heads.volume, 180, (k) => k.volumeName, { priority: 4, grow: 1 }), ACCESS, CLUSTER, AGE],
    volumes: [PHASE, SIZE, CLASS, say("claim", heads.claim, 190, claimOf, { priority: 3, grow: 1 }), ACCESS, say("reclaim", heads.reclaim, 104, reclaimOf, { priority: 4 }), CLUSTER, AGE],
    classes: [
      say("provisioner", heads.provisioner, 200, (k) => k.provisioner, { priority: 2, grow: 1 }),
      say("reclaim", heads.reclaim, 104, reclaimOf, { priority: 3 }),
      say("binding", heads.binding, 136, (k) => (k.volumeBindingMode ? (t.cluster.bindings[k.volumeBindingMode] ?? k.volumeBindingMode) : undefined), { priority: 4 }),
      say("grows", heads.grows, 84, (k) => yesNo(k.allowVolumeExpansion), { priority: 4 }),
      CLUSTER,
      AGE,
    ],
  };
}

function configuration({ NAMESPACE, CLUSTER, AGE }: Shared): Pick<Record<ObjectKind, readonly Column[]>, "configMaps" | "secrets" | "accounts" | "roles" | "bindings"> {
  return {
    configMaps: [NAMESPACE, KEYS, FIXED, CLUSTER, AGE],
    secrets: [NAMESPACE, say("type", heads.type, 220, (k) => k.secretType, { priority: 2, grow: 1, unlessBy: "type" }), KEYS, FIXED, CLUSTER, AGE],
    accounts: [NAMESPACE, many("secrets", heads.secrets, 72, (k) => k.secretCount, { priority: 3 }), say("token", heads.token, 104, (k) => yesNo(k.automountServiceAccountToken) ?? t.cluster.byDefault, { priority: 3 }), say("pull", heads.pull, 150, (k) => k.imagePullSecrets?.join(", "), { grow: 1 }), CLUSTER, AGE],
    roles: [NAMESPACE, { ...SCOPE, priority: 2 }, many("count", heads.ruleCount, 64, (k) => k.ruleCount, { priority: 3 }), CLUSTER, AGE],
    bindings: [NAMESPACE, { ...SCOPE, priority: 4 }, say("role", heads.role, 200, roleOf, { priority: 2, grow: 1 }), say("subjects", heads.subjects, 160, subjectsOf, { priority: 3, grow: 1 }), CLUSTER, AGE],
  };
}

function bounds({ NAMESPACE, CLUSTER, AGE }: Shared): Pick<Record<ObjectKind, readonly Column[]>, "quotas" | "limits" | "budgets" | "scalers"> {
  return {
    quotas: [NAMESPACE, say("used", heads.used, 300, quotaWords, { priority: 2, grow: 3 }), CLUSTER, AGE],
    limits: [NAMESPACE, say("limits", heads.limits, 200, (k) => k.limitTypes?.join(", "), { priority: 2, grow: 1 }), CLUSTER, AGE],
    budgets: [NAMESPACE, share(heads.healthy, titles.healthy), many("allowed", heads.allowed, 72, (k) => k.disruptionsAllowed, { priority: 3 }), say("least", heads.least, 130, budgetOf, { priority: 3, grow: 1 }), CLUSTER, AGE],
    scalers: [
      NAMESPACE,
      say("target", heads.target, 200, targetOf, { priority: 2, grow: 1 }),
      many("count", heads.replicasNow, 76, (k) => k.currentReplicas, { priority: 3 }),
      say("bounds", heads.bounds, 110, boundsOf, { priority: 3 }),
      say("metrics", heads.metrics, 130, (k) => k.metricTypes?.join(", ")),
      CLUSTER,
      AGE,
    ],
  };
}

function events({ NAMESPACE, CLUSTER }: Shared): readonly Column[] {
  return [
    ago("when", heads.when, happened, { priority: 1, least: 76 }),
    say("object", heads.object, 220, objectOf, { priority: 2, grow: 1, unlessBy: "object" }),
    NAMESPACE,
    many("count", heads.count, 58, (k) => k.count, { priority: 3 }),
    say("message", heads.message, 260, (k) => k.message, { priority: 2, grow: 3 }),
    say("type", heads.type, 76, (k) => k.eventType, { unlessBy: "type" }),
    CLUSTER,
    ...onRequest(ago("first", heads.first, (k) => k.firstSeen)),
  ];
}

export const OBJECT_COLUMNS = (shared: Shared): Record<ObjectKind, readonly Column[]> => ({ ...workloads(shared), ...networks(shared), ...storage(shared), ...configuration(shared), ...bounds(shared), events: events(shared) });
