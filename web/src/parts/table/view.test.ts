import { expect, it } from "vitest";
import { naturalKey } from "../../live/names";
import { isShown, moved, orderColumns, toggled } from "./columns";
import { nextSort, parseSort, sortIds } from "./sort";
import { groupRows } from "./view";

const column = (id: string, extra = false) => ({ id, head: id, least: 100, priority: 1, extra, cell: () => undefined });
const all = [column("name"), column("cpu"), column("net"), column("kernel", true)];
const names = (list: { id: string }[]) => list.map(({ id }) => id).join(" ");

it("what is not known sorts last in both directions, texts by their figures", () => {
  const values: Record<string, number | undefined> = { a: 5, b: undefined, c: 9 };
  expect(sortIds(["a", "b", "c"], (id) => values[id], false)).toEqual(["a", "c", "b"]);
  expect(sortIds(["a", "b", "c"], (id) => values[id], true)).toEqual(["c", "a", "b"]);
  expect(sortIds(["a", "b", "c"], (id) => ({ a: "n10", b: "n9", c: undefined })[id], false)).toEqual(["b", "a", "c"]);
  expect(naturalKey("node-2") < naturalKey("Node-10")).toBe(true);
});

it("a head goes down, up and back; texts go up first; the address has two spellings", () => {
  expect(nextSort(undefined, "cpu", false)).toEqual({ column: "cpu", down: true });
  expect(nextSort({ column: "cpu", down: true }, "cpu", false)).toEqual({ column: "cpu", down: false });
  expect(nextSort({ column: "cpu", down: false }, "cpu", false)).toBeUndefined();
  expect(nextSort({ column: "cpu", down: false }, "name", true)).toEqual({ column: "name", down: false });
  expect(parseSort("-cpu")).toEqual({ column: "cpu", down: true });
  expect(parseSort("cpu", "desc")).toEqual({ column: "cpu", down: true });
});

it("columns are moved, hidden and shown; the first stays, unknown ones keep their place", () => {
  expect(names(orderColumns(all, { order: ["net", "gone", "cpu"] }))).toBe("name net cpu kernel");
  expect(names(orderColumns(all, moved(all, undefined, "net", -1)))).toBe("name net cpu kernel");
  expect(moved(all, undefined, "cpu", -1)).toEqual({});
  const [, cpu, , kernel] = all;
  if (!cpu || !kernel) throw new Error("columns are missing");
  expect(isShown(kernel, undefined)).toBe(false);
  expect(isShown(kernel, toggled(kernel, undefined, true))).toBe(true);
  expect(isShown(cpu, toggled(cpu, undefined, false))).toBe(false);
  expect(isShown(cpu, toggled(cpu, toggled(cpu, undefined, false), true))).toBe(true);
});

it("rows stand under their groups; folded ones keep theirs, empty ones show only without a filter", () => {
  const grouping = { id: "node", label: "", of: (id: string) => id.charAt(0), all: () => ["a", "b", "c"] };
  expect(groupRows(["b1", "a1", "a2"], grouping, ["a"], true)).toEqual(["group:a", "group:b", "b1", "group:c"]);
  expect(groupRows(["b1"], grouping, [], false)).toEqual(["group:b", "b1"]);
});

it("filtering and sorting 5,000 rows reads each row once", () => {
  const ids = Array.from({ length: 5000 }, (_, at) => `n${(at * 7919) % 5000}`);
  let reads = 0;
  const sorted = sortIds(ids, (id) => (reads++, Number(id.slice(1))), true);
  expect(reads).toBe(5000);
  expect(sorted[0]).toBe("n4999");
});
