/** The drawer's series: one request for all of them, then live reports. */
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { request } from "../../api/request";
import type { History } from "../../api/schema";
import { Samples } from "../../charts/samples";
import { latestOf, onReport, paused } from "../../live/estate";
import { link } from "../../live/socket";

export type HistoryState = "loading" | "ready" | "failed";

export function createHistory(id: () => string) {
  const samples = new Samples();
  const [state, setState] = createSignal<HistoryState>("loading");
  const [version, setVersion] = createSignal(0);
  let flight: AbortController | undefined;

  const load = async () => {
    flight?.abort();
    const mine = new AbortController();
    flight = mine;
    const wanted = id();
    try {
      const query = new URLSearchParams({ resourceType: "agent", resourceId: wanted, range: "1h" });
      const answer = await request<History>(`/api/metrics-store/history?${query}`, { signal: mine.signal });
      if (mine.signal.aborted) return;
      samples.load(answer);
      const now = latestOf(wanted);
      if (now) samples.add(now);
      setState("ready");
    } catch {
      if (mine.signal.aborted) return;
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
  onCleanup(() => flight?.abort());
  return { samples, state, version, reload: () => void load() };
}
