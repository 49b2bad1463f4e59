/** The drawer's series: one request for all of them and the chosen range; the last hour then grows from live reports. */
import { createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { askHistory } from "../../api/history";
import { type Range, RANGE_SECONDS } from "../../charts/ranges";
import { Samples } from "../../charts/samples";
import { serverNow, ticking } from "../../live/clock";
import { latestOf, onReport, paused } from "../../live/estate";
import { isMeasured } from "../../live/kinds";
import { intervalOf } from "../../live/standing";
import { estateNow, link } from "../../live/socket";

export type HistoryState = "loading" | "ready" | "failed";

/** Longer ranges are read again once they are this old, in seconds: a day-long tab stays true. */
const AGAIN_AFTER = 300;

/** Takes an answer into fresh or present samples; the drawer drops all of it on close. */
export function createHistory(id: () => string, range: () => Range = () => "1h") {
  const [samples, setSamples] = createSignal(new Samples());
  const [state, setState] = createSignal<HistoryState>("loading");
  const [version, setVersion] = createSignal(0);
  /** What the samples are of: the range before, until the answer for the new one is here. */
  const [shown, setShown] = createSignal<{ id: string; range: Range; read: number }>();
  const [zoom, setZoom] = createSignal<[number, number]>();
  let flight = 0;

  const load = async () => {
    flight += 1;
    const mine = flight;
    const [wanted, back] = [id(), range()];
    const entry = latestOf(wanted);
    if (!entry?.metricsTarget || !isMeasured(entry)) return setState("ready");
    try {
      const answer = await askHistory(entry.metricsTarget, back);
      if (mine !== flight) return;
      const same = shown()?.id === wanted && shown()?.range === back && back === "1h";
      const next = same ? samples() : new Samples();
      next.load(answer);
      const now = latestOf(wanted);
      if (now && back === "1h") next.add(now);
      setSamples(next);
      setShown({ id: wanted, range: back, read: estateNow(serverNow()) / 1000 });
      setState("ready");
    } catch {
      if (mine !== flight) return;
      setState("failed");
    }
    setVersion((count) => count + 1);
  };

  createEffect(
    on([id, range], ([now], before) => {
      if (before?.[0] !== now) {
        setSamples(new Samples());
        setShown(undefined);
      }
      setZoom(undefined);
      setState("loading");
      void load();
    }),
  );
  // After a lost line the server knows what happened meanwhile.
  createEffect(
    on(
      link,
      (now, before) => {
        if (now === "open" && before && before !== "open" && state() !== "loading") void load();
      },
      { defer: true },
    ),
  );
  onCleanup(
    onReport((changed) => {
      if (changed !== id() || shown()?.range !== "1h") return;
      const now = latestOf(changed);
      if (now && samples().add(now) && !paused()) setVersion((count) => count + 1);
    }),
  );
  onCleanup(() => {
    flight = 0;
  });
  /** The right edge moves in steps of five seconds: a redraw per second would show nothing more. */
  const now = createMemo(() => Math.ceil(estateNow(ticking()) / 5000) * 5);
  createEffect(() => {
    const present = shown();
    if (present && present.range !== "1h" && state() === "ready" && !paused() && now() - present.read > AGAIN_AFTER) void load();
  });
  const present = (): [number, number] => {
    version();
    const close = zoom();
    if (close) return close;
    const back = shown()?.range ?? range();
    if (back === "1h") return [now() - samples().windowTo(now()), now()];
    const to = shown()?.read ?? now();
    return [to - RANGE_SECONDS[back], to];
  };
  const edges = createMemo(present, undefined, { equals: (a, b) => a[0] === b[0] && a[1] === b[1] });
  /** Seconds between two points of these metrics: what the samples say, else what the source promises. */
  const interval = (metrics?: readonly string[]) => {
    version();
    const entry = latestOf(id());
    const promised = entry ? intervalOf(entry) : 10;
    const back = shown()?.range ?? range();
    const found = samples().step(metrics);
    return Math.max(promised, found ?? (back === "1h" ? promised : RANGE_SECONDS[back] / 480));
  };
  return { samples, state, version, edges, interval, zoom, setZoom, shown: () => shown()?.range ?? range(), reload: () => void load() };
}

export type DrawerHistory = ReturnType<typeof createHistory>;
