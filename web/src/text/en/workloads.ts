/** Sentences of the page of all workloads. */
import { count } from "../count";

export const workloads = {
  workloads: {
    title: "Workloads",
    filterLabel: "Filter workloads",
    count: (n: number) => count(n, "workload"),
    vms: "VM",
    lxcs: "LXC",
    containers: "Containers",
    pods: "Pods",
    byPlatform: "By platform",
    noNamespace: "Without a namespace",
    none: "Nothing runs here yet",
    noneText: "Guests, containers and pods show as soon as a source reports them.",
    head: "Workload",
    runtimes: { qemu: "QEMU", lxc: "LXC", docker: "Docker", podman: "Podman", containerd: "containerd", "truenas-app": "TrueNAS app", kubernetes: "Kubernetes" } as Record<string, string>,
  },
};
