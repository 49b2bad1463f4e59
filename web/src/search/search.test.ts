import { beforeEach, describe, expect, it } from "vitest";
import { clearEstate, takeState } from "../live/estate";
import type { Resource } from "../live/frames";
import { specimen } from "../live/specimen";
import type { Standing } from "../live/standing";
import { factsOf } from "./facts";
import { parseQuery, testOf } from "./query";
import { suggest, wordAt } from "./suggest";

const host = specimen({ id: "edge", name: "edge-fra-1", tags: ["prod"], identity: { ips: ["10.2.0.7"] }, agent: { osName: "Debian GNU/Linux" } });
const guest = {
  ...specimen({ id: "vm", name: "mail relay", type: "vm", platformType: "proxmox-pve", technology: "qemu", tags: ["Lab"] }),
  proxmox: { vmid: 104, nodeName: "pve-atlas", clusterName: "rack-a" },
} as Resource;
const pod = { ...specimen({ id: "pod", name: "api-5f", type: "pod", platformType: "kubernetes" }), kubernetes: { namespace: "shop", context: "prod-eu", nodeName: "worker-1" } } as Resource;

const finds = (text: string, resource: Resource, standing: Standing = "running") => testOf(parseQuery(text))(resource, standing);

describe("the search language", () => {
  it("finds images by what their registry said; not asked is none of it", () => {
    const image = (updateStatus: Record<string, unknown> | undefined) => specimen({ id: JSON.stringify(updateStatus ?? "none"), type: "app-container", docker: { updateStatus } });
    const all = [image({ updateAvailable: true }), image({ updateAvailable: true, error: "rate limit" }), image({ updateAvailable: false }), image({}), image(undefined)];
    expect(["ready", "unknown", "current"].map((word) => all.map((entry) => finds(`update:${word}`, entry)))).toEqual([[true, false, false, false, false], [false, true, false, false, false], [false, false, true, false, false]]);
  });
  it("finds by name, address, system, tag and state; every word must hold", () => {
    for (const text of ["edge", "10.2.0.7", "os:debian", "tag:prod", "status:running", "EDGE debian", "type:host"]) expect(finds(text, host)).toBe(true);
    for (const text of ["edge alpine", "tag:lab", "status:offline", "type:vm"]) expect(finds(text, host)).toBe(false);
  });
  it("knows where things run", () => {
    for (const text of ["node:pve-atlas", "cluster:rack-a", "104", "type:guest", "platform:proxmox tag:lab"]) expect(finds(text, guest)).toBe(true);
    for (const text of ["namespace:shop", "context:prod-eu", "node:worker", "platform:kubernetes", "type:pods"]) expect(finds(text, pod)).toBe(true);
  });
  it("takes not, alternatives and quotes", () => {
    expect(finds("-tag:prod", host)).toBe(false);
    expect(finds("!status:offline", host)).toBe(true);
    expect(finds("type:pod,vm", guest)).toBe(true);
    expect(finds("status:offline,stale", host, "stale")).toBe(true);
    expect(finds('"mail relay"', guest)).toBe(true);
    expect(finds("-edge", guest)).toBe(true);
  });
  it("trouble is everything that needs someone", () => {
    expect(finds("status:trouble", host, "stale")).toBe(true);
    expect(finds("status:trouble", host, "running")).toBe(false);
  });
  it("asks nothing while a field has no value, and takes a colon inside a word as it is", () => {
    expect(parseQuery("node: -")).toEqual([{ field: undefined, values: ["-"], not: false }]);
    expect(parseQuery("fe80::1")[0]).toMatchObject({ field: undefined, values: ["fe80::1"] });
  });
  it("sees a changed tag without being told", () => {
    expect(factsOf(host).tag).toBe("prod");
    expect(factsOf({ ...host, tags: ["lab"] }).tag).toBe("lab");
  });
});

describe("suggestions", () => {
  beforeEach(() => {
    clearEstate();
    takeState({ resources: [host, guest, pod] });
  });
  const ids = ["edge", "vm", "pod"];
  it("complete fields, then their values with how often they are there", () => {
    expect(suggest("na", ids, ["node", "namespace"])).toEqual([{ text: "namespace:" }]);
    expect(suggest("tag:", ids, [])).toEqual([{ text: "tag:lab", count: 1 }, { text: "tag:prod", count: 1 }]);
    expect(suggest("-namespace:s", ids, [])).toEqual([{ text: "-namespace:shop", count: 1 }]);
  });
  it("are for the word the cursor is in", () => {
    expect(wordAt("edge node:pv tag:x", 12)).toEqual({ from: 5, word: "node:pv" });
    expect(wordAt('node:"big box', 13)).toEqual({ from: 0, word: 'node:"big box' });
  });
});
