/** Columns about who lives on a host. */
import { createMemo } from "solid-js";
import { facetsOf } from "../../api/facets";
import { latestOf } from "../../live/estate";
import { isWorkload } from "../../live/kinds";
import { childrenOf, standing, tally } from "../../live/tally";
import { DASH } from "../../text/format";
import { t } from "../../text/en";
import { Inhabitants } from "../cells/Inhabitants";
import type { Column } from "../table/columns";
import type { View } from "../table/view";

/** One cell per inhabitant. */
export function inhabitantsColumn(view: () => View): Column {
  return { id: "runs", head: t.columns.heads.runs, least: 190, grow: 3, priority: 3, line: true, cell: (id, width) => <Inhabitants id={id()} width={width()} current={view().list.current() === id()} /> };
}

/** A container that ended with an error is a warning, and does not run. */
function runs(id: string): boolean {
  const state = facetsOf(latestOf(id)).docker?.containerState;
  const stands = standing(id);
  return stands === "running" || (stands === "warning" && (state ?? "running") === "running");
}

/** How many of its workloads run, of how many. */
function runningOf(id: string): { running: number; total: number } {
  const living = childrenOf(id).filter((child) => isWorkload(latestOf(child) ?? { type: "" }));
  return { running: living.filter(runs).length, total: living.length };
}

function RunningCell(props: { id: string }) {
  const words = createMemo(() => {
    tally();
    const { running, total } = runningOf(props.id);
    return total > 0 ? t.docker.running(running, total) : DASH;
  });
  return <>{words()}</>;
}

export const runningColumn: Column = { id: "running", head: t.docker.heads.running, least: 76, priority: 4, numeric: true, sort: (id) => runningOf(id).total || undefined, cell: (id) => <RunningCell id={id()} /> };
