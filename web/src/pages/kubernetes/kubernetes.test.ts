import { beforeEach, describe, expect, it } from "vitest";
import type { Kubernetes } from "../../api/schema";
import { clearEstate, latestOf, takeState } from "../../live/estate";
import type { Resource } from "../../live/frames";
import { nameOf } from "../../live/names";
import { specimen } from "../../live/specimen";
import { standingOf } from "../../live/standing";
import { factGroups, figuresOf } from "../drawer/facts";
import { measuredWords } from "../drawer/kubernetes";
import { countKinds } from "./counts";
import { gapsOf, unreadReason } from "./gaps";
import { clustersAmong, hasNamespaces, KINDS_OF, kindOf, namespacesAmong, rowsByKind } from "./kinds";

const made = (type: Resource["type"], name: string, kubernetes: Kubernetes = {}, more: Partial<Resource> = {}) => specimen({ id: `${kubernetes.clusterId ?? "c1"}/${type}/${name}`, type, name, kubernetes: { clusterId: "c1", clusterName: "prod", ...kubernetes }, ...more });
beforeEach(clearEstate);

describe("the lists of a cluster", () => {
  it("every kind is on one page", () => {
    const all = Object.values(KINDS_OF).flat();
    expect(new Set(all).size).toBe(all.length);
    expect([kindOf("k8s-cluster-role"), kindOf("k8s-role"), kindOf("vm"), kindOf(undefined)]).toEqual(["roles", "roles", undefined, undefined]);
  });
  it("rows are found by kind, and what is no part of a cluster is in none", () => {
    takeState({ resources: [made("pod", "a"), made("pod", "b"), made("k8s-secret", "s"), specimen({ id: "vm", type: "vm" })] });
    expect([...rowsByKind()].map(([kind, rows]) => [kind, rows.length])).toEqual([["pods", 2], ["secrets", 1]]);
  });
  it("clusters of one name are told apart by their address", () => {
    takeState({ resources: [made("k8s-cluster", "in-cluster", { clusterId: "x1", server: "https://10.0.0.1:6443" }), made("k8s-cluster", "in-cluster", { clusterId: "x2", server: "https://10.0.0.2:6443" }), made("k8s-cluster", "prod", { clusterId: "x3" })] });
    const all = ["x1", "x2", "x3"].map((id) => `${id}/k8s-cluster/${id === "x3" ? "prod" : "in-cluster"}`);
    expect(clustersAmong(all).map((entry) => entry.name)).toEqual(["in-cluster (10.0.0.1:6443)", "in-cluster (10.0.0.2:6443)", "prod"]);
  });
  it("namespaces are those of the chosen cluster", () => {
    takeState({ resources: [made("pod", "a", { namespace: "shop" }), made("pod", "b", { namespace: "lab", clusterId: "C2" }), made("k8s-node", "n")] });
    const all = ["c1/pod/a", "C2/pod/b", "c1/k8s-node/n"];
    expect([namespacesAmong(all, undefined), namespacesAmong(all, "c2")]).toEqual([["lab", "shop"], ["lab"]]);
    expect([hasNamespaces("pods"), hasNamespaces("nodes")]).toEqual([true, false]);
  });
});

describe("counts of a cluster", () => {
  it("are of what runs, of what there should be and of what was warned of", () => {
    const all = [made("k8s-node", "n", { ready: true }), made("k8s-node", "m", { ready: false }), made("pod", "a", { namespace: "shop", usageCpuMilliCores: 250 }), made("pod", "b", { namespace: "shop" }), made("k8s-deployment", "d", { namespace: "shop", desiredReplicas: 2, readyReplicas: 1 }), made("k8s-event", "e", { namespace: "lab", eventType: "Warning" })];
    const counts = countKinds(all, new Map(all.map((entry) => [entry.id, entry.name === "b" ? "warning" : "running"])));
    expect(counts.get("c1")).toMatchObject({ nodes: { good: 1, all: 2 }, pods: { good: 1, all: 2 }, deployments: { good: 0, all: 1 }, warnings: 1, cpu: 250, memory: undefined });
    expect(counts.get("c1/shop")).toMatchObject({ nodes: { good: 0, all: 0 }, pods: { good: 1, all: 2 }, warnings: 0 });
  });
});

describe("what a page cannot show", () => {
  const cluster = (change: Partial<Resource> = {}, kubernetes: Kubernetes = {}) => made("k8s-cluster", "prod", kubernetes, change);
  it("is said in the words of the source", () => {
    expect(gapsOf("secrets", cluster({ sourceStatus: { kubernetes: { status: "online", lastSeen: "", note: "may not list secrets" } } }), 0)).toEqual(["may not list secrets"]);
    expect(gapsOf("secrets", cluster(), 0)).toEqual([]);
  });
  it("names what is not measured where figures would stand", () => {
    const blind = { metricCapabilities: { nodeCpuMemory: false, podCpuMemory: false } };
    expect([gapsOf("nodes", cluster({}, blind), 3).length, gapsOf("services", cluster({}, blind), 3).length, gapsOf("nodes", cluster({}, {}), 3).length]).toEqual([1, 0, 0]);
  });
  it("takes nothing for unmeasured that is measured: kubelets that are not asked cost the pods' network and storage", () => {
    const told = { metricCapabilities: { nodeCpuMemory: true, podCpuMemory: true }, gaps: [{ member: "usage", reason: "forbidden" }] };
    const mute = cluster({}, told as Kubernetes);
    const words = ["network and ephemeral storage of pods are not known: forbidden"];
    expect([gapsOf("clusters", mute, 1), gapsOf("pods", mute, 3), gapsOf("nodes", mute, 3)]).toEqual([words, words, []]);
  });
  it("names what the agent could not read on the page of it, and all of it with the clusters", () => {
    const told = { gaps: [{ member: "secrets", reason: "forbidden" }, { member: "clusterRoles", reason: "forbidden" }, { member: "usage", reason: "failed", detail: "not found" }] };
    const refused = cluster({}, told as Kubernetes);
    expect(gapsOf("secrets", refused, 0)).toEqual(["its agent could not read secrets: forbidden"]);
    expect(gapsOf("clusters", refused, 1)).toEqual(["its agent could not read secrets, roles: forbidden", "CPU and memory of nodes and pods are not known: not found"]);
    expect([gapsOf("services", refused, 0), unreadReason("roles", [refused]), unreadReason("services", [refused])]).toEqual([[], "forbidden", undefined]);
  });
  it("an agent that says what it left out is believed over any guess", () => {
    const told = { gaps: [{ member: "pods", reason: "limit", leftOut: 41 }], limitedToNamespace: "shop" };
    const cut = cluster({}, told as Kubernetes);
    expect(gapsOf("pods", cut, 200)).toEqual(["its agent sees namespace shop alone", "41 more pods are in the cluster and not listed"]);
  });
  it("says where a list was cut, and not of one that was not", () => {
    expect([gapsOf("pods", cluster(), 199), gapsOf("pods", cluster(), 200).length, gapsOf("events", cluster(), 200).length, gapsOf("services", cluster(), 1000).length, gapsOf("services", cluster(), 200)]).toEqual([[], 1, 1, 1, []]);
  });
});

describe("in the drawer", () => {
  it("a node says what it is and what it has room for", () => {
    const node = made("k8s-node", "n", { ready: true, roles: ["worker"], allocatableCpuCores: 7, allocatablePods: 110, unschedulable: true });
    expect(figuresOf(node)).toContainEqual(["New pods", "kept away"]);
    expect(factGroups(node)[0]?.facts).toContainEqual(["For pods", "7 cores, 110 pods"]);
  });
  it("an autoscaler, a claim and a secret say what they are about, and nothing twice", () => {
    const of = (entry: Resource) => [...figuresOf(entry), ...(factGroups(entry)[0]?.facts ?? [])].filter(([, value]) => value !== undefined).map(([label]) => label);
    for (const entry of [made("k8s-horizontal-pod-autoscaler", "h", { targetKind: "Deployment", targetName: "d", maxReplicas: 6, currentReplicas: 2 }), made("k8s-persistent-volume-claim", "c", { phase: "Bound", storageClass: "fast", requestedBytes: 1e9 }), made("k8s-secret", "s", { secretType: "Opaque", metadataOnly: true })]) {
      expect(new Set(of(entry)).size).toBe(of(entry).length);
      expect(of(entry).length).toBeGreaterThan(2);
    }
  });
  it("what nobody said can be measured is not claimed to be missing", () => {
    expect([measuredWords(undefined), measuredWords({ nodeCpuMemory: true, podNetwork: true }), measuredWords({})]).toEqual([undefined, "nodes, network of pods", "nothing"]);
  });
});

it("an event is called by what happened, and asks for nobody by itself", () => {
  takeState({ resources: [made("k8s-event", "pod.17a8", { reason: "BackOff", eventType: "Warning" }, { status: "warning", lastSeen: 1000 })] });
  const event = latestOf("c1/k8s-event/pod.17a8");
  expect(nameOf(event)).toBe("BackOff");
  expect(event && standingOf(event, 2000)).toBe("running");
});
