/** Words for what a Kubernetes cluster says of its objects. Pure. */
import type { Kubernetes, KubeServicePort } from "../../api/schema";
import { capacity, figure, memory } from "../../text/format";
import { t } from "../../text/en";

const c = t.cluster;
const join = (words: readonly (string | undefined | false)[]) => words.filter(Boolean).join(", ") || undefined;

/** What there is of what there should be; undefined where nobody said how many there should be. */
export interface Share {
  is: number;
  of: number;
}

/** Counts that are nought are left out on the way, so a count beside a wanted one that is missing is none. */
const share = (is: number | undefined, wanted: number | undefined): Share | undefined => (wanted === undefined ? undefined : { is: is ?? 0, of: wanted });

/** Replicas of a deployment or a set, nodes of a daemon set, completions of a job, endpoints of a slice, pods of a budget. */
export function shareOf(k: Kubernetes): Share | undefined {
  return share(k.readyReplicas, k.desiredReplicas) ?? share(k.numberReady, k.desiredNumberScheduled) ?? share(k.succeeded, k.desiredCompletions) ?? share(k.readyEndpointCount, k.endpointCount) ?? share(k.currentHealthy, k.desiredHealthy);
}

/** Why a pod is not what it should be, in Kubernetes' own word: its own reason, or that of a container that is not ready. */
export const whyPod = (k: Kubernetes) => k.podReason ?? k.podContainers?.find((part) => !part.ready && part.reason)?.reason;

export const shareWords = (part: Share | undefined) => part && c.pair(part.is, part.of);
export const isShort = (part: Share | undefined) => !!part && part.is < part.of;

/** "80→http", with the port of the nodes and the protocol where they are not the usual. */
export function portWords(port: KubeServicePort): string {
  const target = port.targetPort && port.targetPort !== String(port.port) ? `→${port.targetPort}` : "";
  const protocol = port.protocol && port.protocol !== "TCP" ? `/${port.protocol.toLowerCase()}` : "";
  return `${port.port ?? "?"}${port.nodePort ? `:${port.nodePort}` : ""}${target}${protocol}`;
}

export const portsOf = (k: Kubernetes) => join((k.servicePorts ?? k.endpointPorts ?? []).map(portWords));
export const pairsOf = (labels: Kubernetes["labels"] | undefined) => join(Object.entries(labels ?? {}).map(([name, value]) => `${name}=${String(value)}`));

/** Pods of a service without an own address are found by name alone; "None" is Kubernetes' word for it. */
export const ipOf = (k: Kubernetes) => (k.clusterIp === "None" ? undefined : k.clusterIp);

export const yesNo = (value: boolean | undefined) => (value === undefined ? undefined : value ? c.yes : c.no);

export const accessOf = (k: Kubernetes) => join((k.accessModes ?? []).map((mode) => c.accessModes[mode] ?? mode));
export const reclaimOf = (k: Kubernetes) => (k.reclaimPolicy ? (c.reclaims[k.reclaimPolicy] ?? k.reclaimPolicy) : undefined);
export const claimOf = (k: Kubernetes) => [k.claimNamespace, k.claimName].filter(Boolean).join("/") || undefined;

/** Names of what a config map or a secret holds; an agent may list them without reading inside. */
export function keysOf(k: Kubernetes): string | undefined {
  if (k.metadataOnly) return c.namesNotRead;
  return join([...(k.dataKeys ?? []), ...(k.binaryDataKeys ?? [])]);
}

export const rulesOf = (k: Kubernetes) => (k.ingressRuleCount === undefined && k.egressRuleCount === undefined ? undefined : c.pair(k.ingressRuleCount ?? 0, k.egressRuleCount ?? 0));
export const roleOf = (k: Kubernetes) => [k.roleKind, k.roleName].filter(Boolean).join(" ") || undefined;
export const subjectsOf = (k: Kubernetes) => (k.subjectCount === undefined ? undefined : c.subjects(k.subjectCount, (k.subjectKinds ?? []).join(", ")));
export const budgetOf = (k: Kubernetes) => (k.maxUnavailable ? c.mayGo(k.maxUnavailable) : k.minAvailable ? c.mustStay(k.minAvailable) : undefined);
export const targetOf = (k: Kubernetes) => [k.targetKind, k.targetName].filter(Boolean).join(" ") || undefined;
export const objectOf = (k: Kubernetes) => [k.involvedKind, k.involvedName].filter(Boolean).join(" ") || undefined;
export const ownerOf = (k: Kubernetes) => [k.ownerKind, k.ownerName].filter(Boolean).join(" ") || undefined;

/** "2 to 6"; a least of one goes without saying in Kubernetes. */
export const boundsOf = (k: Kubernetes) => (k.maxReplicas === undefined ? undefined : k.minReplicas === undefined ? c.most(k.maxReplicas) : c.from(k.minReplicas, k.maxReplicas));

const SCALES: Record<string, number> = { n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };

/** A quantity as Kubernetes writes it: "1500m", "2Gi", "1e3". */
export function quantity(text: string | undefined): number | undefined {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(text?.trim() ?? "");
  return found ? Number(found[1]) * (found[2] ? (SCALES[found[2]] ?? 1) : 1) : undefined;
}

export interface QuotaLine {
  name: string;
  used: string | undefined;
  hard: string;
  /** Percent; undefined where a figure cannot be read or nothing is allowed. */
  percent: number | undefined;
}

/** What a quota allows and what of it is taken, the fullest first. */
export function quotaLines(k: Kubernetes): QuotaLine[] {
  const lines = Object.entries(k.hard ?? {}).map(([name, hard]): QuotaLine => {
    const used = k.used?.[name] as string | undefined;
    const [is, most] = [quantity(used), quantity(String(hard))];
    return { name, used, hard: String(hard), percent: is === undefined || !most ? undefined : (is / most) * 100 };
  });
  return lines.sort((a, b) => (b.percent ?? -1) - (a.percent ?? -1) || (a.name < b.name ? -1 : 1));
}

export const quotaWords = (k: Kubernetes) => join(quotaLines(k).map((line) => `${line.name} ${line.used ?? "?"} / ${line.hard}`));

/** "0.25 cores, 310 MiB". */
export function usageOf(k: Kubernetes): string | undefined {
  const cpu = k.usageCpuMilliCores === undefined ? "" : c.drawer.cores(figure(k.usageCpuMilliCores / 1000));
  return c.drawer.usageOf(cpu, k.usageMemoryBytes === undefined ? "" : memory(k.usageMemoryBytes)) || undefined;
}

export const volumeSize = (k: Kubernetes) => (k.capacityBytes === undefined ? undefined : capacity(k.capacityBytes));

/** When an event happened last. */
export const happened = (k: Kubernetes) => k.eventTime ?? k.firstSeen;
