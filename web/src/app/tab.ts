/** The browser tab says the worst: colour of the mark, and a count before the title. */
import { createEffect, createMemo } from "solid-js";
import { tally } from "../live/tally";
import { t } from "../text/en";
import { path } from "./place";
import { isSettingsPage, routeOf } from "./routes";

function pageName(): string {
  const { page, area } = routeOf(path());
  if (area) return t.area[area];
  if (page === "machines") return t.machines.title;
  if (page === "fleet") return t.fleet.title;
  if (page === "workloads") return t.workloads.title;
  if (page === "storage") return t.storage.title;
  if (isSettingsPage(page)) return t.settings.title;
  return t.board.title;
}

export function showVerdictInTab(): void {
  const worst = createMemo(() => {
    const counts = tally().counts;
    const bad = (counts.critical ?? 0) + (counts.offline ?? 0);
    const late = (counts.warning ?? 0) + (counts.stale ?? 0);
    return { count: bad + late, mark: bad > 0 ? "mark-crit" : late > 0 ? "mark-warn" : "mark" };
  });
  createEffect(() => {
    document.title = `${worst().count > 0 ? `(${worst().count}) ` : ""}${pageName()} · Pulse`;
  });
  createEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const address = `/${worst().mark}.svg`;
    if (icon && !icon.href.endsWith(address)) icon.href = address;
  });
}
