/** Work that can wait until the browser has nothing else to do. */

/** What is left of an idle moment; a browser that does not tell has all the time there is. */
export type Left = () => number;

/** Does something at the next idle moment, at the latest after a while. */
export function soon(act: (left: Left) => void, latest: number): void {
  if (globalThis.requestIdleCallback) globalThis.requestIdleCallback((idle) => act(() => idle.timeRemaining()), { timeout: latest });
  else setTimeout(() => act(() => Number.POSITIVE_INFINITY), 1);
}

/** Milliseconds that must be left for another step. */
const ENOUGH = 1;

/** Runs steps over as many idle moments as they need, so that no frame waits for all of them; `done` gets the result. */
export function inSteps<T>(steps: Iterator<unknown, T>, latest: number, done: (result: T) => void): void {
  soon((left) => {
    let step = steps.next();
    while (!step.done && left() > ENOUGH) step = steps.next();
    if (step.done) done(step.value);
    else inSteps(steps, latest, done);
  }, latest);
}
