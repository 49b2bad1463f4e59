/**
 * The one store of everything monitored. Frames arrive as patches, wait in `pending`, and are applied once per
 * animation frame. Resources are plain objects that are replaced, never changed; each has one signal once somebody
 * reads it, so that thousands nobody looks at cost nothing.
 */
import { batch, createSignal, getListener, type Signal } from "solid-js";
import { createStore } from "solid-js/store";
import { serverNow } from "./clock";
import type { DeltaFrame, LiveState, Resource, ResourcePatch, ServerStats } from "./frames";
import { hiddenAmong, hiddenRoots } from "./hidden";
import { composePatches, patched } from "./patch";

type Json = Record<string, unknown>;

const KEEP_REMOVED_FOR = 10_000;

const known = new Map<string, Resource>();
const readers = new Map<string, Signal<Resource | undefined>>();
const [stats, setStats] = createSignal<ServerStats>({});
const [ids, setIds] = createSignal<readonly string[]>([]);
/** Rises with every change that was drawn. */
const [revision, setRevision] = createSignal(0);
const [loaded, setLoaded] = createSignal(false);
const [mock, setMock] = createSignal(false);
const [paused, setPausedSignal] = createSignal(false);
const [waiting, setWaiting] = createSignal(0);
/** What no list shows, and the engines and clusters somebody hid. */
let hidden: ReadonlySet<string> = new Set();
const [hiddenSources, setHiddenSources] = createSignal<readonly string[]>([], { equals: (a, b) => a.join() === b.join() });
const [removedAt, setRemovedAt] = createStore<Record<string, number>>({});

const LISTED_BY = ["name", "displayName", "type", "platformType", "parentId"] as const;
const PLATFORMS = ["agent", "proxmox", "truenas", "docker", "kubernetes", "pbs", "pmg", "ceph"] as const;

const turnsHidden = (part: unknown) => typeof part === "object" && part !== null && "hidden" in part;

/** Whether it now belongs in other lists, or elsewhere in them: lists are then made anew. */
function isRelisted(old: Resource, patch: Json): boolean {
  if (turnsHidden(patch.docker) || turnsHidden(patch.kubernetes)) return true;
  return LISTED_BY.some((member) => member in patch && patch[member] !== old[member]) || PLATFORMS.some((facet) => facet in patch && !patch[facet] !== !old[facet]);
}

let pending = new Map<string, Json>();
let pendingRemovals = new Set<string>();
let scheduled = false;

export { hiddenSources, ids, loaded, mock, paused, removedAt, revision, stats, waiting };

/** A resource; tracked code runs again when it changes. Undefined once it is gone. */
export function resource(id: string): Resource | undefined {
  if (!getListener()) return known.get(id);
  let reader = readers.get(id);
  if (!reader) readers.set(id, (reader = createSignal(known.get(id))));
  return reader[0]();
}

function put(id: string, entry: Resource): void {
  known.set(id, entry);
  readers.get(id)?.[1](entry);
}

/** Whoever still reads it then gets a signal of its own anew, so that none is kept for what went. */
function drop(id: string): void {
  known.delete(id);
  const reader = readers.get(id);
  readers.delete(id);
  reader?.[1](undefined);
}

/** All resources as plain objects, with what still waits laid over. Not tracked. */
export function latest(): Resource[] {
  const seen: Resource[] = [];
  for (const entry of known.values()) if (!pendingRemovals.has(entry.id)) seen.push(overlay(entry));
  for (const [id, patch] of pending) if (!known.has(id)) seen.push(whole(patch));
  return seen;
}

/** Whether an operator hid it, or what it is on. Not tracked: lists are made anew when that changes. */
export const isHidden = (id: string) => hidden.has(id);

/** One resource with what still waits laid over it. Not tracked. */
export function latestOf(id: string): Resource | undefined {
  const entry = known.get(id);
  return entry && pending.size > 0 ? overlay(entry) : entry;
}

/** The first patch of a resource is all of it. */
function whole(patch: Json): Resource {
  return patched({}, patch) as unknown as Resource;
}

/** What a patch makes of its resource, until it is drawn: lists ask for it many times. */
const overlaid = new WeakMap<Json, Resource>();

function overlay(entry: Resource): Resource {
  const patch = pending.get(entry.id);
  if (!patch) return entry;
  let whole = overlaid.get(patch);
  if (!whole) overlaid.set(patch, (whole = patched(entry, patch)));
  return whole;
}

type ReportListener = (id: string) => void;
const listeners = new Set<ReportListener>();

/** Calls back for each changed resource as its frame arrives, drawn or not. Returns the way to stop. */
export function onReport(listen: ReportListener): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** Takes a whole state: the first one, and after a gap. */
export function takeState(state: LiveState): void {
  pending = new Map();
  pendingRemovals = new Set();
  const incoming = state.resources ?? [];
  const present = new Set(incoming.map((entry) => entry.id));
  batch(() => {
    for (const entry of incoming) put(entry.id, entry);
    if (state.stats) setStats(state.stats);
    setMock(state.mockMode === true);
    for (const id of known.keys()) if (!present.has(id)) markRemoved(id);
    publishIds();
    setWaiting(0);
    setLoaded(true);
    setRevision((count) => count + 1);
  });
  for (const entry of incoming) for (const listen of listeners) listen(entry.id);
}

/** Takes one delta; it is drawn with the next animation frame unless the view is paused or hidden. */
export function takeDelta(delta: DeltaFrame): void {
  if (typeof delta.mockMode === "boolean") setMock(delta.mockMode);
  const changes = delta.resourceDelta;
  if (!changes) return;
  for (const patch of changes.upserts ?? []) takeUpsert(patch);
  for (const id of changes.removed ?? []) {
    pending.delete(id);
    pendingRemovals.add(id);
  }
  for (const patch of changes.upserts ?? []) for (const listen of listeners) listen(patch.id);
  if (paused()) setWaiting(pending.size + pendingRemovals.size);
  else schedule();
}

function takeUpsert(patch: ResourcePatch): void {
  if (typeof patch.id !== "string") return;
  pendingRemovals.delete(patch.id);
  const earlier = pending.get(patch.id);
  pending.set(patch.id, earlier ? composePatches(earlier, patch) : patch);
}

function schedule(): void {
  if (scheduled || document.visibilityState === "hidden") return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    if (!paused()) drawPending();
  });
}

/** Applies everything that waits, in one batch. */
export function drawPending(): void {
  if (pending.size === 0 && pendingRemovals.size === 0) return;
  const patches = pending;
  const removals = pendingRemovals;
  pending = new Map();
  pendingRemovals = new Set();
  let relisted = removals.size > 0;
  batch(() => {
    for (const [id, patch] of patches) {
      const old = known.get(id);
      if (!old || removedAt[id] || isRelisted(old, patch)) relisted = true;
      put(id, old ? (overlaid.get(patch) ?? patched(old, patch)) : whole(patch));
      if (removedAt[id]) setRemovedAt(id, undefined!);
    }
    for (const id of removals) markRemoved(id);
    if (relisted) publishIds();
    setWaiting(0);
    setRevision((count) => count + 1);
  });
}

/** A removed resource stays, struck through, for a moment: nothing vanishes under the pointer. */
function markRemoved(id: string): void {
  if (!known.has(id) || removedAt[id]) return;
  setRemovedAt(id, serverNow());
  setTimeout(() => {
    if (!removedAt[id]) return;
    batch(() => {
      setRemovedAt(id, undefined!);
      drop(id);
      publishIds();
      setRevision((count) => count + 1);
    });
  }, KEEP_REMOVED_FOR);
}

function publishIds(): void {
  const roots = hiddenRoots(known.values());
  hidden = hiddenAmong(known.values(), roots, (id) => known.get(id));
  setHiddenSources(roots);
  setIds(hidden.size > 0 ? [...known.keys()].filter((id) => !hidden.has(id)) : [...known.keys()]);
}

/** Holds the view still; what arrives is counted and drawn on resume. */
export function setPaused(hold: boolean): void {
  setPausedSignal(hold);
  if (!hold) drawPending();
}

/** Forgets everything, as after signing out. */
export function clearEstate(): void {
  pending = new Map();
  pendingRemovals = new Set();
  batch(() => {
    for (const id of known.keys()) drop(id);
    setStats({});
    setMock(false);
    publishIds();
    setLoaded(false);
    setWaiting(0);
    setPausedSignal(false);
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" && !paused()) drawPending();
});
