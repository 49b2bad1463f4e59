/**
 * Keys of the whole dashboard. Ignored while typing and with any modifier; nothing destructive is on a key.
 */
import { AREAS } from "../app/areas";
import { overlay, setOverlay } from "../app/overlays";
import { go, query, setQuery } from "../app/place";
import { preferences, setPreferences } from "../app/preferences";
import { session } from "../app/session";
import { paused, setPaused } from "../live/estate";
import { presentAreas, tally } from "../live/tally";
import { undoLast } from "../parts/Toast";

/** What a list on the page can do with keys. The last one mounted is asked. */
export interface KeyedList {
  move(step: 1 | -1): void;
  open(): void;
  neighbour(step: 1 | -1): void;
  /** Marks the current row, or all from the last marked one to it. */
  mark(range: boolean): void;
  fold(fold: boolean): void;
  /** Bars or lines. */
  lines(): void;
  find(): void;
  clear(): boolean;
}

const lists: KeyedList[] = [];

export function registerList(list: KeyedList): () => void {
  lists.push(list);
  return () => {
    const at = lists.indexOf(list);
    if (at >= 0) lists.splice(at, 1);
  };
}

const PAIR_WITHIN = 1000;
let pairSince = 0;

const PLACES: Record<string, string> = { o: "/", f: "/settings/infrastructure", t: "/settings/system-general" };

function goByKey(key: string): boolean {
  const fixed = PLACES[key];
  if (fixed) {
    go(fixed);
    return true;
  }
  const area = AREAS.find((entry) => entry.key === key);
  if (!area || !presentAreas(tally()).includes(area.id)) return false;
  go(area.path);
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.matches) return false;
  return element.matches("textarea, select, [contenteditable=true], input:not([type=checkbox]):not([type=radio])");
}

/** Esc closes the topmost thing, then clears the filter. Dialogs and menus close themselves. */
function escape(): boolean {
  if (document.querySelector(":popover-open, dialog[open]")) return false;
  if (query("resource")) {
    const opened = query("resource");
    setQuery({ resource: undefined, range: undefined, tab: undefined });
    requestAnimationFrame(() => focusRow(opened));
    return true;
  }
  return lists[lists.length - 1]?.clear() ?? false;
}

/** Puts the focus back on the row whose drawer was closed. */
export function focusRow(id: string | undefined): void {
  if (!id) return;
  document.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"] a`)?.focus({ preventScroll: true });
}

const list = () => lists[lists.length - 1];

const extra: Record<string, () => void>[] = [];

/** Keys that work while a part of the page is there. Returns the way to stop. */
export function registerLetters(letters: Record<string, () => void>): () => void {
  extra.push(letters);
  return () => {
    const at = extra.indexOf(letters);
    if (at >= 0) extra.splice(at, 1);
  };
}

const LETTERS: Record<string, () => void> = {
  j: () => list()?.move(1),
  k: () => list()?.move(-1),
  "[": () => list()?.neighbour(-1),
  "]": () => list()?.neighbour(1),
  x: () => list()?.mark(false),
  X: () => list()?.mark(true),
  b: () => list()?.lines(),
  ".": () => setPaused(!paused()),
  "\\": () => setPreferences("density", preferences.density === "compact" ? "comfortable" : "compact"),
  "/": () => {
    const present = list();
    if (present) present.find();
    else setOverlay("palette");
  },
  "?": () => setOverlay("keys"),
  z: undoLast,
};

/** Arrows and Enter stay with the focused thing unless that is a row or nothing. */
function arrows(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const onRow = target === document.body || target.id === "content" || !!target.closest?.("tr[data-id], tr[data-group]");
  if (!onRow) return false;
  if (event.key === "ArrowDown" && target !== document.body) list()?.move(1);
  else if (event.key === "ArrowUp" && target !== document.body) list()?.move(-1);
  else if (event.key === "ArrowLeft") list()?.fold(true);
  else if (event.key === "ArrowRight") list()?.fold(false);
  else return false;
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (session() !== "signed-in" || event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    setOverlay(overlay() === "palette" ? undefined : "palette");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || overlay()) return;
  if (event.key === "Escape") {
    if (escape()) event.preventDefault();
    return;
  }
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (arrows(event)) return event.preventDefault();
  if (!preferences.letterKeys && event.key !== "?") return;
  const now = event.timeStamp;
  if (now - pairSince < PAIR_WITHIN && pairSince > 0) {
    pairSince = 0;
    if (goByKey(event.key)) return event.preventDefault();
  }
  if (event.key === "g") {
    pairSince = now;
    return;
  }
  const act = extra.findLast((letters) => letters[event.key])?.[event.key] ?? LETTERS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

export function listenForKeys(): void {
  document.addEventListener("keydown", onKey);
}
