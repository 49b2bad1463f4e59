/** Gives the sparks of a one-machine estate their past, with one request. */
import { createEffect, createRoot } from "solid-js";
import { askLastHour } from "../api/history";
import { ids, latestOf, loaded } from "./estate";
import { seeded, seedSparks } from "./tally";

export function seedOnce(): () => void {
  return createRoot((dispose) => {
    let asked = false;
    createEffect(() => {
      const only = ids()[0];
      if (!loaded() || asked || seeded() || ids().length !== 1 || !only || latestOf(only)?.type !== "agent") return;
      asked = true;
      // Without history the sparks collect by themselves.
      askLastHour(only).then(
        (answer) => seedSparks(only, answer.metrics ?? {}),
        () => undefined,
      );
    });
    return dispose;
  });
}
