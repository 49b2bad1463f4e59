import { describe, expect, it } from "vitest";
import { metadataAddress, whole } from "../../api/metadata";
import { isWebAddress } from "../../app/place";
import { ApiFailure } from "../../api/request";
import { specimen } from "../../live/specimen";
import { changeOf, draftOf, inverseOf, tagsOf } from "./draft";
import { portWords, updateWords } from "./docker";
import { busiestCore, factGroups, figuresOf, lostTime, pressureWords } from "./facts";
import { lifeOf } from "./infrastructure";
import type { Resource } from "../../live/frames";
import { complaints, failuresOf } from "./Notes";
import { csvOf } from "./SeriesTable";
import { reasonWords } from "./Sources";

const of = (type: Resource["type"], facets: Record<string, unknown>) => ({ ...specimen({ type }), ...facets });

describe("notes", () => {
  const record = { customUrl: "https://a.example", tags: ["prod", "db"], notes: ["one"] };
  it("only what changed is sent, and undoing sends it back", () => {
    const draft = { ...draftOf(record), tags: "prod, db ,,lab" };
    const change = changeOf(record, draft);
    expect(change).toEqual({ tags: ["prod", "db", "lab"] });
    expect(inverseOf(record, change)).toEqual({ tags: ["prod", "db"] });
    expect(changeOf(record, draftOf(record))).toEqual({});
  });
  it("emptied members are sent as empty, which clears them", () => {
    expect(changeOf(record, { url: "", tags: "", notes: " " })).toEqual({ customUrl: "", tags: [], notes: [] });
  });
  it("a plain text and a missing member are read like lists", () => {
    expect(whole({ notes: "old" })).toEqual({ customUrl: "", tags: [], notes: ["old"] });
    expect(whole(undefined)).toEqual({ customUrl: "", tags: [], notes: [] });
  });
  it("complains at the field, as does the server", () => {
    expect(complaints({ url: "nas.local", tags: "", notes: "" }).url).toBeTruthy();
    expect(complaints({ url: "https://nas.local", tags: "a", notes: "" })).toEqual({});
    expect(complaints({ url: "", tags: Array.from({ length: 40 }, (_, at) => `t${at}`).join(","), notes: "" }).tags).toBeTruthy();
    expect(failuresOf(new ApiFailure(400, "bad", "no", { details: { field: "tags" } }))).toEqual({ tags: "no" });
    expect(Object.keys(failuresOf(new ApiFailure(400, "bad", "customUrl must be absolute")))).toEqual(["url"]);
    expect(Object.keys(failuresOf(new ApiFailure(500, "x", "broken")))).toEqual(["all"]);
  });
  it("links are absolute web addresses only", () => {
    expect(["https://a", "http://10.0.0.1:8006/x", "ftp://a", "javascript:alert(1)", "https://"].map(isWebAddress)).toEqual([true, true, false, false, false]);
    expect(tagsOf(" a,b, a ")).toEqual(["a", "b"]);
  });
  it("are kept where the kind has them", () => {
    const family = (type: string) => metadataAddress(type, "a/b").replace("/metadata/a%2Fb", "");
    expect(["agent", "vm", "app-container", "docker-host", "pod", "storage", "physical_disk"].map(family)).toEqual(["/api/agents", "/api/guests", "/api/docker", "/api/docker/runtimes", "/api/resources", "/api/resources", "/api/resources"]);
  });
});

describe("facts", () => {
  it("name what the source said and leave out the rest", () => {
    const groups = factGroups(of("vm", { proxmox: { vmid: 112, nodeName: "pve", pool: "db" } }));
    expect(groups).toEqual([{ title: "Proxmox VE", facts: [["Pool", "db"]] }]);
    expect(figuresOf(of("vm", { proxmox: { vmid: 112, nodeName: "pve" } })).slice(0, 2)).toEqual([["Node", "pve"], ["ID", "112"]]);
  });
  it("a machine tells where its processors' time goes, and nothing of what was not measured", () => {
    const agent = { cpuIoWait: 12.25, cpuCores: [3, 98.5], pressure: { memorySome: 1.25, ioSome: 40 } };
    expect([lostTime(agent), busiestCore(agent), pressureWords(agent)]).toEqual(["waiting for disks 12.3 %", "98.5 %", "Memory 1.25 %, Disks 40 %"]);
    expect([lostTime({}), busiestCore({ cpuCores: [5] }), pressureWords(undefined)]).toEqual([undefined, undefined, undefined]);
  });
  it("an unknown update is not a current one", () => {
    expect([updateWords(undefined), updateWords({ error: "rate limit" }), updateWords({ updateAvailable: true }), updateWords({ updateAvailable: false })]).toEqual([undefined, "unknown: rate limit", "ready", "current"]);
  });
  it("life left of -1 is not known, and follows from the rated life used", () => {
    expect([lifeOf({ wearout: -1 }), lifeOf({ wearout: 0 }), lifeOf({ smart: { percentageUsed: 104 } }), lifeOf(undefined)]).toEqual([undefined, 0, 0, undefined]);
  });
  it("ports say where they lead", () => {
    expect(portWords([{ publicPort: 8080, privatePort: 80 }, { privatePort: 53, protocol: "udp" }])).toBe("8080→80, 53/udp");
  });
});

it("says why sources are one, in plain words where there are some", () => {
  expect([reasonWords("machine_id", 2), reasonWords(undefined, 1), reasonWords(undefined, 2), reasonWords("some-new-way", 2)]).toEqual(["same machine id", "the only source", "not said by the server", "some new way"]);
});

it("a gap is an empty field of the CSV", () => {
  expect(csvOf(["cpu", "memory"], [[0, 1.5, null], [10, null, 2]])).toBe("time,cpu,memory\n1970-01-01T00:00:00Z,1.5,\n1970-01-01T00:00:10Z,,2");
});
