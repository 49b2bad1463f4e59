/**
 * The counts and sums of the whole estate as signals: for the verdict, the ribbon, the board and the summary band.
 * Computed about once a second from plain objects, whatever the number of readers; goes on while the view is paused.
 */
import { batch, createEffect, createRoot, createSignal, getListener, type Signal, untrack } from "solid-js";
import { AREAS, type AreaId, areaOf } from "../app/areas";
import { EMPTY, standingAlone, type Tally, tallyOf, tallySteps } from "./census";
import { serverNow, ticking } from "./clock";
import { hiddenSources, ids, isHidden, latest, latestOf, loaded, onReport, revision } from "./estate";
import { estateNow, link } from "./socket";
import { inSteps } from "./soon";
import type { Standing } from "./standing";
import { addToStrips } from "./strips";

export type { Counts, Tally, Trouble } from "./census";
export type { Filling, Sums } from "./sums";

const [tally, setTally] = createSignal<Tally>(EMPTY);
export { tally };

/** One signal per resource somebody asks about; the others cost nothing. */
const readers = new Map<string, Signal<Standing>>();

/** As counted last; what came since then is looked at alone. */
function present(id: string): Standing {
  const counted = untrack(tally).standings.get(id);
  const entry = counted ? undefined : latestOf(id);
  return counted ?? (entry ? standingAlone(entry, latestOf, estateNow(serverNow())) : "unknown");
}

/** How a resource stands. Tracked; changes only when the word does. */
export function standing(id: string): Standing {
  if (!getListener()) return present(id);
  let reader = readers.get(id);
  if (!reader) readers.set(id, (reader = createSignal<Standing>(untrack(() => present(id)))));
  return reader[0]();
}

/** What lives on or belongs to a resource. Not tracked: read `tally()` to run again. */
export function childrenOf(id: string): readonly string[] {
  return untrack(tally).children.get(id) ?? [];
}

/** An area whose every engine or cluster is hidden keeps its place: how else would they be shown again. */
function keepHiddenAreas(next: Tally): void {
  for (const id of hiddenSources()) {
    const entry = latestOf(id);
    if (entry) next.areas[areaOf(entry)] ??= { total: 0, counts: {}, hosts: 0, workloads: 0, kinds: {} };
  }
}

function publish(next: Tally): void {
  untrack(() => keepHiddenAreas(next));
  batch(() => {
    setTally(next);
    for (const [id, [, tell]] of readers) {
      tell(next.standings.get(id) ?? "unknown");
      if (!next.standings.has(id)) readers.delete(id);
    }
  });
}

const LEAST_PAUSE = 900;
/** Counting may take at most this share of the time: a large estate is counted less often. */
const SHARE = 1 / 40;

let dirty = false;
let countedAt = 0;
let counting = false;
let pause = LEAST_PAUSE;

/** More resources than this are counted once the rows are drawn, and between frames. */
const SMALL = 1000;
const COUNTED_WITHIN = 400;

function take(next: Tally, now: number): void {
  if (dirty && link() === "open") {
    dirty = false;
    addToStrips(now, next.sums);
  }
  publish(next);
}

function recount(): void {
  const now = estateNow(serverNow());
  const all = hiddenSources().length > 0 ? latest().filter((entry) => !isHidden(entry.id)) : latest();
  if (all.length <= SMALL) return take(tallyOf(all, now), now);
  counting = true;
  const from = performance.now();
  inSteps(tallySteps(all, now), COUNTED_WITHIN, (next) => {
    counting = false;
    take(next, now);
    pause = Math.max(LEAST_PAUSE, (performance.now() - from) / SHARE);
  });
}

/** Whether everything that is there has been counted, so that "nothing" means nothing. */
export const counted = () => loaded() && (tally().total > 0 || ids().length === 0);

/** Starts counting; the result follows the clock and the first frame. */
export function startTally(): () => void {
  const forget = onReport(() => {
    dirty = true;
  });
  return createRoot((dispose) => {
    createEffect(() => {
      ticking();
      revision();
      const now = performance.now();
      // Frames may come many times a second; the first of a view must not wait for the tick.
      if (now - countedAt < pause && untrack(tally).total > 0) return;
      if (counting) return;
      countedAt = now;
      untrack(recount);
    });
    return () => {
      forget();
      dispose();
    };
  });
}

/** Areas that have resources, in ribbon order. */
export function presentAreas(of: Tally): AreaId[] {
  return AREAS.map((area) => area.id).filter((id) => of.areas[id]);
}
