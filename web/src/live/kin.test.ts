import { expect, it } from "vitest";
import { stackOf } from "./kin";

it("a stack is the Compose project, or else the one of the swarm", () => {
  const compose = { "com.docker.compose.project": "media" };
  const swarm = { "com.docker.stack.namespace": "shop" };
  expect([{ labels: compose }, { labels: { ...swarm, ...compose } }, { podman: { composeProject: "edge" } }, { labels: swarm }, { stack: "shop" }].map(stackOf)).toEqual(["media", "media", "edge", "shop", "shop"]);
  expect([undefined, {}, { labels: { other: "a" } }].map(stackOf)).toEqual(["", "", ""]);
});
