/** Columns of facts that resources of many kinds have, and how a column of words is made. */
import { createMemo } from "solid-js";
import { areaOf } from "../../app/areas";
import { latestOf, resource } from "../../live/estate";
import { nameOf } from "../../live/names";
import { SEVERITY, type Standing } from "../../live/standing";
import { standing, tally } from "../../live/tally";
import { DASH, iso } from "../../text/format";
import { t } from "../../text/en";
import { addressOf, raidOf, systemOf } from "../cells/machine";
import { NameCell, SeenCell, SystemCell } from "../cells/rows";
import { SinceCell, TagsCell } from "../cells/workload";
import type { Column } from "../table/columns";
import type { View } from "../table/view";

const of = (id: string) => latestOf(id);
const { heads } = t.columns;

/** A column of words; `read` is of present values, the cell follows its resource. */
export function word(id: string, head: string, least: number, read: (id: string) => string | undefined, more: Partial<Column> = {}): Column {
  return { id, head, least, priority: 5, class: "second cut", text: true, hint: read, sort: (row) => read(row) || undefined, cell: (row) => <>{(resource(row()), read(row())) || DASH}</>, ...more };
}

/** A column of one figure each, written as `write` says. */
export function amount(id: string, head: string, least: number, read: (id: string) => number | undefined, write: (value: number) => string, more: Partial<Column> = {}): Column {
  const words = (row: string) => {
    const value = read(row);
    return value === undefined ? DASH : write(value);
  };
  return { id, head, least, priority: 5, class: "second", numeric: true, rowsOnly: true, sort: read, cell: (row) => <>{(resource(row()), words(row()))}</>, ...more };
}

/** A column that says how long ago something was. */
export function since(id: string, head: string, read: (id: string) => string | undefined, more: Partial<Column> = {}): Column {
  const at = (row: string) => (read(row) ? Date.parse(read(row) ?? "") : undefined);
  return { id, head, least: 62, priority: 5, class: "second", numeric: true, rowsOnly: true, hint: (row) => (at(row) ? iso(at(row) ?? 0) : undefined), sort: at, cell: (row) => <SinceCell at={(resource(row()), read(row()))} />, ...more };
}

/** Whether any row has it: a fact that nobody has takes no room. Asked with each tally. */
export function offeredBy(rows: () => readonly string[], has: (id: string) => boolean): () => boolean {
  return createMemo(() => (tally(), rows().some(has)));
}

/** The first column of every list: sign, name, and what else is known at a glance. */
export function nameColumn(view: () => View, head: string, more: Partial<Column> = {}, badge?: (id: string) => string | undefined, sign?: (id: string) => Standing): Column {
  const list = () => view().list;
  return {
    id: "name", head, least: 200, grow: 3, priority: 1, text: true, hint: (id) => nameOf(of(id)), sort: (id) => nameOf(of(id)),
    cell: (id) => <NameCell id={id()} current={list().current() === id()} marked={list().marks.has(id())} badge={badge?.(id())} sign={sign?.(id())} onFocus={() => list().setFocused(id())} />,
    ...more,
  };
}

export const facts = {
  status: { id: "status", head: heads.status, class: "second", least: 92, priority: 4, extra: true, rowsOnly: true, sort: (id) => SEVERITY[standing(id)], cell: (id) => <>{t.standing[standing(id())]}</> },
  tags: { id: "tags", head: heads.tags, least: 84, grow: 0.5, priority: 5, text: true, rowsOnly: true, hint: (id) => of(id)?.tags?.join(" ") || undefined, sort: (id) => of(id)?.tags?.join(" ") || undefined, cell: (id) => <TagsCell id={id()} /> },
  os: { ...word("os", heads.os, 132, (id) => systemOf(of(id)), { grow: 1, line: true }), cell: (id) => <SystemCell id={id()} /> },
  agent: word("agent", heads.agent, 60, (id) => of(id)?.agent?.agentVersion, { priority: 6 }),
  seen: { id: "seen", head: heads.seen, class: "second", least: 90, priority: 5, numeric: true, hint: (id) => (of(id)?.lastSeen ? iso(of(id)?.lastSeen ?? 0) : undefined), sort: (id) => of(id)?.lastSeen, cell: (id) => <SeenCell id={id()} /> },
  address: word("ip", heads.ip, 112, (id) => addressOf(of(id))),
  raid: word("raid", heads.raid, 92, (id) => raidOf(of(id)), { priority: 6 }),
  architecture: word("arch", heads.arch, 68, (id) => of(id)?.agent?.architecture, { priority: 6, extra: true }),
  kernel: word("kernel", heads.kernel, 130, (id) => of(id)?.agent?.kernelVersion, { priority: 6 }),
  platform: word("platform", heads.platform, 96, (id) => t.area[areaOf(of(id) ?? { type: "", platformType: "" })], { extra: true, rowsOnly: true }),
} satisfies Record<string, Column>;
