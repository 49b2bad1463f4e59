import { describe, expect, it } from "vitest";
import { ApiFailure } from "../api/request";
import { match } from "../search/match";
import { layColumns } from "../parts/table/columns";
import { sliceOf } from "../parts/table/windowing";
import { cleanToken, isTokenShaped } from "./first-run/Prove";
import { makePassphrase } from "./first-run/passphrase";
import { loginSentence } from "./login/Login";
import { runLine, STORE_LINE } from "./settings/AddSteps";

it("columns leave by priority and share what is left", () => {
  const column = (id: string, least: number, priority: number, grow = 0) => ({ id, head: id, least, priority, grow, cell: () => undefined });
  const all = [column("name", 200, 1, 1), column("cpu", 100, 1), column("net", 100, 4), column("kernel", 100, 6)];
  expect(layColumns(all, 600).map(({ column, width }) => `${column.id} ${width}`)).toEqual(["name 300", "cpu 100", "net 100", "kernel 100"]);
  expect(layColumns(all, 420).map(({ column }) => column.id)).toEqual(["name", "cpu", "net"]);
  expect(layColumns(all, 320).map(({ column }) => column.id)).toEqual(["name", "cpu"]);
});

it("a long list draws what is seen and ten rows around it", () => {
  const offsets = Float64Array.from({ length: 1001 }, (_, at) => at * 28);
  expect(sliceOf(offsets, 2800, 3080)).toEqual({ start: 90, end: 121 });
  expect(sliceOf(offsets, 0, 100).start).toBe(0);
});

it("the finder prefers word starts and takes letters in order", () => {
  expect(match("bor", "pve-borealis")?.marks).toEqual([4, 5, 6]);
  expect((match("bor", "pve-borealis")?.score ?? 0) > (match("bor", "harbor")?.score ?? 0)).toBe(true);
  expect(match("pbl", "pve-borealis")).toBeDefined();
  expect(match("ed", "Pause or resume live updates")).toBeUndefined();
  expect(match("xyz", "pve-borealis")).toBeUndefined();
});

describe("first run", () => {
  it("takes a token as terminals print it", () => {
    expect(isTokenShaped(cleanToken(`  ${"0123456789ABCDEF".repeat(3)}\n`))).toBe(true);
    expect(isTokenShaped(cleanToken("K7PX-2MHD"))).toBe(false);
  });
  it("makes a different long password each time", () => {
    const made = new Set(Array.from({ length: 50 }, makePassphrase));
    expect(made.size).toBe(50);
    for (const word of made) expect(word).toMatch(/^([a-z]{5}-){4}[a-z]{5}$/);
  });
  it("never puts a token on a command line", () => {
    expect(STORE_LINE).toContain("read -r token");
    expect(runLine("https://pulse.example")).toBe("sudo pulse-agent --url https://pulse.example --token-file /etc/pulse-agent/token");
  });
});

describe("a failed sign-in", () => {
  const failure = (status: number, body: Record<string, unknown>, retry?: number) => new ApiFailure(status, String(body.error ?? ""), "", body, retry);
  it("says how many tries are left", () => expect(loginSentence(failure(401, { remaining: 1 }))).toContain("One attempt left"));
  it("says how long a pause lasts", () => {
    expect(loginSentence(failure(403, { error: "account_locked", remainingMinutes: 14 }))).toContain("14 minutes");
    expect(loginSentence(failure(401, { locked: true, lockoutDuration: "15m0s" }))).toContain("15 minutes");
    expect(loginSentence(failure(429, {}, 30))).toContain("30 s");
  });
  it("tells a dead server from a wrong password", () => expect(loginSentence(failure(0, {}))).toContain("does not answer"));
});
