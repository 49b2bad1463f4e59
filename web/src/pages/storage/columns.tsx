/** The columns of pools and of disks. */
import { facetsOf } from "../../api/facets";
import { phone } from "../../app/viewport";
import { latestOf, resource } from "../../live/estate";
import { growthOf } from "../../live/growth";
import { hostOf } from "../../live/kin";
import { nameOf } from "../../live/names";
import { SEVERITY } from "../../live/standing";
import { standing } from "../../live/tally";
import { isOld } from "../../parts/cells/figures";
import { facts, nameColumn, offeredBy, word } from "../../parts/columns/facts";
import { Meter } from "../../parts/Meter";
import { type Column, onlyOnPhone } from "../../parts/table/columns";
import type { View } from "../../parts/table/view";
import { capacity, DASH, percent } from "../../text/format";
import { t } from "../../text/en";
import { lifeOf } from "../drawer/infrastructure";
import { badSectors, diskHealth, diskType, freeOf, growthKey, growthWords, healthOf, poolErrors, typeOf, usageOf } from "./pool";

const facets = (id: string) => facetsOf(latestOf(id));
const h = t.storage.heads;
const d = t.storage.diskHeads;

const hostName = (id: string) => nameOf(latestOf(hostOf(id))) || facets(id).parentName;

/** A word with the colour of its row's trouble. */
function StateWord(props: { id: string; text: string }) {
  const tone = () => ({ "crit-ink": ["critical", "offline"].includes(standing(props.id)), "warn-ink": standing(props.id) === "warning" });
  return (
    <span class="cut" classList={tone()}>
      {props.text}
    </span>
  );
}

function UsageCell(props: { id: string }) {
  const use = () => resource(props.id)?.disk;
  return <Meter label={t.drawer.usage} short={t.drawer.usage} value={use()?.current} stale={isOld(props.id)} />;
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
  const offered = (has: (id: string) => boolean) => offeredBy(rows, has);
  const columns: Column[] = [
    nameColumn(view, h.name, { least: 170, grow: 2 }),
    word("type", h.type, 108, typeOf, { priority: 4, rowsOnly: true }),
    word("host", h.host, 120, hostName, { priority: 3, grow: 0.6, rowsOnly: true, unlessBy: "host" }),
    { id: "usage", head: h.usage, least: 130, grow: 1.4, priority: 1, metric: true, hint: roomWords, sort: usageOf, cell: (id) => <UsageCell id={id()} /> },
    { id: "room", head: h.room, title: t.storage.titles.room, class: "second", least: 140, priority: 2, numeric: true, metric: true, sort: (id) => latestOf(id)?.disk?.used, cell: (id) => <>{(resource(id()), roomWords(id())) ?? DASH}</> },
    { id: "free", head: h.free, class: "second", least: 76, priority: 4, numeric: true, metric: true, sort: freeOf, cell: (id) => <>{(resource(id()), capacity(freeOf(id())))}</> },
    { id: "growth", head: h.growth, title: t.storage.titles.growth, class: "second", least: 96, priority: 3, metric: true, rowsOnly: true, sort: growthKey, cell: (id) => <GrowthCell id={id()} /> },
    { id: "health", head: h.health, class: "second", least: 96, priority: 2, rowsOnly: true, hint: (id) => healthOf(id), sort: (id) => SEVERITY[standing(id)], cell: (id) => <StateWord id={id()} text={(resource(id()), healthOf(id()))} /> },
    word("content", h.content, 130, (id) => (facets(id).storage?.contentTypes ?? []).join(", ") || facets(id).storage?.content, { grow: 0.6, rowsOnly: true, offered: offered((id) => !!facets(id).storage?.content || !!facets(id).storage?.contentTypes?.length) }),
    word("shared", h.shared, 64, (id) => (facets(id).storage?.shared === undefined ? undefined : facets(id).storage?.shared ? t.facts.yes : t.facts.no), { rowsOnly: true }),
    word("protection", h.protection, 110, (id) => facets(id).storage?.protectionSummary ?? facets(id).storage?.topology ?? facets(id).storage?.vdevLayout, { extra: true, rowsOnly: true }),
    facts.platform,
    { id: "errors", head: h.errors, class: "second", least: 60, priority: 5, numeric: true, extra: true, rowsOnly: true, sort: poolErrors, cell: (id) => <>{(resource(id()), poolErrors(id())) ?? DASH}</> },
    word("path", h.path, 140, (id) => facets(id).storage?.path ?? facets(id).storage?.pool, { extra: true, rowsOnly: true }),
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
  const offered = (has: (id: string) => boolean) => offeredBy(rows, has);
  const disk = (id: string) => facets(id).physicalDisk;
  const columns: Column[] = [
    nameColumn(view, d.name, { least: 110, grow: 1 }),
    word("model", d.model, 180, (id) => [disk(id)?.vendor, disk(id)?.model].filter(Boolean).join(" "), { priority: 2, grow: 1 }),
    word("type", d.type, 60, diskType, { priority: 4 }),
    word("host", d.host, 120, hostName, { priority: 3, grow: 0.6, unlessBy: "host" }),
    word("role", d.role, 76, (id) => disk(id)?.storageRole, { offered: offered((id) => !!disk(id)?.storageRole) }),
    word("belongs", d.belongs, 104, (id) => disk(id)?.storageGroup ?? disk(id)?.used, { priority: 4 }),
    { id: "health", head: d.health, class: "second", least: 120, grow: 1, priority: 2, hint: (id) => diskHealth(id), sort: (id) => SEVERITY[standing(id)], cell: (id) => <StateWord id={id()} text={(resource(id()), diskHealth(id()))} /> },
    { id: "life", offered: offered((id) => lifeOf(disk(id)) !== undefined), head: d.life, title: t.storage.titles.life, least: 112, grow: 0.8, priority: 2, metric: true, sort: (id) => lifeOf(disk(id)), cell: (id) => <LifeCell id={id()} /> },
    { id: "temperature", head: d.temperature, title: t.drawer.temperature, least: 58, priority: 3, numeric: true, metric: true, sort: (id) => latestOf(id)?.temperature, cell: (id) => <HeatCell id={id()} /> },
    { id: "sectors", offered: offered((id) => badSectors(id) !== undefined), head: d.sectors, title: t.storage.titles.sectors, class: "second", least: 92, priority: 4, numeric: true, sort: badSectors, cell: (id) => <SectorsCell id={id()} /> },
    { id: "size", head: d.size, class: "second", least: 74, priority: 3, numeric: true, sort: (id) => disk(id)?.sizeBytes, cell: (id) => <>{(resource(id()), capacity(disk(id())?.sizeBytes))}</> },
    { id: "hours", head: d.hours, class: "second", least: 84, priority: 5, numeric: true, extra: true, sort: (id) => disk(id)?.smart?.powerOnHours, cell: (id) => <>{(resource(id()), disk(id())?.smart?.powerOnHours?.toLocaleString()) ?? DASH}</> },
    word("serial", d.serial, 130, (id) => disk(id)?.serial, { extra: true }),
  ];
  const line: Column = { id: "line", head: d.line, least: 0, priority: 6, line: true, cell: (id) => <span class="cut">{(resource(id()), [hostName(id()), heatWords(id()), disk(id())?.model, diskHealth(id())].filter(Boolean).join(" · "))}</span> };
  return phone() ? onlyOnPhone([...columns, line], ["life"]) : columns;
}
