/** Gives the summary band its past: the hosts of the estate in one request, if one answer can hold them all. */
import { createEffect, createRoot, untrack } from "solid-js";
import { MOST_AT_ONCE, type Sparks } from "../api/sparks";
import { latest, loaded } from "./estate";
import type { Resource } from "./frames";
import { askHours } from "./hours";
import { isHost } from "./kinds";
import { coresOf } from "./sums";
import { type Past, seedStrips } from "./strips";

/** A sum of fewer of the hosts than this would look like a rise when the others come. */
const MOST_OF_THEM = 0.8;

/** Sums over hosts for each slot; a slot where nobody was heard stays a gap, and so does a total of too few. */
export function pastOf(answer: Sparks, hosts: readonly Resource[]): Past[] {
  const slots = Math.max(0, Math.round((answer.end - answer.start) / answer.step));
  const measuring = hosts.filter((host) => host.network).length;
  return Array.from({ length: slots }, (_, slot) => {
    const mean = (metric: string, weigh: (host: Resource) => number) => {
      let sum = 0;
      let weight = 0;
      let count = 0;
      for (const host of hosts) {
        const value = answer.series[host.id]?.[metric]?.[slot];
        if (value === null || value === undefined) continue;
        sum += value * weigh(host);
        weight += weigh(host);
        count += 1;
      }
      return { mean: weight > 0 ? sum / weight : undefined, sum: count > 0 && count >= measuring * MOST_OF_THEM ? sum : undefined };
    };
    const received = mean("netin", () => 1).sum;
    const sent = mean("netout", () => 1).sum;
    return {
      at: answer.start + slot * answer.step,
      cpu: mean("cpu", coresOf).mean,
      memory: mean("memory", (host) => host.memory?.total ?? 1).mean,
      network: received === undefined && sent === undefined ? undefined : (received ?? 0) + (sent ?? 0),
    };
  });
}

export function seedOnce(): () => void {
  return createRoot((dispose) => {
    let done = false;
    createEffect(() => {
      if (!loaded() || done) return;
      const hosts = untrack(latest).filter(isHost);
      if (hosts.length === 0 || hosts.length > MOST_AT_ONCE) return;
      done = true;
      void askHours(hosts.map((host) => host.id)).then((answer) => answer && seedStrips(pastOf(answer, hosts)));
    });
    return dispose;
  });
}
