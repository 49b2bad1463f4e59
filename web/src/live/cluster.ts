/** Who belongs to whom inside a cluster, by the names its objects give: owners, their pods, what an event is about. */
import { facetsOf } from "../api/facets";
import type { Kubernetes } from "../api/schema";
import type { Resource } from "./frames";
import type { Standing } from "./standing";

/** Kubernetes' own word for a kind, for sources that leave it out. */
const WORDS: Partial<Record<Resource["type"], string>> = {
  pod: "Pod", "k8s-node": "Node", "k8s-namespace": "Namespace", "k8s-deployment": "Deployment", "k8s-replicaset": "ReplicaSet", "k8s-statefulset": "StatefulSet", "k8s-daemonset": "DaemonSet", "k8s-job": "Job", "k8s-cronjob": "CronJob",
  "k8s-service": "Service", "k8s-ingress": "Ingress", "k8s-endpoint-slice": "EndpointSlice", "k8s-persistent-volume-claim": "PersistentVolumeClaim", "k8s-persistent-volume": "PersistentVolume", "k8s-storage-class": "StorageClass", "k8s-horizontal-pod-autoscaler": "HorizontalPodAutoscaler",
  "k8s-cluster-role": "ClusterRole", "k8s-role": "Role",
};

export const wordOf = (entry: Resource) => facetsOf(entry).kubernetes?.resourceKind ?? WORDS[entry.type];

/** An object as others name it. Things of the whole cluster have no namespace. */
export interface ObjectKey {
  cluster: string | undefined;
  kind: string | undefined;
  name: string | undefined;
  namespace?: string;
}

const facts = (entry: Resource): Kubernetes => facetsOf(entry).kubernetes ?? {};

function isNamed(entry: Resource, key: ObjectKey): boolean {
  if (entry.name !== key.name || wordOf(entry) !== key.kind) return false;
  const { clusterId, namespace } = facts(entry);
  return clusterId === key.cluster && (!namespace || !key.namespace || namespace === key.namespace);
}

/** The object of that name; undefined when nobody reports it. */
export function findObject(all: readonly Resource[], key: ObjectKey): Resource | undefined {
  return key.name && key.kind ? all.find((entry) => isNamed(entry, key)) : undefined;
}

function ownerOf(all: readonly Resource[], entry: Resource): Resource | undefined {
  const { clusterId, ownerKind, ownerName, namespace } = facts(entry);
  return findObject(all, { cluster: clusterId, kind: ownerKind, name: ownerName, namespace });
}

const DEEPEST = 4;

/** Whoever made it, and whoever made that, nearest first; ends where nobody reports the next. */
export function ownersOf(all: readonly Resource[], entry: Resource): Resource[] {
  const found: Resource[] = [];
  for (let next = ownerOf(all, entry); next && found.length < DEEPEST && !found.includes(next); next = ownerOf(all, next)) found.push(next);
  return found;
}

const MAKERS: ReadonlySet<string> = new Set(["k8s-deployment", "k8s-replicaset", "k8s-statefulset", "k8s-daemonset", "k8s-job", "k8s-cronjob"]);
export const makesPods = (type: string) => MAKERS.has(type);

/** The pods something made, itself or by what it made. */
export function podsOf(all: readonly Resource[], maker: Resource): Resource[] {
  const { clusterId, namespace } = facts(maker);
  const near = all.filter((entry) => facts(entry).clusterId === clusterId && facts(entry).namespace === namespace && !!facts(entry).ownerName);
  const isOf = (entry: Resource, owner: Resource) => facts(entry).ownerKind === wordOf(owner) && facts(entry).ownerName === owner.name;
  const between = near.filter((entry) => makesPods(entry.type) && isOf(entry, maker));
  return near.filter((entry) => entry.type === "pod" && [maker, ...between].some((owner) => isOf(entry, owner)));
}

const isSelected = (labels: Kubernetes["labels"], selector: readonly [string, unknown][]) => selector.every(([name, value]) => labels?.[name] === value);

/** The pods a service leads to: those with every label it asks for; a service that asks for none leads to none. */
export function podsBehind(all: readonly Resource[], service: Resource): Resource[] {
  const { clusterId, namespace, selector } = facts(service);
  const wanted = Object.entries(selector ?? {});
  if (wanted.length === 0) return [];
  return all.filter((entry) => entry.type === "pod" && facts(entry).clusterId === clusterId && facts(entry).namespace === namespace && isSelected(facts(entry).labels, wanted));
}

/** The sign of something: a warning event is one at a glance, though it is no state that lasts. */
export const signOf = (entry: Resource | undefined, stands: Standing): Standing => (entry?.type === "k8s-event" && entry.kubernetes?.eventType === "Warning" ? "warning" : stands);

const seen = (entry: Resource) => Date.parse(facts(entry).eventTime ?? facts(entry).firstSeen ?? "") || 0;

/** Events about something, the latest first. */
export function eventsOf(all: readonly Resource[], subject: Resource): Resource[] {
  const { clusterId, namespace } = facts(subject);
  const kind = wordOf(subject);
  const isAbout = ({ involvedKind, involvedName, ...event }: Kubernetes) => involvedName === subject.name && involvedKind === kind && event.clusterId === clusterId && (!namespace || !event.namespace || event.namespace === namespace);
  return all.filter((entry) => entry.type === "k8s-event" && isAbout(facts(entry))).sort((a, b) => seen(b) - seen(a));
}

/** What else it names: the volume of a claim, the claim of a volume, what an autoscaler scales, the role of a binding, what an event is about. */
export function relatedOf(all: readonly Resource[], entry: Resource): Resource[] {
  const k = facts(entry);
  const key = (kind: string | undefined, name: string | undefined, namespace = k.namespace): ObjectKey => ({ cluster: k.clusterId, kind, name, namespace });
  const keys = [
    key("PersistentVolume", k.volumeName),
    key("PersistentVolumeClaim", k.claimName, k.claimNamespace),
    entry.type === "k8s-storage-class" ? key(undefined, undefined) : key("StorageClass", k.storageClass),
    key(k.targetKind, k.targetName),
    key(k.roleKind, k.roleName),
    key("Service", k.serviceName),
    key(k.involvedKind, k.involvedName),
  ];
  return [...new Set(keys.flatMap((wanted) => findObject(all, wanted) ?? []))];
}

