/** The columns of pools and of disks. */
import { createMemo } from "solid-js";
import { facetsOf } from "../../api/facets";
import { areaOf } from "../../app/areas";
import { phone } from "../../app/viewport";
import { latestOf, resource } from "../../live/estate";
import { growthOf } from "../../live/growth";
import { nameOf } from "../../live/names";
import { SEVERITY } from "../../live/standing";
import { standing, tally } from "../../live/tally";
import { isOld } from "../../parts/cells/figures";
import { NameCell } from "../../parts/cells/rows";
import { Meter } from "../../parts/Meter";
import { type Column, onlyOnPhone } from "../../parts/table/columns";
import type { View } from "../../parts/table/view";
import { capacity, DASH, percent } from "../../text/format";
import { t } from "../../text/en";
import { lifeOf } from "../drawer/infrastructure";
import { hostOf } from "../platform/kin";
import { badSectors, diskHealth, diskType, freeOf, growthKey, growthWords, healthOf, poolErrors, typeOf, usageOf } from "./pool";

const facets = (id: string) => facetsOf(latestOf(id));
const h = t.storage.heads;
const d = t.storage.diskHeads;

/** A word; `read` is of present values, the cell follows its resource. */
function word(id: string, head: string, least: number, priority: number, read: (id: string) => string | undefined, more: Partial<Column> = {}): Column {
  return { id, head, least, priority, class: "second cut", text: true, hint: (row) => (resource(row), read(row)), sort: (row) => read(row) || undefined, cell: (row) => <>{(resource(row()), read(row())) || DASH}</>, ...more };
}

const hostName = (id: string) => nameOf(latestOf(hostOf(id))) || facets(id).parentName;

function nameColumn(head: string, view: () => View): Column {
  const list = () => view().list;
  return { id: "name", head, least: 170, grow: 2, priority: 1, text: true, sort: (id) => nameOf(latestOf(id)), cell: (id) => <NameCell id={id()} current={list().current() === id()} marked={list().marks.has(id())} onFocus={() => list().setFocused(id())} /> };
}

/** A word with the colour of its row's trouble. */
function StateWord(props: { id: string; text: string }) {
  const tone = () => ({ "crit-ink": ["critical", "offline"].includes(standing(props.id)), "warn-ink": standing(props.id) === "warning" });
  return (
    <span class="cut" classList={tone()} title={props.text}>
      {props.text}
    </span>
  );
}

function UsageCell(props: { id: string }) {
  const use = () => resource(props.id)?.disk;
  const title = () => (use()?.total ? `${capacity(use()?.used)} ${t.summary.of(capacity(use()?.total))}` : undefined);
  return <Meter label={t.drawer.usage} short={t.drawer.usage} value={use()?.current} stale={isOld(props.id)} title={title()} />;
}

function roomWords(id: string): string | undefined {
  const use = latestOf(id)?.disk;
  return use?.total ? `${capacity(use.used)} / ${capacity(use.total)}` : undefined;
}

/** "41 °C", asleep, or nothing. */
function heatWords(id: string): string | undefined {
  if (facets(id).physicalDisk?.spunDown) return t.storage.asleep;
  const degrees = latestOf(id)?.temperature;
  return degrees === undefined ? undefined : `${percent(degrees)} °C`;
}

function GrowthCell(props: { id: string }) {
  const soon = () => {
    const growth = growthOf(props.id);
    return typeof growth === "number" && growth < 14;
  };
  return (
    <span class="cut" classList={{ "warn-ink": soon(), dim: growthOf(props.id) === "collecting" }}>
      {growthWords(growthOf(props.id))}
    </span>
  );
}

export function poolColumns(view: () => View, rows: () => readonly string[]): Column[] {
  const offered = (has: (id: string) => boolean) => createMemo(() => (tally(), rows().some(has)));
  const columns: Column[] = [
    nameColumn(h.name, view),
    word("type", h.type, 108, 4, typeOf, { rowsOnly: true }),
    word("host", h.host, 120, 3, hostName, { grow: 0.6, rowsOnly: true }),
    { id: "usage", head: h.usage, least: 130, grow: 1.4, priority: 1, metric: true, sort: usageOf, cell: (id) => <UsageCell id={id()} /> },
    { id: "room", head: h.room, title: t.storage.titles.room, class: "second", least: 140, priority: 2, numeric: true, metric: true, sort: (id) => latestOf(id)?.disk?.used, cell: (id) => <>{(resource(id()), roomWords(id())) ?? DASH}</> },
    { id: "free", head: h.free, class: "second", least: 76, priority: 4, numeric: true, metric: true, sort: freeOf, cell: (id) => <>{(resource(id()), capacity(freeOf(id())))}</> },
    { id: "growth", head: h.growth, title: t.storage.titles.growth, class: "second", least: 96, priority: 3, metric: true, rowsOnly: true, sort: growthKey, cell: (id) => <GrowthCell id={id()} /> },
    { id: "health", head: h.health, class: "second", least: 96, priority: 2, rowsOnly: true, sort: (id) => SEVERITY[standing(id)], cell: (id) => <StateWord id={id()} text={(resource(id()), healthOf(id()))} /> },
    word("content", h.content, 130, 5, (id) => (facets(id).storage?.contentTypes ?? []).join(", ") || facets(id).storage?.content, { grow: 0.6, rowsOnly: true, offered: offered((id) => !!facets(id).storage?.content || !!facets(id).storage?.contentTypes?.length) }),
    word("shared", h.shared, 64, 5, (id) => (facets(id).storage?.shared === undefined ? undefined : facets(id).storage?.shared ? t.facts.yes : t.facts.no), { rowsOnly: true }),
    word("protection", h.protection, 110, 5, (id) => facets(id).storage?.protectionSummary ?? facets(id).storage?.topology ?? facets(id).storage?.vdevLayout, { extra: true, rowsOnly: true }),
    word("platform", h.platform, 92, 5, (id) => t.area[areaOf(latestOf(id) ?? { type: "", platformType: "" })], { extra: true, rowsOnly: true }),
    { id: "errors", head: h.errors, class: "second", least: 60, priority: 5, numeric: true, extra: true, rowsOnly: true, sort: poolErrors, cell: (id) => <>{(resource(id()), poolErrors(id())) ?? DASH}</> },
    word("path", h.path, 140, 5, (id) => facets(id).storage?.path ?? facets(id).storage?.pool ?? facets(id).docker?.mountpoint, { extra: true, rowsOnly: true }),
  ];
  const line: Column = { id: "line", head: h.line, least: 0, priority: 6, line: true, rowsOnly: true, cell: (id) => <span class="cut">{(resource(id()), [typeOf(id()), hostName(id()), healthOf(id()), roomWords(id())].filter(Boolean).join(" · "))}</span> };
  return phone() ? onlyOnPhone([...columns, line], []) : columns;
}

function LifeCell(props: { id: string }) {
  const life = () => lifeOf(facetsOf(resource(props.id)).physicalDisk);
  return <Meter label={t.smart.life} short={t.storage.life} value={life()} stale={isOld(props.id)} />;
}

function HeatCell(props: { id: string }) {
  const words = () => {
    const entry = resource(props.id);
    if (facetsOf(entry).physicalDisk?.spunDown) return t.storage.asleep;
    return entry?.temperature === undefined ? DASH : percent(entry.temperature);
  };
  return <span classList={{ dim: words() === DASH || words() === t.storage.asleep }}>{words()}</span>;
}

function SectorsCell(props: { id: string }) {
  const count = () => (resource(props.id), badSectors(props.id));
  return <span classList={{ "warn-ink": (count() ?? 0) > 0 }}>{count() ?? DASH}</span>;
}

export function diskColumns(view: () => View, rows: () => readonly string[]): Column[] {
  const offered = (has: (id: string) => boolean) => createMemo(() => (tally(), rows().some(has)));
  const disk = (id: string) => facets(id).physicalDisk;
  const columns: Column[] = [
    { ...nameColumn(d.name, view), least: 110, grow: 1 },
    word("model", d.model, 180, 2, (id) => [disk(id)?.vendor, disk(id)?.model].filter(Boolean).join(" "), { grow: 1 }),
    word("type", d.type, 60, 4, diskType),
    word("host", d.host, 120, 3, hostName, { grow: 0.6 }),
    word("role", d.role, 76, 5, (id) => disk(id)?.storageRole, { offered: offered((id) => !!disk(id)?.storageRole) }),
    word("belongs", d.belongs, 104, 4, (id) => disk(id)?.storageGroup ?? disk(id)?.used),
    { id: "health", head: d.health, class: "second", least: 120, grow: 1, priority: 2, sort: (id) => SEVERITY[standing(id)], cell: (id) => <StateWord id={id()} text={(resource(id()), diskHealth(id()))} /> },
    { id: "life", offered: offered((id) => lifeOf(disk(id)) !== undefined), head: d.life, title: t.storage.titles.life, least: 112, grow: 0.8, priority: 2, metric: true, sort: (id) => lifeOf(disk(id)), cell: (id) => <LifeCell id={id()} /> },
    { id: "temperature", head: d.temperature, title: t.drawer.temperature, least: 58, priority: 3, numeric: true, metric: true, sort: (id) => latestOf(id)?.temperature, cell: (id) => <HeatCell id={id()} /> },
    { id: "sectors", offered: offered((id) => badSectors(id) !== undefined), head: d.sectors, title: t.storage.titles.sectors, class: "second", least: 92, priority: 4, numeric: true, sort: badSectors, cell: (id) => <SectorsCell id={id()} /> },
    { id: "size", head: d.size, class: "second", least: 74, priority: 3, numeric: true, sort: (id) => disk(id)?.sizeBytes, cell: (id) => <>{(resource(id()), capacity(disk(id())?.sizeBytes))}</> },
    { id: "hours", head: d.hours, class: "second", least: 84, priority: 5, numeric: true, extra: true, sort: (id) => disk(id)?.smart?.powerOnHours, cell: (id) => <>{(resource(id()), disk(id())?.smart?.powerOnHours?.toLocaleString()) ?? DASH}</> },
    word("serial", d.serial, 130, 5, (id) => disk(id)?.serial, { extra: true }),
  ];
  const line: Column = { id: "line", head: d.line, least: 0, priority: 6, line: true, cell: (id) => <span class="cut">{(resource(id()), [hostName(id()), heatWords(id()), disk(id())?.model, diskHealth(id())].filter(Boolean).join(" · "))}</span> };
  return phone() ? onlyOnPhone([...columns, line], ["life"]) : columns;
}
