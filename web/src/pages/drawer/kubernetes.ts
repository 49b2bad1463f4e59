/** Facts of clusters and of what is in them. What nobody said is left out later. */
import type { Kubernetes } from "../../api/schema";
import type { Resource } from "../../live/frames";
import { accessOf, boundsOf, budgetOf, claimOf, ipOf, keysOf, objectOf, ownerOf, pairsOf, portsOf, reclaimOf, roleOf, rulesOf, shareOf, shareWords, subjectsOf, targetOf, usageOf, yesNo } from "../../parts/cells/cluster";
import { capacity, memory, span } from "../../text/format";
import { t } from "../../text/en";
import { type Fact, type Group, list, momentFact, text } from "./facts";

const f = t.facts;
const { heads, drawer: d } = t.cluster;

const room = (cores: number | undefined, bytes: number | undefined, pods: number | undefined) =>
  list([cores === undefined ? undefined : t.drawer.cores(cores), bytes === undefined ? undefined : memory(bytes), pods === undefined ? undefined : d.podsRoom(pods)]);

/** What its agent can measure in a cluster. */
export function measuredWords(can: Kubernetes["metricCapabilities"]): string | undefined {
  if (!can) return undefined;
  return list(Object.entries(d.measures).map(([name, word]) => (can[name as keyof typeof can] ? word : undefined))) ?? d.unmeasured;
}

function cluster(k: Kubernetes): Fact[] {
  return [
    [f.version, k.version],
    [heads.server, k.server],
    [f.context, k.context],
    [heads.agent, k.agentVersion],
    [t.drawer.interval, k.intervalSeconds ? t.drawer.every(k.intervalSeconds) : undefined],
    [d.measured, measuredWords(k.metricCapabilities)],
    [f.state, list([k.hidden ? d.hidden : undefined, k.pendingUninstall ? d.leaving : undefined])],
  ];
}

function node(k: Kubernetes): Fact[] {
  return [
    [f.ready, yesNo(k.ready)],
    [f.roles, list(k.roles)],
    [f.schedulable, k.unschedulable ? f.cordoned : undefined],
    [f.kubelet, k.kubeletVersion],
    [f.capacity, room(k.capacityCpuCores, k.capacityMemoryBytes, k.capacityPods)],
    [d.allocatable, room(k.allocatableCpuCores, k.allocatableMemoryBytes, k.allocatablePods)],
    [f.runtime, k.containerRuntimeVersion],
    [t.drawer.system, k.osImage],
    [t.drawer.kernel, k.kernelVersion],
    [t.drawer.architecture, k.architecture],
  ];
}

function pod(k: Kubernetes): Fact[] {
  const disk = k.ephemeralStorageUsedBytes;
  return [
    [f.phase, k.podPhase],
    [f.reason, list([k.podReason, k.podMessage])],
    [f.restarts, text(k.restarts)],
    [f.owner, ownerOf(k)],
    [f.image, k.image],
    [f.qos, k.qosClass],
    [d.usage, usageOf(k)],
    [d.ephemeral, disk === undefined ? undefined : [capacity(disk), k.ephemeralStorageCapacityBytes && capacity(k.ephemeralStorageCapacityBytes)].filter(Boolean).join(" / ")],
  ];
}

function workload(k: Kubernetes): Fact[] {
  const ended = k.completionTime && k.startTime ? span(Date.parse(k.completionTime) - Date.parse(k.startTime)) : undefined;
  return [
    [f.replicas, shareWords(shareOf(k))],
    [heads.upToDate, text(k.updatedReplicas ?? k.updatedNumberScheduled)],
    [heads.available, text(k.availableReplicas ?? k.numberAvailable)],
    [heads.missing, text(k.numberUnavailable)],
    [heads.schedule, k.schedule],
    momentFact(heads.last, k.lastScheduleTime),
    momentFact(heads.success, k.lastSuccessfulTime),
    [heads.suspended, yesNo(k.suspend)],
    [heads.active, text(k.active)],
    [heads.failed, text(k.failed)],
    [heads.duration, ended],
  ];
}

function network(k: Kubernetes): Fact[] {
  return [
    [f.type, k.serviceType ?? k.addressType],
    [heads.clusterIp, ipOf(k)],
    [heads.external, list(k.externalIps)],
    [heads.service, k.serviceName],
    [heads.hosts, list(k.hosts)],
    [heads.class, k.className],
    [heads.addresses, list(k.addresses)],
    [heads.ports, k.servicePorts ? undefined : portsOf(k)],
    [heads.selector, pairsOf(k.selector)],
    [heads.covers, list(k.policyTypes)],
    [heads.rules, rulesOf(k)],
  ];
}

function storage(k: Kubernetes): Fact[] {
  return [
    [heads.phase, k.phase],
    [heads.capacity, k.capacityBytes === undefined ? undefined : capacity(k.capacityBytes)],
    [heads.asked, k.requestedBytes === undefined ? undefined : capacity(k.requestedBytes)],
    [f.storageClass, k.storageClass],
    [heads.access, accessOf(k)],
    [heads.reclaim, reclaimOf(k)],
    [heads.claim, claimOf(k)],
    [heads.volume, k.volumeName],
    [heads.provisioner, k.provisioner],
    [heads.binding, k.volumeBindingMode && (t.cluster.bindings[k.volumeBindingMode] ?? k.volumeBindingMode)],
    [heads.grows, yesNo(k.allowVolumeExpansion)],
  ];
}

function rules(k: Kubernetes): Fact[] {
  return [
    [f.type, k.secretType],
    [heads.keys, keysOf(k)],
    [heads.immutable, yesNo(k.immutable || undefined)],
    [heads.secrets, text(k.secretCount)],
    [heads.token, yesNo(k.automountServiceAccountToken)],
    [heads.pull, list(k.imagePullSecrets)],
    [heads.ruleCount, text(k.ruleCount)],
    [heads.role, roleOf(k)],
    [heads.subjects, subjectsOf(k)],
    [heads.limits, list(k.limitTypes)],
    [heads.least, budgetOf(k)],
    [heads.allowed, text(k.disruptionsAllowed)],
    [heads.target, targetOf(k)],
    [heads.replicasNow, k.targetName ? text(k.currentReplicas) : undefined],
    [heads.bounds, boundsOf(k)],
    [heads.metrics, list(k.metricTypes)],
  ];
}

function event(k: Kubernetes): Fact[] {
  if (!k.involvedKind && !k.eventType) return [];
  return [[f.type, k.eventType], [f.reason, k.reason], [heads.object, objectOf(k)], [heads.message, k.message], [heads.count, text(k.count)], momentFact(heads.when, k.eventTime), momentFact(heads.first, k.firstSeen)];
}

const parts = (k: Kubernetes): Fact[] => [...event(k), ...node(k), ...pod(k), ...workload(k), ...network(k), ...storage(k), ...rules(k)];

export function kubernetesGroup(k: Kubernetes): Group {
  const facts: Fact[] = [
    [f.cluster, k.clusterName],
    [f.namespace, k.namespace],
    [f.node, k.nodeName],
    ...cluster(k),
    ...parts(k),
    momentFact(d.created, k.createdAt),
    momentFact(d.started, k.startTime),
    [d.uid, k.resourceUid],
  ];
  return { title: f.groups.kubernetes, facts };
}

/** What one looks for first in a thing of this kind. */
export function kubernetesFigures(entry: Resource, k: Kubernetes, up: Fact): Fact[] {
  if (entry.type === "pod") return [[f.namespace, k.namespace], [f.node, k.nodeName], up, [f.phase, k.podPhase], [f.restarts, text(k.restarts)], [f.owner, ownerOf(k)]];
  if (entry.type === "k8s-node") return [[f.ready, yesNo(k.ready)], [f.roles, list(k.roles)], up, [f.kubelet, k.kubeletVersion], [f.schedulable, k.unschedulable ? f.cordoned : undefined], [t.drawer.system, k.osImage]];
  if (entry.type === "k8s-cluster") return cluster(k).slice(0, 6);
  const own = parts(k).filter(([label, value]) => value !== undefined && label !== heads.message && label !== heads.selector);
  // One or two figures are no overview: they stand among the facts.
  return own.length < 2 ? [] : [[f.namespace, k.namespace] as Fact, ...own].slice(0, 6);
}
