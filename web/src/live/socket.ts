/**
 * The one socket to the server: resumes where it stopped, asks for what it missed, and backs off with
 * jitter. It never blanks the view; old values keep their age until better ones come.
 */
import { createSignal } from "solid-js";
import type { DeltaFrame, LiveFrame, LiveState, SettingsChange } from "./frames";
import { learnServerTime, serverNow } from "./clock";
import { takeDelta, takeState } from "./estate";

export type LinkState = "idle" | "connecting" | "open" | "waiting";

const PING_EVERY = 30_000;
/** With nothing to report, a ping keeps the live age honest. */
const PING_WHEN_QUIET = 8_000;
const DEAD_AFTER = 75_000;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;
const SESSION_ENDED = 4401;

const [link, setLink] = createSignal<LinkState>("idle");
const [lastFrameAt, setLastFrameAt] = createSignal(0);
const [nextTryAt, setNextTryAt] = createSignal(0);

export { lastFrameAt, link, nextTryAt };

/** The server's time while linked; stands still at the last frame when the link is down. */
export function estateNow(now: number): number {
  return link() === "open" ? now : lastFrameAt() || now;
}

/** Exponential back-off with full jitter in its upper half: 0.5 s first, at most 15 s. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + (ceiling / 2) * random();
}

interface Callbacks {
  /** The server said that the session is over. */
  onSessionEnd(): void;
  /** The upgrade was refused: the caller finds out why. */
  onRefused(): void;
  /** Somebody changed how pages are to look. */
  onSettings?(change: SettingsChange): void;
}

let socket: WebSocket | undefined;
let callbacks: Callbacks | undefined;
let epoch: string | undefined;
let sequence = -1;
let awaitingState = false;
let attempt = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let pulseTimer: ReturnType<typeof setInterval> | undefined;
let lastPing = 0;

/** Opens the socket and keeps it open until `closeLink`. */
export function openLink(on: Callbacks): void {
  callbacks = on;
  if (!socket) connect();
}

export function closeLink(): void {
  callbacks = undefined;
  clearTimeout(retryTimer);
  clearInterval(pulseTimer);
  epoch = undefined;
  sequence = -1;
  attempt = 0;
  const open = socket;
  socket = undefined;
  open?.close(1000);
  setLink("idle");
}

/** Tries again at once: the button, a page coming back, a network coming back. */
export function retryNow(): void {
  if (!callbacks || link() === "open") return;
  attempt = 0;
  connect();
}

function address(): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const since = epoch === undefined ? "" : `&since=${encodeURIComponent(`${epoch}:${sequence}`)}`;
  return `${scheme}//${location.host}/ws?delta=1${since}`;
}

function connect(): void {
  clearTimeout(retryTimer);
  const previous = socket;
  socket = undefined;
  previous?.close();
  const mine = new WebSocket(address());
  socket = mine;
  let opened = false;
  setLink("connecting");
  mine.addEventListener("open", () => {
    if (socket !== mine) return;
    opened = true;
    attempt = 0;
    awaitingState = false;
    startPulse();
    heard();
    setLink("open");
  });
  mine.addEventListener("message", (event) => {
    if (socket === mine && typeof event.data === "string") receive(event.data);
  });
  mine.addEventListener("close", (event) => {
    if (socket === mine) lost(event.code, opened);
  });
}

function lost(code: number, opened: boolean): void {
  socket = undefined;
  clearInterval(pulseTimer);
  if (code === SESSION_ENDED) {
    callbacks?.onSessionEnd();
    return;
  }
  const delay = backoff(attempt);
  attempt += 1;
  setNextTryAt(Date.now() + delay);
  setLink("waiting");
  retryTimer = setTimeout(connect, delay);
  if (!opened) callbacks?.onRefused();
}

function heard(): void {
  setLastFrameAt(serverNow());
}

function receive(text: string): void {
  let frame: LiveFrame;
  try {
    frame = JSON.parse(text) as LiveFrame;
  } catch {
    return;
  }
  learnServerTime(frame.timestamp);
  heard();
  if (frame.type === "rawDataDelta") receiveDelta(frame);
  else if (frame.type === "initialState" || frame.type === "rawData") {
    epoch = frame.epoch;
    sequence = frame.seq ?? -1;
    awaitingState = false;
    takeState(frame.data as LiveState);
  } else if (frame.type === "settingsUpdate") callbacks?.onSettings?.((frame.data ?? {}) as SettingsChange);
}

function receiveDelta(frame: LiveFrame): void {
  if (awaitingState || frame.seq === undefined) return;
  if (frame.epoch === epoch && frame.seq <= sequence) return;
  if (frame.epoch !== epoch || frame.seq !== sequence + 1) {
    awaitingState = true;
    say("requestData");
    return;
  }
  sequence = frame.seq;
  takeDelta(frame.data as DeltaFrame);
}

function say(type: string, content?: unknown): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify(content === undefined ? { type } : { type, data: content }));
}

function startPulse(): void {
  clearInterval(pulseTimer);
  lastPing = Date.now();
  pulseTimer = setInterval(() => {
    const silence = serverNow() - lastFrameAt();
    const sincePing = Date.now() - lastPing;
    // A laptop that slept has a socket that looks open and is not.
    if (silence > DEAD_AFTER) return connect();
    if (sincePing >= PING_EVERY || (silence >= PING_WHEN_QUIET && sincePing >= PING_WHEN_QUIET)) {
      lastPing = Date.now();
      say("ping", { timestamp: Math.floor(Date.now() / 1000) });
    }
  }, 1000);
}

globalThis.addEventListener?.("online", retryNow);
globalThis.document?.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") return;
  if (link() === "waiting") retryNow();
});
