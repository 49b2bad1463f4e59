/** The drawer's series: one request for all of them, then live reports. */
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { askLastHour } from "../../api/history";
import { Samples } from "../../charts/samples";
import { latestOf, onReport, paused } from "../../live/estate";
import { link } from "../../live/socket";

export type HistoryState = "loading" | "ready" | "failed";

export function createHistory(id: () => string) {
  const samples = new Samples();
  const [state, setState] = createSignal<HistoryState>("loading");
  const [version, setVersion] = createSignal(0);
  let flight = 0;

  const load = async () => {
    flight += 1;
    const mine = flight;
    const wanted = id();
    try {
      const answer = await askLastHour(wanted);
      if (mine !== flight) return;
      samples.load(answer);
      const now = latestOf(wanted);
      if (now) samples.add(now);
      setState("ready");
    } catch {
      if (mine !== flight) return;
      setState("failed");
    }
    setVersion((count) => count + 1);
  };

  createEffect(
    on(id, () => {
      samples.clear();
      setState("loading");
      setVersion((count) => count + 1);
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
      if (changed !== id()) return;
      const now = latestOf(changed);
      if (now && samples.add(now) && !paused()) setVersion((count) => count + 1);
    }),
  );
  onCleanup(() => {
    flight = 0;
  });
  return { samples, state, version, reload: () => void load() };
}
