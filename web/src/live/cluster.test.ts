import { describe, expect, it } from "vitest";
import type { Kubernetes } from "../api/schema";
import { eventsOf, ownersOf, podsBehind, podsOf, relatedOf, signOf } from "./cluster";
import type { Resource } from "./frames";
import { specimen } from "./specimen";

const made = (type: Resource["type"], name: string, kubernetes: Kubernetes = {}, cluster = "c1") => specimen({ id: `${cluster}/${type}/${kubernetes.namespace ?? ""}/${name}`, type, name, kubernetes: { clusterId: cluster, ...kubernetes } });
const names = (entries: readonly Resource[]) => entries.map((entry) => entry.id);

describe("in a cluster", () => {
  const deployment = made("k8s-deployment", "shop", { namespace: "a" });
  const set = made("k8s-replicaset", "shop-1", { namespace: "a", ownerKind: "Deployment", ownerName: "shop" });
  const pod = made("pod", "shop-1-x", { namespace: "a", ownerKind: "ReplicaSet", ownerName: "shop-1", labels: { app: "shop" } });
  const elsewhere = made("pod", "shop-1-x", { namespace: "a", ownerKind: "ReplicaSet", ownerName: "shop-1", labels: { app: "shop" } }, "c2");
  const stranger = made("pod", "other", { namespace: "b", ownerKind: "ReplicaSet", ownerName: "shop-1", labels: { app: "shop" } });
  const all = [deployment, set, pod, elsewhere, stranger];

  it("a pod leads to its set and on to its deployment", () => {
    expect(names(ownersOf(all, pod))).toEqual([set.id, deployment.id]);
    expect(ownersOf(all, stranger)).toEqual([]);
  });
  it("owners that name each other in a circle come to an end", () => {
    const one = made("k8s-job", "one", { ownerKind: "Job", ownerName: "two" });
    const two = made("k8s-job", "two", { ownerKind: "Job", ownerName: "one" });
    expect(ownersOf([one, two], one).length).toBeLessThan(5);
  });
  it("pods of a deployment are those of its sets, of this cluster and namespace alone", () => {
    expect(names(podsOf(all, deployment))).toEqual([pod.id]);
    expect(names(podsOf(all, set))).toEqual([pod.id]);
  });
  it("a service leads to pods with its labels, and to none when it asks for none", () => {
    expect(names(podsBehind(all, made("k8s-service", "shop", { namespace: "a", selector: { app: "shop" } })))).toEqual([pod.id]);
    expect(podsBehind(all, made("k8s-service", "shop", { namespace: "a" }))).toEqual([]);
  });
  it("events are told of the object they name, the latest first", () => {
    const event = (name: string, at: string, more: Kubernetes = {}) => made("k8s-event", name, { namespace: "a", involvedKind: "Pod", involvedName: "shop-1-x", eventTime: at, ...more });
    const [early, late] = [event("e1", "2026-01-01T00:00:00Z"), event("e2", "2026-01-02T00:00:00Z")];
    expect(names(eventsOf([early, late, event("e3", "2026-01-03T00:00:00Z", { namespace: "b" }), event("e4", "2026-01-03T00:00:00Z", { involvedKind: "Job" })], pod))).toEqual([late.id, early.id]);
  });
  it("a warning is seen as one, whatever its event is counted as", () => {
    expect([signOf(made("k8s-event", "e", { eventType: "Warning" }), "running"), signOf(made("k8s-event", "e", { eventType: "Normal" }), "running"), signOf(pod, "stale")]).toEqual(["warning", "running", "stale"]);
  });
  it("a claim leads to its volume and class, a volume to its claim", () => {
    const claim = made("k8s-persistent-volume-claim", "data", { namespace: "a", volumeName: "pv", storageClass: "fast" });
    const volume = made("k8s-persistent-volume", "pv", { claimNamespace: "a", claimName: "data" });
    const fast = made("k8s-storage-class", "fast");
    expect(names(relatedOf([claim, volume, fast], claim))).toEqual([volume.id, fast.id]);
    expect(names(relatedOf([claim, volume, fast], volume))).toEqual([claim.id]);
  });
});
