import { expect, it } from "vitest";
import type { Kubernetes } from "../../api/schema";
import { specimen } from "../../live/specimen";
import { factOf } from "./needs";

const said = (kubernetes: Kubernetes) => factOf(specimen({ type: "pod", kubernetes }), { id: "a", name: "a", standing: "warning", since: 0 }, 0, "");

it("what a cluster lacks is said in figures", () => {
  expect([
    said({ ready: false }),
    said({ podReason: "CrashLoopBackOff", restarts: 2 }),
    said({ podPhase: "Pending", podContainers: [{ ready: true, reason: "Completed" }, { ready: false, reason: "ImagePullBackOff" }] } as Kubernetes),
    said({ podPhase: "Pending" }),
    said({ desiredReplicas: 3, readyReplicas: 2 }),
    said({ desiredNumberScheduled: 4 }),
    said({ failed: 1 }),
    said({ phase: "Pending" }),
    said({ phase: "Bound" }),
  ]).toEqual(["Not ready: it takes no pods", "CrashLoopBackOff, 2 restarts", "ImagePullBackOff", "Pending", "2 of 3 replicas are ready", "Ready on 0 of 4 nodes", "1 pod failed", "Stands at Pending", "Reports a warning"]);
});
