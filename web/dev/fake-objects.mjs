// What invented clusters keep beside nodes and pods: one small story per kind, for the fake server.
import { GIB, resource } from "./fake-parts.mjs";

const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();

/** Kind, Kubernetes' word, and objects as name, namespace, facts and what else differs. */
const OBJECTS = [
  ["k8s-namespace", "Namespace", ["default", "monitoring", "media", "kube-system", "shop"].map((name) => [name, undefined, { phase: "Active" }])],
  ["k8s-replicaset", "ReplicaSet", [["checkout-7f9c", "shop", { desiredReplicas: 3, readyReplicas: 3, availableReplicas: 3, ownerKind: "Deployment", ownerName: "checkout" }]]],
  ["k8s-statefulset", "StatefulSet", [["postgres", "shop", { desiredReplicas: 3, readyReplicas: 2, currentReplicas: 3, updatedReplicas: 3, serviceName: "postgres" }, { status: "warning" }], ["loki", "monitoring", { desiredReplicas: 2, readyReplicas: 2, updatedReplicas: 2, serviceName: "loki" }]]],
  ["k8s-daemonset", "DaemonSet", [["node-exporter", "monitoring", { desiredNumberScheduled: 5, numberReady: 5, updatedNumberScheduled: 5, numberAvailable: 5, numberUnavailable: 0 }]]],
  ["k8s-job", "Job", [["backup-29381", "shop", { desiredCompletions: 1, succeeded: 1, startTime: ago(9), completionTime: ago(8.8), ownerKind: "CronJob", ownerName: "backup" }], ["migrate-14", "shop", { desiredCompletions: 1, failed: 3, startTime: ago(3) }, { status: "warning" }]]],
  ["k8s-cronjob", "CronJob", [["backup", "shop", { schedule: "0 3 * * *", suspend: false, lastScheduleTime: ago(9), lastSuccessfulTime: ago(8.8) }], ["reindex", "shop", { schedule: "*/15 * * * *", suspend: true, lastScheduleTime: ago(400) }]]],
  ["k8s-service", "Service", [["checkout", "shop", { serviceType: "ClusterIP", clusterIp: "10.96.14.7", servicePorts: [{ port: 80, targetPort: "http", protocol: "TCP" }], selector: { app: "checkout" } }], ["ingress-nginx", "kube-system", { serviceType: "LoadBalancer", clusterIp: "10.96.0.31", externalIps: ["192.0.2.40"], servicePorts: [{ name: "https", port: 443, nodePort: 31443, targetPort: "https" }, { name: "dns", port: 53, protocol: "UDP" }], selector: { app: "ingress-nginx-controller" } }]]],
  ["k8s-ingress", "Ingress", [["shop", "shop", { className: "nginx", hosts: ["shop.example.net", "www.shop.example.net"], addresses: ["192.0.2.40"] }]]],
  ["k8s-endpoint-slice", "EndpointSlice", [["checkout-x7k2p", "shop", { serviceName: "checkout", addressType: "IPv4", endpointCount: 3, readyEndpointCount: 2, endpointPorts: [{ port: 8080, protocol: "TCP" }] }]]],
  ["k8s-network-policy", "NetworkPolicy", [["deny-all", "shop", { policyTypes: ["Ingress", "Egress"], ingressRuleCount: 0, egressRuleCount: 2 }]]],
  ["k8s-persistent-volume-claim", "PersistentVolumeClaim", [["data-postgres-0", "shop", { phase: "Bound", storageClass: "fast", requestedBytes: 50 * GIB, capacityBytes: 50 * GIB, accessModes: ["ReadWriteOnce"], volumeName: "pvc-6a41" }], ["cache", "media", { phase: "Pending", storageClass: "fast", requestedBytes: 20 * GIB, accessModes: ["ReadWriteMany"] }, { status: "warning" }]]],
  ["k8s-persistent-volume", "PersistentVolume", [["pvc-6a41", undefined, { phase: "Bound", storageClass: "fast", capacityBytes: 50 * GIB, accessModes: ["ReadWriteOnce"], reclaimPolicy: "Delete", claimNamespace: "shop", claimName: "data-postgres-0" }]]],
  ["k8s-storage-class", "StorageClass", [["fast", undefined, { provisioner: "driver.longhorn.io", reclaimPolicy: "Delete", volumeBindingMode: "WaitForFirstConsumer", allowVolumeExpansion: true, parameterKeys: ["numberOfReplicas"] }]]],
  ["k8s-configmap", "ConfigMap", [["checkout", "shop", { metadataOnly: true }], ["kube-root-ca.crt", "shop", { dataKeys: ["ca.crt"] }]]],
  ["k8s-secret", "Secret", [["registry", "shop", { secretType: "kubernetes.io/dockerconfigjson", metadataOnly: true, immutable: true }], ["postgres", "shop", { secretType: "Opaque", metadataOnly: true }]]],
  ["k8s-serviceaccount", "ServiceAccount", [["checkout", "shop", { secretCount: 1, automountServiceAccountToken: false, imagePullSecrets: ["registry"] }], ["default", "shop", {}]]],
  ["k8s-role", "Role", [["reader", "shop", { ruleCount: 2 }]]],
  ["k8s-cluster-role", "ClusterRole", [["view", undefined, { ruleCount: 14 }]]],
  ["k8s-role-binding", "RoleBinding", [["readers", "shop", { roleKind: "Role", roleName: "reader", subjectCount: 2, subjectKinds: ["ServiceAccount", "User"] }]]],
  ["k8s-cluster-role-binding", "ClusterRoleBinding", [["viewers", undefined, { roleKind: "ClusterRole", roleName: "view", subjectCount: 1, subjectKinds: ["Group"] }]]],
  ["k8s-resource-quota", "ResourceQuota", [["team", "shop", { hard: { "requests.cpu": "10", pods: "50", "limits.memory": "64Gi" }, used: { "requests.cpu": "9200m", pods: "12", "limits.memory": "20Gi" } }]]],
  ["k8s-limit-range", "LimitRange", [["team", "shop", { limitTypes: ["Container", "Pod"] }]]],
  ["k8s-pod-disruption-budget", "PodDisruptionBudget", [["checkout", "shop", { minAvailable: "2", desiredHealthy: 2, currentHealthy: 3, disruptionsAllowed: 1, expectedPods: 3 }]]],
  ["k8s-horizontal-pod-autoscaler", "HorizontalPodAutoscaler", [["checkout", "shop", { targetKind: "Deployment", targetName: "checkout", minReplicas: 2, maxReplicas: 6, currentReplicas: 3, metricTypes: ["cpu"] }]]],
];

const EVENTS = [
  ["Warning", "BackOff", "Pod", (looping) => looping.name, "Back-off restarting failed container api-gateway in pod", 0.1, 41],
  ["Warning", "FailedScheduling", "Pod", () => "cache-0", "0/5 nodes are available: 5 node(s) had volume node affinity conflict.", 0.4, 12],
  ["Normal", "Pulled", "Pod", () => "checkout-1", "Successfully pulled image in 2.1s", 1.2, 1],
  ["Normal", "ScalingReplicaSet", "Deployment", () => "checkout", "Scaled up replica set checkout-7f9c to 3 from 2", 5, 1],
];

/** Every kind of object of a cluster; `about` and `facts` are what all its resources carry; `unread` kinds are left out. */
export function addObjects(add, cluster, about, facts, looping, unread) {
  const make = (type, word, name, namespace, own, more = {}) =>
    add(resource(type, `k8s:${cluster.name}:${word}/${namespace ?? ""}/${name}`, name, { ...facts, parent: cluster, ...more, kubernetes: { ...about, resourceKind: word, namespace, createdAt: ago(300), labels: { "app.kubernetes.io/name": name }, ...own } }));
  for (const [type, word, objects] of OBJECTS.filter(([type]) => !unread.includes(type))) for (const [name, namespace, own, more] of objects) make(type, word, name, namespace, own, more);
  EVENTS.forEach(([eventType, reason, involvedKind, named, message, hours, count], at) => make("k8s-event", "Event", `event-${at}`, at === 0 ? looping.namespace : "shop", { eventType, reason, involvedKind, involvedName: named(looping), message, eventTime: ago(hours), firstSeen: ago(hours + 2), count, createdAt: undefined }));
}
