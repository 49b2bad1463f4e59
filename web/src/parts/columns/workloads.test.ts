import { beforeEach, expect, it } from "vitest";
import { clearEstate, takeState } from "../../live/estate";
import type { Resource } from "../../live/frames";
import { specimen } from "../../live/specimen";
import { clusterOf, runtimeOf, systemOfGuest } from "./workloads";

const put = (...entries: Record<string, unknown>[]) => takeState({ resources: entries.map((entry) => Object.assign(specimen(), entry as Partial<Resource>)) });
beforeEach(clearEstate);

it("a workload names what runs it, whatever its platform", () => {
  put({ id: "vm", type: "vm", technology: "qemu" }, { id: "ct", type: "app-container", technology: "docker", docker: { runtime: "podman" } }, { id: "odd", type: "pod", technology: "kata" }, { id: "none", type: "pod" });
  expect(["vm", "ct", "odd", "none"].map(runtimeOf)).toEqual(["QEMU", "Podman", "kata", undefined]);
});

it("its cluster and system come from whoever knows them, and are unknown otherwise", () => {
  put({ id: "vm", type: "vm", proxmox: { clusterName: "rack-a", osName: "Debian", osVersion: "13" } }, { id: "pod", type: "pod", kubernetes: { clusterName: "prod" } }, { id: "none", type: "pod" });
  expect(["vm", "pod", "none"].map(clusterOf)).toEqual(["rack-a", "prod", undefined]);
  expect(["vm", "pod"].map(systemOfGuest)).toEqual(["Debian 13", undefined]);
});
