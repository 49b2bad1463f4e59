/**
 * The last hour of what is on the screen. Rows say which resources they show; what nobody asked for yet is asked in one
 * request per view, then grows from reports. A server without that route leaves sparks that collect by themselves.
 */
import { createComputed, createSignal, on, onCleanup, untrack } from "solid-js";
import { askSparks, batchOf, type Sparks } from "../api/sparks";
import { ApiFailure } from "../api/request";
import { serverNow } from "./clock";
import { latestOf, onReport } from "./estate";
import { Trail } from "./trail";

const METRICS = ["cpu", "memory", "netin", "netout"] as const;
const POINTS = 60;
/** More than a screen shows, however large; bounds what a tab keeps. */
const KEPT = 400;
const ASK_AFTER = 120;
const DRAW_EVERY = 10_000;
const AGAIN_AFTER = 30_000;

/** What sparks and peaks of one row are drawn from. */
export class Hour {
  readonly cpu = new Trail();
  readonly memory = new Trail();
  readonly network = new Trail();
}

const hours = new Map<string, Hour>();
const wanted = new Map<string, number>();
const asked = new Set<string>();
/** The server has no such route: it is not asked again by this page. */
let absent = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let listening = false;
let dirty = false;

const [drawn, setDrawn] = createSignal(0);

function addReport(id: string): void {
  const hour = hours.get(id);
  const entry = hour && latestOf(id);
  if (!hour || !entry?.lastSeen) return;
  if (entry.cpu?.current !== undefined) hour.cpu.add(entry.lastSeen, entry.cpu.current);
  if (entry.memory?.current !== undefined) hour.memory.add(entry.lastSeen, entry.memory.current);
  const { rxBytes, txBytes } = entry.network ?? {};
  if (rxBytes !== undefined || txBytes !== undefined) hour.network.add(entry.lastSeen, (rxBytes ?? 0) + (txBytes ?? 0));
  dirty = true;
}

function listen(): void {
  if (listening) return;
  listening = true;
  onReport(addReport);
  setInterval(() => {
    if (!dirty || document.visibilityState === "hidden") return;
    dirty = false;
    setDrawn((count) => count + 1);
  }, DRAW_EVERY);
}

/** Makes room for another resource by forgetting those that scrolled away first. */
function forgetOldest(): void {
  for (const id of hours.keys()) {
    if (hours.size < KEPT) return;
    if (wanted.has(id)) continue;
    hours.delete(id);
    asked.delete(id);
  }
}

function keep(id: string): void {
  if (hours.has(id)) return;
  forgetOldest();
  hours.set(id, new Hour());
  addReport(id);
}

/** Lays the answer under what came since: the trail takes older points at their own time. */
function take(answer: Sparks): void {
  for (const [id, series] of Object.entries(answer.series)) {
    const hour = hours.get(id);
    if (!hour || !series) continue;
    const each = (values: readonly (number | null)[] | undefined, add: (at: number, value: number) => void) => {
      values?.forEach((value, slot) => value !== null && add(answer.start + slot * answer.step, value));
    };
    each(series.cpu, (at, value) => hour.cpu.add(at, value));
    each(series.memory, (at, value) => hour.memory.add(at, value));
    const sent = series.netout;
    each(series.netin?.map((value, slot) => (value === null ? null : value + (sent?.[slot] ?? 0))), (at, value) => hour.network.add(at, value));
  }
  setDrawn((count) => count + 1);
}

/** Asks for the last hour of these, as few times as answers can hold them; what came, as one answer. */
export async function askHours(ids: readonly string[]): Promise<Sparks | undefined> {
  let whole: Sparks | undefined;
  for (let missing = ids.filter((id) => !asked.has(id)).slice(0, KEPT); !absent && missing.length > 0; missing = missing.filter((id) => !asked.has(id))) {
    const answer = await askBatch(batchOf(missing));
    if (!answer) break;
    whole = whole ? { ...whole, series: { ...whole.series, ...answer.series } } : answer;
  }
  return whole;
}

async function askBatch(batch: readonly string[]): Promise<Sparks | undefined> {
  listen();
  for (const id of batch) {
    keep(id);
    asked.add(id);
  }
  try {
    const answer = await askSparks(batch, METRICS, "1h", POINTS);
    take(answer);
    return answer;
  } catch (cause) {
    absent = cause instanceof ApiFailure && cause.status === 404;
    if (!absent) setTimeout(() => batch.forEach((id) => asked.delete(id)), AGAIN_AFTER);
    return undefined;
  }
}

/** A cell that draws the hour of the resource its row shows. */
interface Reader {
  id: () => string;
  shown?: string;
}

/** Cells whose row came to show another resource since the list last rested. */
const moved = new Set<Reader>();
let movedAt = 0;

function release(reader: Reader): void {
  if (reader.shown === undefined) return;
  const count = (wanted.get(reader.shown) ?? 0) - 1;
  if (count > 0) wanted.set(reader.shown, count);
  else wanted.delete(reader.shown);
  reader.shown = undefined;
}

/** While a list scrolls nothing is kept, asked or drawn for the rows that pass by. */
function settle(): void {
  timer = undefined;
  const rested = performance.now() - movedAt;
  if (rested < ASK_AFTER) {
    timer = setTimeout(settle, ASK_AFTER - rested + 1);
    return;
  }
  for (const reader of moved) {
    release(reader);
    reader.shown = untrack(reader.id);
    wanted.set(reader.shown, (wanted.get(reader.shown) ?? 0) + 1);
  }
  moved.clear();
  for (const id of wanted.keys()) keep(id);
  setDrawn((count) => count + 1);
  const missing = [...wanted.keys()].filter((id) => !asked.has(id));
  if (!absent && missing.length > 0) void askHours(missing);
}

function move(reader: Reader): void {
  listen();
  moved.add(reader);
  movedAt = performance.now();
  timer ??= setTimeout(settle, ASK_AFTER);
}

/** The hour of the resource a row shows; runs again when it was drawn further. */
export function createHour(id: () => string): () => { hour: Hour | undefined; now: number } {
  const reader: Reader = { id };
  createComputed(on(id, () => move(reader)));
  onCleanup(() => {
    moved.delete(reader);
    release(reader);
  });
  return () => {
    drawn();
    return { hour: hours.get(id()), now: serverNow() };
  };
}

/** Forgets everything, as after signing out. */
export function clearHours(): void {
  hours.clear();
  asked.clear();
  absent = false;
}
