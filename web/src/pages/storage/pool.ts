/** What the storage pages say about one pool, storage, datastore or volume, and about one disk. */
import { facetsOf } from "../../api/facets";
import { latestOf } from "../../live/estate";
import type { Resource } from "../../live/frames";
import { type Growth, growthOf } from "../../live/growth";
import { isHeard, type Standing } from "../../live/standing";
import { standing } from "../../live/tally";
import { figure } from "../../text/format";
import { t } from "../../text/en";

/** Whether a page lists this as a place where data lies. */
export function isPool(entry: Resource | undefined): boolean {
  return entry?.type === "storage";
}

export function isDisk(entry: Resource | undefined): boolean {
  return entry?.type === "physical_disk";
}

const facets = (id: string) => facetsOf(latestOf(id));

export function typeOf(id: string): string {
  const { storage } = facets(id);
  const word = storage?.type ?? latestOf(id)?.technology ?? "";
  return t.storage.types[word.toLowerCase()] ?? word;
}

/** Usage as the source says; undefined is not known, never 0. */
export const usageOf = (id: string) => latestOf(id)?.disk?.current;

export function freeOf(id: string): number | undefined {
  const { free, total, used } = latestOf(id)?.disk ?? {};
  return free ?? (total !== undefined && used !== undefined ? Math.max(0, total - used) : undefined);
}

/** Its own word for its health, in plain language; else how it stands. */
export function healthOf(id: string, now: Standing = standing(id)): string {
  const { storage } = facets(id);
  // What a silent source said last is no health of now.
  if (!isHeard(now)) return t.standing[now];
  const state = storage?.poolHealth?.nativeState ?? storage?.zfsPoolState ?? storage?.arrayState;
  if (storage?.enabled === false) return t.storage.disabled;
  if (storage?.active === false) return t.storage.inactive;
  if (storage?.rebuildInProgress) return t.storage.rebuilding(storage.rebuildSummary ?? "");
  if (state) return t.storage.states[state.toUpperCase()] ?? state;
  return now === "running" ? (t.storage.states.ONLINE ?? "") : t.standing[now];
}

/** "full in 94 d"; how soon matters more than how exact. */
export function growthWords(growth: Growth): string {
  if (growth === "collecting") return t.storage.collecting;
  if (growth === "steady") return t.storage.steady;
  return growth < 0.5 ? t.storage.fullNow : t.storage.full(`${figure(growth < 10 ? Math.round(growth * 10) / 10 : Math.round(growth))} d`);
}

/** Soonest full first; what does not grow after all that does. */
export function growthKey(id: string): number | undefined {
  const growth = growthOf(id);
  return typeof growth === "number" ? growth : growth === "steady" ? 1e6 : undefined;
}

export function poolErrors(id: string): number | undefined {
  const { zfsReadErrors: read, zfsWriteErrors: write, zfsChecksumErrors: checksum } = facets(id).storage ?? {};
  return read === undefined && write === undefined && checksum === undefined ? undefined : (read ?? 0) + (write ?? 0) + (checksum ?? 0);
}

/** Sectors a disk replaced or could not read. */
export function badSectors(id: string): number | undefined {
  const smart = facets(id).physicalDisk?.smart;
  return smart?.reallocatedSectors === undefined && smart?.pendingSectors === undefined ? undefined : (smart.reallocatedSectors ?? 0) + (smart.pendingSectors ?? 0);
}

export function diskHealth(id: string, now: Standing = standing(id)): string {
  const disk = facets(id).physicalDisk;
  if (!isHeard(now)) return t.standing[now];
  const reason = disk?.risk?.reasons?.[0]?.summary;
  if (reason) return reason;
  return t.storage.states[disk?.health?.toUpperCase() ?? ""] ?? disk?.health ?? t.standing[now];
}

export function diskType(id: string): string {
  const word = facets(id).physicalDisk?.diskType ?? "";
  return t.storage.diskTypes[word.toLowerCase()] ?? word;
}
