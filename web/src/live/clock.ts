/**
 * Time as the server tells it. Browsers with a wrong clock must not make every host look stale.
 */
import { createSignal } from "solid-js";

let skew = 0;
const [tick, setTick] = createSignal(Date.now());

/** Learns the server's time from a frame's RFC 3339 stamp. */
export function learnServerTime(stamp: string | undefined): void {
  const at = stamp ? Date.parse(stamp) : Number.NaN;
  if (Number.isNaN(at)) return;
  const offset = at - Date.now();
  // A few hundred milliseconds of travel are no skew; a jump is.
  if (Math.abs(offset - skew) > 750) skew = offset;
}

/** Server time now, unix milliseconds. Not tracked. */
export function serverNow(): number {
  return Date.now() + skew;
}

/** Server time that re-runs its readers once a second. */
export function ticking(): number {
  return tick();
}

let timer: ReturnType<typeof setInterval> | undefined;

/** Starts the one-second tick; a hidden page does not tick and catches up when shown. */
export function startClock(): void {
  if (timer) return;
  const advance = () => {
    if (document.visibilityState !== "hidden") setTick(serverNow());
  };
  advance();
  timer = setInterval(advance, 1000);
  document.addEventListener("visibilitychange", advance);
}
