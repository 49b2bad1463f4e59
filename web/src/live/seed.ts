/** Gives the sparks of a one-machine estate their past, with one request. */
import { createEffect, createRoot } from "solid-js";
import { request } from "../api/request";
import type { History } from "../api/schema";
import { ids, latestOf, loaded } from "./estate";
import { seeded, seedSparks } from "./tally";

export function seedOnce(): () => void {
  return createRoot((dispose) => {
    let asked = false;
    createEffect(() => {
      const only = ids()[0];
      if (!loaded() || asked || seeded() || ids().length !== 1 || !only || latestOf(only)?.type !== "agent") return;
      asked = true;
      const query = new URLSearchParams({ resourceType: "agent", resourceId: only, range: "1h" });
      // Without history the sparks collect by themselves.
      request<History>(`/api/metrics-store/history?${query}`).then(
        (answer) => seedSparks(only, answer.metrics ?? {}),
        () => undefined,
      );
    });
    return dispose;
  });
}
