import { beforeEach, expect, it, vi } from "vitest";
import { clearEstate, drawPending, ids, latestOf, takeDelta, takeState } from "./estate";
import { compareNames, linkOf, sortByName } from "./names";
import { specimen } from "./specimen";

const byName = () => sortByName(ids());
beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", () => 0);
  clearEstate();
});

it("names stand by their figures, case aside, and equal names the same way every time", () => {
  takeState({ resources: ["vm-10", "vm-2", "VM-1", "vm-2b", "db"].map((name) => specimen({ id: `x-${name}`, name })) });
  expect(byName()).toEqual(["x-db", "x-VM-1", "x-vm-2", "x-vm-2b", "x-vm-10"]);
  takeState({ resources: ["c", "a", "b"].map((id) => specimen({ id, name: "same" })) });
  expect(byName().filter((id) => id.length === 1)).toEqual(["a", "b", "c"]);
});

it("what is renamed stands at its new place", () => {
  takeState({ resources: ["a", "b", "c"].map((id) => specimen({ id, name: id })) });
  expect(byName()).toEqual(["a", "b", "c"]);
  takeDelta({ resourceDelta: { upserts: [{ id: "a", displayName: "z" }] } });
  drawPending();
  expect(byName()).toEqual(["b", "c", "a"]);
  const [a, b] = [latestOf("a"), latestOf("b")];
  expect(a && b && compareNames(a, b)).toBe(1);
});

it("what a report changes besides its name and place leaves the lists alone", () => {
  takeState({ resources: [specimen({ id: "a", name: "a" })] });
  const before = ids();
  takeDelta({ resourceDelta: { upserts: [{ id: "a", cpu: { current: 4 } }] } });
  drawPending();
  expect(ids()).toBe(before);
  takeDelta({ resourceDelta: { upserts: [{ id: "a", docker: { runtime: "docker" } }] } });
  drawPending();
  expect(ids()).not.toBe(before);
});

it("only web pages are links", () => {
  expect(["https://nas.example", "javascript:alert(1)", "", undefined].map((customUrl) => linkOf(specimen({ customUrl })))).toEqual(["https://nas.example", undefined, undefined, undefined]);
});
