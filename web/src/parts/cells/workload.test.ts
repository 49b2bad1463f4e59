import { beforeEach, expect, it } from "vitest";
import type { Docker } from "../../api/schema";
import { clearEstate, takeState } from "../../live/estate";
import { specimen } from "../../live/specimen";
import { portsOf, stateOf } from "./workload";

const said = (docker: Docker) => {
  takeState({ resources: [specimen({ type: "app-container", uptime: 7200, docker })] });
  return stateOf("a");
};
beforeEach(clearEstate);

it("a container says how it ended, and what keeps it from running", () => {
  expect([
    said({ containerState: "running", health: "healthy" }),
    said({ containerState: "exited", exitCode: 137, oomKilled: true }),
    said({ containerState: "restarting", restartCount: 14 }),
    said({ containerState: "created" }),
    said({ containerState: "odd" }),
  ]).toEqual(["Up 2 h · healthy", "Exited 137 · out of memory", "Restarting · 14 restarts", "Never started", "odd"]);
});

it("ports are those reached from outside, each once", () => {
  takeState({ resources: [specimen({ docker: { ports: [{ publicPort: 80, ip: "0.0.0.0" }, { publicPort: 80, ip: "::" }, { privatePort: 9000 }] } })] });
  expect(portsOf("a")).toBe("80");
});
