import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  constructor(readonly url: string) {
    super();
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {}
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  frame(value: object) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(value) }));
  }
  lose(code: number) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

const host = (id: string, cpu: number) => ({ id, type: "agent", name: id, status: "online", cpu: { current: cpu }, lastSeen: Date.now() });
const state = (seq: number, ...resources: object[]) => ({ type: "initialState", epoch: "e1", seq, data: { resources } });
const delta = (seq: number, upserts: object[], removed: string[] = []) => ({ type: "rawDataDelta", epoch: "e1", seq, data: { resourceDelta: { upserts, removed } } });
const latestSocket = () => FakeSocket.made[FakeSocket.made.length - 1] as FakeSocket;

async function start() {
  vi.resetModules();
  const socket = await import("./socket");
  const estate = await import("./estate");
  const on = { onSessionEnd: vi.fn(), onRefused: vi.fn(), onSettings: vi.fn() };
  socket.openLink(on);
  latestSocket().open();
  return { socket, estate, on };
}

beforeEach(() => {
  FakeSocket.made = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the live socket", () => {
  it("takes the whole state, then deltas, drawn with the next frame", async () => {
    const { estate } = await start();
    latestSocket().frame(state(1, host("a", 10)));
    expect(estate.resource("a")?.cpu?.current).toBe(10);
    latestSocket().frame(delta(2, [{ id: "a", cpu: { current: 11 } }]));
    latestSocket().frame(delta(3, [{ id: "a", cpu: { current: 12 } }]));
    expect(estate.resource("a")?.cpu?.current).toBe(10);
    vi.advanceTimersByTime(50);
    expect(estate.resource("a")?.cpu?.current).toBe(12);
  });

  it("asks once for everything when a frame is missing, and ignores deltas until it comes", async () => {
    const { estate } = await start();
    latestSocket().frame(state(1, host("a", 10)));
    latestSocket().frame(delta(3, [{ id: "a", cpu: { current: 99 } }]));
    latestSocket().frame(delta(4, [{ id: "a", cpu: { current: 98 } }]));
    vi.advanceTimersByTime(50);
    expect(latestSocket().sent).toEqual(['{"type":"requestData"}']);
    expect(estate.resource("a")?.cpu?.current).toBe(10);
    latestSocket().frame({ ...state(4, host("a", 50)), type: "rawData" });
    latestSocket().frame(delta(5, [{ id: "a", cpu: { current: 51 } }]));
    vi.advanceTimersByTime(50);
    expect(estate.resource("a")?.cpu?.current).toBe(51);
  });

  it("ignores a delta it has seen", async () => {
    const { estate } = await start();
    latestSocket().frame(state(5, host("a", 10)));
    latestSocket().frame(delta(5, [{ id: "a", cpu: { current: 1 } }]));
    vi.advanceTimersByTime(50);
    expect(estate.resource("a")?.cpu?.current).toBe(10);
    expect(latestSocket().sent).toEqual([]);
  });

  it("comes back by itself, says where it stopped, and keeps old values meanwhile", async () => {
    const { socket, estate } = await start();
    latestSocket().frame(state(7, host("a", 10)));
    latestSocket().lose(1001);
    expect(socket.link()).toBe("waiting");
    expect(estate.resource("a")?.cpu?.current).toBe(10);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.made).toHaveLength(2);
    expect(latestSocket().url).toContain("since=e1%3A7");
    latestSocket().open();
    latestSocket().frame({ type: "resumed", epoch: "e1", seq: 7 });
    latestSocket().frame(delta(8, [{ id: "a", cpu: { current: 20 } }]));
    vi.advanceTimersByTime(50);
    expect(estate.resource("a")?.cpu?.current).toBe(20);
  });

  it("takes a fresh state after a server restart and strikes through what is gone", async () => {
    const { estate } = await start();
    latestSocket().frame(state(7, host("a", 10), host("b", 20)));
    latestSocket().lose(1006);
    vi.advanceTimersByTime(500);
    latestSocket().open();
    latestSocket().frame({ ...state(1, host("b", 21)), epoch: "e2" });
    expect(estate.removedAt.a).toBeGreaterThan(0);
    expect(estate.resource("b")?.cpu?.current).toBe(21);
    vi.advanceTimersByTime(10_000);
    expect(estate.resource("a")).toBeUndefined();
    expect(estate.ids()).toEqual(["b"]);
  });

  it("goes to the sign-in page when the session ended, and does not try again", async () => {
    const { on } = await start();
    latestSocket().lose(4401);
    vi.advanceTimersByTime(60_000);
    expect(on.onSessionEnd).toHaveBeenCalledOnce();
    expect(FakeSocket.made).toHaveLength(1);
  });

  it("replaces a socket that has been silent too long, as after sleep", async () => {
    await start();
    latestSocket().frame(state(1, host("a", 10)));
    vi.advanceTimersByTime(76_000);
    expect(latestSocket().url).toContain("since=e1%3A1");
    expect(FakeSocket.made.length).toBeGreaterThan(1);
  });

  it("pings when nothing happens, so that the age on the page stays honest", async () => {
    await start();
    latestSocket().frame(state(1));
    vi.advanceTimersByTime(9_000);
    expect(latestSocket().sent.some((text) => text.includes('"ping"'))).toBe(true);
  });

  it("passes on how pages are to look, and leaves the estate alone", async () => {
    const { estate, on } = await start();
    latestSocket().frame(state(1, host("a", 10)));
    latestSocket().frame({ type: "settingsUpdate", data: { theme: "dark", fullWidthMode: false } });
    expect(on.onSettings).toHaveBeenCalledExactlyOnceWith({ theme: "dark", fullWidthMode: false });
    expect(estate.ids()).toEqual(["a"]);
  });

  it("survives a frame that is not JSON", async () => {
    const { estate } = await start();
    latestSocket().dispatchEvent(new MessageEvent("message", { data: "{oops" }));
    latestSocket().frame(state(1, host("a", 10)));
    expect(estate.ids()).toEqual(["a"]);
  });

  it("holds the view while paused, counts what waits, and shows it on resume", async () => {
    const { estate } = await start();
    latestSocket().frame(state(1, host("a", 10), host("b", 1)));
    estate.setPaused(true);
    latestSocket().frame(delta(2, [{ id: "a", cpu: { current: 30 } }], ["b"]));
    vi.advanceTimersByTime(1000);
    expect(estate.resource("a")?.cpu?.current).toBe(10);
    expect(estate.waiting()).toBe(2);
    expect(estate.latestOf("a")?.cpu?.current).toBe(30);
    estate.setPaused(false);
    expect(estate.resource("a")?.cpu?.current).toBe(30);
    expect(estate.waiting()).toBe(0);
  });
});

it("waits longer after each failure, with jitter, at most 15 s", async () => {
  const { backoff } = await import("./socket");
  expect(backoff(0, () => 0)).toBe(250);
  expect(backoff(0, () => 1)).toBe(500);
  expect(backoff(3, () => 1)).toBe(4000);
  expect(backoff(50, () => 1)).toBe(15_000);
});
