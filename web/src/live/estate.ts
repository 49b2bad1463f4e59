/**
 * The one store of everything monitored. Frames arrive as patches, wait in `pending`, and are applied
 * once per animation frame; each reader re-runs only when the member it read changes.
 */
import { batch, createSignal } from "solid-js";
import { createStore, produce, unwrap } from "solid-js/store";
import type { DeltaFrame, LiveState, Resource, ResourcePatch, ServerStats } from "./frames";
import { serverNow } from "./clock";
import { applyPatch, becomeEqual, composePatches, patched } from "./patch";

type Json = Record<string, unknown>;

const KEEP_REMOVED_FOR = 10_000;

export interface Estate {
  resources: Record<string, Resource>;
  stats: ServerStats;
}

const [estate, setEstate] = createStore<Estate>({ resources: {}, stats: {} });
const [ids, setIds] = createSignal<readonly string[]>([]);
/** Rises with every change that was drawn. */
const [revision, setRevision] = createSignal(0);
const [loaded, setLoaded] = createSignal(false);
const [paused, setPausedSignal] = createSignal(false);
const [waiting, setWaiting] = createSignal(0);
const [removedAt, setRemovedAt] = createStore<Record<string, number>>({});

let pending = new Map<string, Json>();
let pendingRemovals = new Set<string>();
let scheduled = false;

export { estate, ids, loaded, paused, removedAt, revision, waiting };

/** A resource to read inside tracked code; undefined once it is gone. */
export function resource(id: string): Resource | undefined {
  return estate.resources[id];
}

/** All resources as plain objects, with what still waits laid over. Not tracked. */
export function latest(): Resource[] {
  const plain = unwrap(estate).resources;
  const known = Object.values(plain).filter((entry) => !pendingRemovals.has(entry.id));
  if (pending.size === 0) return known;
  const seen = known.map((entry) => overlay(entry));
  for (const [id, patch] of pending) {
    if (!plain[id]) seen.push(patched({}, patch) as unknown as Resource);
  }
  return seen;
}

/** One resource with what still waits laid over it. Not tracked. */
export function latestOf(id: string): Resource | undefined {
  const entry = unwrap(estate).resources[id];
  return entry && overlay(entry);
}

function overlay(entry: Resource): Resource {
  const patch = pending.get(entry.id);
  return patch ? patched(entry, patch) : entry;
}

type ReportListener = (id: string) => void;
const listeners = new Set<ReportListener>();

/** Calls back for each changed resource as its frame arrives, drawn or not. Returns the way to stop. */
export function onReport(listen: ReportListener): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** Takes a whole state: the first one, and after a gap. Values that did not change notify nobody. */
export function takeState(state: LiveState): void {
  pending = new Map();
  pendingRemovals = new Set();
  const incoming = state.resources ?? [];
  const present = new Set(incoming.map((entry) => entry.id));
  batch(() => {
    const isFirst = Object.keys(unwrap(estate).resources).length === 0;
    if (isFirst) setEstate("resources", Object.fromEntries(incoming.map((entry) => [entry.id, entry])));
    setEstate(
      produce((draft) => {
        for (const entry of isFirst ? [] : incoming) {
          const old = draft.resources[entry.id];
          if (old) becomeEqual(old, entry);
          else draft.resources[entry.id] = entry;
        }
        if (state.stats) draft.stats = state.stats;
      }),
    );
    for (const id of Object.keys(unwrap(estate).resources)) if (!present.has(id)) markRemoved(id);
    publishIds();
    setWaiting(0);
    setLoaded(true);
    setRevision((count) => count + 1);
  });
  for (const entry of incoming) for (const listen of listeners) listen(entry.id);
}

/** Takes one delta; it is drawn with the next animation frame unless the view is paused or hidden. */
export function takeDelta(delta: DeltaFrame): void {
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
  const plain = unwrap(estate).resources;
  const fresh = [...patches.keys()].some((id) => !plain[id] || removedAt[id]);
  batch(() => {
    setEstate(
      produce((draft) => {
        for (const [id, patch] of patches) {
          const old = draft.resources[id] as Json | undefined;
          if (old) applyPatch(old, patch);
          else draft.resources[id] = patched({}, patch) as unknown as Resource;
        }
      }),
    );
    for (const id of patches.keys()) if (removedAt[id]) setRemovedAt(id, undefined!);
    for (const id of removals) markRemoved(id);
    if (fresh || removals.size > 0) publishIds();
    setWaiting(0);
    setRevision((count) => count + 1);
  });
}

/** A removed resource stays, struck through, for a moment: nothing vanishes under the pointer. */
function markRemoved(id: string): void {
  if (!unwrap(estate).resources[id] || removedAt[id]) return;
  setRemovedAt(id, serverNow());
  setTimeout(() => {
    if (!removedAt[id]) return;
    batch(() => {
      setRemovedAt(id, undefined!);
      setEstate("resources", id, undefined!);
      publishIds();
      setRevision((count) => count + 1);
    });
  }, KEEP_REMOVED_FOR);
}

function publishIds(): void {
  setIds(Object.keys(unwrap(estate).resources));
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
    setEstate({ resources: {}, stats: {} });
    setEstate("resources", produceEmpty());
    setIds([]);
    setLoaded(false);
    setWaiting(0);
    setPausedSignal(false);
  });
}

function produceEmpty(): (present: Record<string, Resource>) => Record<string, Resource> {
  return produce((draft: Record<string, Resource>) => {
    for (const id of Object.keys(draft)) delete draft[id];
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" && !paused()) drawPending();
});
