// Invented Kubernetes and Ceph clusters for the fake server.
import { addObjects } from "./fake-objects.mjs";
import { dice, GIB, hostFigures, resource } from "./fake-parts.mjs";

const APPS = ["api-gateway", "checkout", "immich-machine-learning", "prometheus-server", "loki-backend", "cert-manager", "ingress-nginx-controller", "longhorn-manager", "keycloak", "argo-cd-repo-server", "mailer", "search-indexer"];
const NAMESPACES = ["default", "monitoring", "media", "kube-system", "shop"];

export function addKubernetes(add, name, nodes, pods, deployments) {
  const next = dice(name.length * 31 + nodes);
  const about = { clusterId: `id-${name}`, clusterName: name };
  const facts = { platformType: "kubernetes", sources: ["kubernetes"], clusterId: name };
  const cluster = resource("k8s-cluster", `k8s:${name}`, name, { ...facts, childCount: nodes, kubernetes: { ...about, context: name, version: "v1.34.2", resourceKind: "Cluster", server: `https://${name}.example.net:6443`, agentId: `agent-${name}`, agentVersion: "6.0.0", intervalSeconds: 30, metricCapabilities: { nodeCpuMemory: true, podCpuMemory: true, podNetwork: true } } });
  hostFigures(cluster, next, nodes * 32 * GIB, nodes * 8, { disk: false });
  if (nodes !== 5) Object.assign(cluster.kubernetes, { gaps: [{ member: "secrets", reason: "forbidden" }, { member: "roles", reason: "forbidden" }, { member: "pods", reason: "limit", leftOut: 41 }] });
  add(cluster);
  const hosts = Array.from({ length: nodes }, (_, index) => {
    const called = index === 0 ? `${name}-cp-1` : `${name}-worker-${index}`;
    const node = resource("k8s-node", `k8s:${name}:node/${called}`, called, { ...facts, parent: cluster, kubernetes: { ...about, nodeName: called, ready: true, roles: index ? ["worker"] : ["control-plane"], kubeletVersion: "v1.34.2", containerRuntimeVersion: "containerd://2.1.4", osImage: "Talos 1.11", capacityCpuCores: 8, capacityMemoryBytes: 32 * GIB, capacityPods: 110, allocatablePods: 110, createdAt: new Date(Date.now() - 90 * 86_400_000).toISOString(), resourceKind: "Node" } });
    hostFigures(node, next, 32 * GIB, 8);
    add(node);
    return node;
  });
  for (let index = 0; index < deployments; index++) {
    const app = APPS[index % APPS.length] + (index < APPS.length ? "" : `-${index}`);
    const short = index === 2;
    add(resource("k8s-deployment", `k8s:${name}:deploy/${app}`, app, { ...facts, parent: cluster, status: short ? "warning" : "online", kubernetes: { ...about, resourceKind: "Deployment", createdAt: new Date(Date.now() - 40 * 86_400_000).toISOString(), namespace: NAMESPACES[index % 5], desiredReplicas: 3, readyReplicas: short ? 2 : 3, availableReplicas: short ? 2 : 3, updatedReplicas: 3, image: `ghcr.io/example/${app}:2.4` } }));
  }
  let loops = { name: "api-gateway-1", namespace: "shop" };
  for (let index = 0; index < pods; index++) {
    const app = APPS[index % APPS.length];
    const node = hosts[index % nodes];
    const called = `${app}-${(index * 7919 + 4096).toString(36)}b55-${(index * 104729).toString(36).slice(-5).padStart(5, "x")}`;
    const looping = index === 2 && nodes === 5;
    if (looping) loops = { name: called, namespace: NAMESPACES[index % 5] };
    const phase = index === 30 ? "Pending" : index % 40 === 39 ? "Succeeded" : "Running";
    const pod = resource("pod", `k8s:${name}:pod/${called}`, called, {
      ...facts, parent: node, status: looping ? "warning" : phase === "Running" ? "online" : "unknown",
      ...(looping ? { incidentCount: 1, incidentSeverity: "warning", incidentSummary: "CrashLoopBackOff, 14 restarts in 1 h" } : {}),
      kubernetes: { ...about, namespace: NAMESPACES[index % 5], nodeName: node.name, podPhase: phase, podReason: looping ? "CrashLoopBackOff" : undefined, restarts: looping ? 14 : index % 13 === 0 ? 1 : 0, ownerKind: "Deployment", ownerName: app, image: `ghcr.io/example/${app}:2.4`, podContainers: [{ name: app, image: `ghcr.io/example/${app}:2.4`, ready: !looping, restartCount: looping ? 14 : 0, state: looping ? "waiting" : "running", ...(looping ? { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" } : {}) }, ...(index % 9 === 2 ? [{ name: "metrics", image: "ghcr.io/example/metrics:1", ready: true, restartCount: 0, state: "running" }] : [])], qosClass: "Burstable", resourceKind: "Pod", labels: { app, "app.kubernetes.io/part-of": "estate" }, createdAt: new Date(Date.now() - 7 * 86_400_000).toISOString(), startTime: new Date(Date.now() - 7 * 86_400_000).toISOString(), usageCpuMilliCores: 40 + index, usageMemoryBytes: 2e8 + index * 1e6 },
    });
    if (phase === "Running") hostFigures(pod, next, GIB, 1, { disk: false });
    else pod.frozen = true;
    add(pod);
  }
  addObjects(add, cluster, about, facts, loops, nodes === 5 ? [] : ["k8s-secret", "k8s-role"]);
}

export function addCeph(add, name) {
  const total = 48e12;
  add(resource("ceph", `ceph:${name}`, `ceph ${name}`, { platformType: "proxmox-pve", sources: ["proxmox"], status: "warning", clusterId: name, disk: { current: 62, total, used: total * 0.62, free: total * 0.38 }, ceph: { fsid: "0c1b6c2e-5a0f-4a68-9a8e-2d6f6f1f7c11", healthStatus: "HEALTH_WARN", healthMessage: "1 osd down", numMons: 3, numMgrs: 2, numOsds: 12, numOsdsUp: 11, numOsdsIn: 12, numPGs: 512, pools: [{ id: 1, name: "vm-data", storedBytes: 9e12, availableBytes: 6e12, objects: 2_400_000, percentUsed: 0.6 }] }, incidentCount: 1, incidentSeverity: "warning", incidentSummary: "HEALTH_WARN: 1 osd down" }));
}
