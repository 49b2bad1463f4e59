import { createRoot } from "solid-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiFailure } from "../../api/request";
import { fieldOf } from "../../api/sentence";
import { parseLine } from "../../api/support";
import { t } from "../../text/en";
import { findings, tokenWords } from "./Diagnostics";
import { lineTest } from "./Logs";
import { createTail, MOST_LINES } from "./logTail";
import { BUNDLES, SCOPES } from "./scopes";
import { estimate, PRESETS } from "./SampleEstate";
import { areOrigins, changedMembers, complaintAbout, GENERAL, NETWORK } from "./systemFields";

const fields = [...GENERAL, ...NETWORK].flatMap((group) => group.fields);
const field = (name: string) => {
  const found = fields.find((entry) => entry.name === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};

describe("settings", () => {
  it("each has a name and a place of its own", () => {
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    expect(fields.filter(({ name }) => !t.system.fields[name])).toEqual([]);
  });
  it("only what differs is sent, and an empty text is what was not set", () => {
    expect(changedMembers({ publicURL: "https://a", pvePollingInterval: 10 }, { publicURL: "https://b", pvePollingInterval: 10, allowedOrigins: "" })).toEqual({ publicURL: "https://b" });
  });
  it("complain before they are sent", () => {
    expect(complaintAbout(field("pvePollingInterval"), 9)).toBeTruthy();
    expect(complaintAbout(field("pvePollingInterval"), "ten")).toBeTruthy();
    expect(complaintAbout(field("pvePollingInterval"), 3600)).toBeUndefined();
    expect([0, 5, 10].map((value) => !!complaintAbout(field("backupPollingInterval"), value))).toEqual([false, true, false]);
    expect(complaintAbout(field("publicURL"), "pulse.example.org")).toBeTruthy();
    expect(complaintAbout(field("publicURL"), "")).toBeUndefined();
    expect(["https://a.example, http://b:8080", "", "https://a.example/path", "a.example"].map(areOrigins)).toEqual([true, true, false, false]);
  });
  it("the server's refusal finds its field", () => {
    expect(fieldOf(new ApiFailure(400, "invalid_setting", "no", { details: { member: "publicURL" } }))).toBe("publicURL");
    expect(fieldOf(new ApiFailure(500, "x", "no"))).toBeUndefined();
  });
});

it("the large sample estate is about as large as it says", () => {
  expect(estimate(PRESETS.large)).toBeGreaterThan(20_000);
  expect(estimate({})).toBe(0);
});

it("diagnostics name what stands out, each thing once", () => {
  const late = { name: "pi", issues: ["does not report"] };
  const found = findings({ errors: ["disk full"], nodes: [{ name: "a", connected: true }, { name: "b", connected: false, error: "refused" }], agents: { attention: [late] }, dockerAgents: { attention: [late] }, log: { linesLost: 2 } });
  expect(found).toEqual(["disk full", "b: refused", "pi: does not report", "2 log lines left out"]);
  expect(findings({})).toEqual([]);
  expect(tokenWords({ tokenCount: 0 })).toContain("none");
  expect(tokenWords({ tokenCount: 1, unusedTokenCount: 0 })).toContain("was used");
  expect(tokenWords({ tokenCount: 3, unusedTokenCount: 1 })).toMatch(/^1 of 3 has not/);
});

describe("the log", () => {
  it("reads lines of either shape, and keeps what is no JSON", () => {
    expect(parseLine('{"timestamp":"2026-01-01T00:00:00Z","level":"WARN","target":"a","fields":{"message":"late","n":3}}')).toMatchObject({ level: "warn", message: "late", rest: "n=3", target: "a" });
    expect(parseLine('{"level":"error","message":"gone"}')).toMatchObject({ level: "error", message: "gone", at: undefined });
    expect(parseLine("plain")).toMatchObject({ level: "info", message: "plain" });
  });
  it("shows a level and what is worse, and only lines with every word", () => {
    const line = parseLine('{"level":"warn","message":"agent late","target":"estate"}');
    expect([lineTest("", "warn")(line), lineTest("", "error")(line), lineTest("LATE estate", "debug")(line), lineTest("late x", "debug")(line)]).toEqual([true, false, true, false]);
  });
});

describe("the tail of the log", () => {
  class Wire extends EventTarget {
    readyState = 1;
    closed = false;
    close() {
      this.closed = true;
    }
    say(text: string) {
      this.dispatchEvent(new MessageEvent("message", { data: text }));
    }
  }
  const scene = () =>
    createRoot((dispose) => {
      const wires: Wire[] = [];
      const tail = createTail(() => {
        const wire = new Wire();
        wires.push(wire);
        return wire as unknown as EventSource;
      });
      return { tail, dispose, wires, wire: wires[0] as Wire };
    });
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("holds lines back while paused and shows them after", () => {
    const { tail, wire, dispose } = scene();
    tail.setPaused(true);
    wire.say("one");
    wire.say("two");
    vi.advanceTimersByTime(200);
    expect([tail.lines().length, tail.waiting()]).toEqual([0, 2]);
    tail.setPaused(false);
    expect([tail.lines().map((line) => line.message), tail.waiting()]).toEqual([["one", "two"], 0]);
    dispose();
    expect(wire.closed).toBe(true);
  });
  it("keeps the newest two thousand, paused or not", () => {
    const { tail, wire, dispose } = scene();
    for (let at = 0; at < MOST_LINES + 50; at++) wire.say(`line ${at}`);
    vi.advanceTimersByTime(200);
    expect(tail.lines()).toHaveLength(MOST_LINES);
    expect(tail.lines()[0]?.message).toBe("line 50");
    dispose();
  });
  it("begins anew when the line comes back, since the server tells its history again", () => {
    const { tail, wire, dispose } = scene();
    wire.dispatchEvent(new Event("open"));
    wire.say("old");
    vi.advanceTimersByTime(200);
    wire.dispatchEvent(new Event("open"));
    expect([tail.lines().length, tail.state()]).toEqual([0, "open"]);
    dispose();
  });
});

it("an agent's token may report all that an agent reads, and nothing else", () => {
  expect(BUNDLES.agent).toEqual(SCOPES.filter((scope) => scope.endsWith(":report")));
});
