/** The newest lines of the server's log as they come; held back while paused, never more than two thousand. */
import { createSignal, onCleanup } from "solid-js";
import { LOG_STREAM, type LogLine, parseLine } from "../../api/support";

export const MOST_LINES = 2000;
export type TailState = "connecting" | "open" | "lost" | "closed";

/** Adds lines at the end and drops the oldest. */
export function appended(lines: readonly LogLine[], more: readonly LogLine[]): LogLine[] {
  return [...lines, ...more].slice(-MOST_LINES);
}

export function createTail(open: (url: string) => EventSource = (url) => new EventSource(url)) {
  const [lines, setLines] = createSignal<readonly LogLine[]>([]);
  const [state, setState] = createSignal<TailState>("connecting");
  const [paused, setPaused] = createSignal(false);
  const [waiting, setWaiting] = createSignal(0);
  let held: LogLine[] = [];
  let source: EventSource | undefined;
  let scheduled: ReturnType<typeof setTimeout> | undefined;

  const draw = () => {
    scheduled = undefined;
    if (paused()) return setWaiting(held.length);
    if (held.length === 0) return;
    setLines((present) => appended(present, held));
    held = [];
    setWaiting(0);
  };
  const take = (event: MessageEvent<string>) => {
    held.push(parseLine(event.data));
    if (held.length > MOST_LINES) held.shift();
    scheduled ??= setTimeout(draw, 100);
  };
  const connect = () => {
    source?.close();
    setState("connecting");
    source = open(LOG_STREAM);
    source.addEventListener("open", () => {
      // The server begins with what it has: lines from before would be there twice.
      held = [];
      setLines([]);
      setState("open");
    });
    source.addEventListener("message", take);
    source.addEventListener("end", (event) => {
      take(event);
      source?.close();
      setState("closed");
    });
    source.addEventListener("error", () => setState(source?.readyState === EventSource.CLOSED ? "closed" : "lost"));
  };
  connect();
  onCleanup(() => {
    source?.close();
    clearTimeout(scheduled);
  });
  return {
    lines,
    state,
    paused,
    waiting,
    setPaused: (hold: boolean) => {
      setPaused(hold);
      draw();
    },
    clear: () => {
      held = [];
      setLines([]);
      setWaiting(0);
    },
    reopen: connect,
  };
}
