/** What the finder offers: resources by the search language, what can be done, and places. */
import { facetsOf } from "../api/facets";
import { areaOf, areaPath, AREAS } from "../app/areas";
import { setOverlay } from "../app/overlays";
import { go, query, setQuery } from "../app/place";
import { nextTheme, preferences, setPreferences } from "../app/preferences";
import { hasDrawer, routeOf } from "../app/routes";
import { signOut } from "../app/session";
import { latest, paused, setPaused } from "../live/estate";
import type { Resource } from "../live/frames";
import { isHost } from "../live/kinds";
import { compareNames, nameOf } from "../live/names";
import { isFresh, type Standing } from "../live/standing";
import { childrenOf, presentAreas, standing, tally } from "../live/tally";
import { copyText } from "../parts/Copyable";
import type { IconName } from "../parts/Icon";
import { factsOf } from "../search/facts";
import { match } from "../search/match";
import { parseQuery, testOf, written } from "../search/query";
import { percent } from "../text/format";
import { t } from "../text/en";

export interface Entry {
  group: string;
  text: string;
  /** Also searched, not shown. */
  also?: string;
  icon?: IconName;
  standing?: Standing;
  detail?: string;
  keys?: readonly string[];
  href?: string;
  run?: () => void;
}

export interface Found extends Entry {
  marks: number[];
  score: number;
}

export const MOST = 20;
const MOST_RESOURCES = 8;
/** Of those whose name does not hold the words, beside some whose name does. */
const MOST_OTHERS = 4;

function places(): Entry[] {
  const group = t.palette.places;
  const present = presentAreas(tally());
  return [
    { group, text: t.shell.overview, icon: "grid", keys: ["g", "o"], href: "/" },
    ...AREAS.filter((area) => present.includes(area.id)).map((area): Entry => ({ group, text: t.area[area.id], icon: "stack", keys: ["g", area.key], href: areaPath(area.id) })),
    { group, text: t.workloads.title, also: "guests containers pods vms", icon: "grid", href: "/workloads" },
    { group, text: t.storage.title, also: "pools datastores", icon: "host", href: "/storage" },
    { group, text: t.storage.disksTitle, also: "smart", icon: "host", href: "/storage?kind=disks" },
    { group, text: t.shell.fleet, icon: "fleet", keys: ["g", "f"], href: "/settings/infrastructure" },
    { group, text: `${t.settings.title}: ${t.settings.general}`, icon: "gear", keys: ["g", "t"], href: "/settings/system-general" },
    { group, text: `${t.settings.title}: ${t.system.network}`, icon: "link", href: "/settings/system-network" },
    { group, text: `${t.settings.title}: ${t.mock.title}`, also: "demo mock", icon: "gear", href: "/settings/system-general#sample-data" },
    { group, text: t.diagnostics.title, also: "health support", icon: "check", href: "/settings/support/diagnostics" },
    { group, text: t.logs.title, also: "support", icon: "host", href: "/settings/support/logs" },
    { group, text: `${t.settings.title}: ${t.settings.api}`, also: "token", icon: "key", href: "/settings/security/api" },
    { group, text: t.palette.do.apiDocs, icon: "link", href: "/api/docs" },
  ];
}

function actions(): Entry[] {
  const group = t.palette.actions;
  return [
    { group, text: t.palette.do.addMachine, icon: "plus", run: () => setOverlay("add-machine") },
    { group, text: t.palette.do.newToken, icon: "key", run: () => go("/settings/security/api?make=1") },
    { group, text: t.palette.do.pause, icon: "pause", keys: ["."], run: () => setPaused(!paused()) },
    { group, text: t.palette.do.theme, icon: "theme", run: () => setPreferences("theme", nextTheme()) },
    { group, text: t.palette.do.density, icon: "columns", keys: ["\\"], run: () => setPreferences("density", preferences.density === "compact" ? "comfortable" : "compact") },
    { group, text: t.palette.do.keys, icon: "help", keys: ["?"], run: () => setOverlay("keys") },
    { group, text: t.palette.do.kiosk, icon: "eye", run: () => go("/?kiosk=1") },
    { group, text: t.palette.do.signOut, icon: "out", run: () => void signOut() },
  ];
}

/** What it is and where: "CT 141 · pve-cygnus". */
function placeOf(entry: Resource): string {
  const facets = facetsOf(entry);
  const kind = t.platform.kinds[entry.type] ?? t.palette.kinds[entry.type] ?? entry.type;
  const number = facets.proxmox?.vmid;
  const where = facets.parentName ?? facets.proxmox?.clusterName ?? facets.kubernetes?.clusterName;
  return [number === undefined ? kind : `${kind} ${number}`, where].filter(Boolean).join(" · ");
}

function detailOf(entry: Resource): string {
  const now = standing(entry.id);
  if (!isHost(entry)) return placeOf(entry);
  const figures = isFresh(now) ? `CPU ${percent(entry.cpu?.current)} · ${t.board.shortLabels.memory} ${percent(entry.memory?.current)}` : t.standing[now];
  return `${figures} · ${placeOf(entry)}`;
}

export function openResource(entry: Pick<Resource, "id" | "type" | "platformType">): void {
  if (hasDrawer(routeOf(location.pathname).page)) setQuery({ resource: entry.id }, { push: !query("resource") });
  else go(`${areaPath(areaOf(entry))}?resource=${encodeURIComponent(entry.id)}`);
}

function resourceEntry(entry: Resource, marks: number[], score: number): Found {
  return { group: t.palette.resources, text: nameOf(entry), standing: standing(entry.id), detail: detailOf(entry), run: () => openResource(entry), marks, score };
}

/** The best resources for a text: terms with a field must hold, words are looked for loosely in the name. */
function findResources(text: string): { hits: Found[]; best?: Resource } {
  const terms = parseQuery(text);
  const test = testOf(terms.filter((term) => term.field || term.not));
  const words = terms.filter((term) => !term.field && !term.not).flatMap((term) => term.values);
  const scored: { entry: Resource; score: number; marks: number[] }[] = [];
  for (const entry of latest()) {
    if (!test(entry, standing(entry.id))) continue;
    const direct = match(words.join(" "), nameOf(entry));
    // Hosts before what lives on them, among equals.
    const bonus = isHost(entry) ? 30 : 0;
    if (direct) scored.push({ entry, score: direct.score + bonus, marks: direct.marks });
    else if (words.every((word) => factsOf(entry).text.includes(word))) scored.push({ entry, score: 300 + bonus, marks: [] });
  }
  scored.sort((a, b) => b.score - a.score || compareNames(a.entry, b.entry));
  const named = scored.filter(({ marks }) => marks.length > 0).length;
  const shown = named > 0 ? Math.min(MOST_RESOURCES, named + MOST_OTHERS) : MOST_RESOURCES;
  return { hits: scored.slice(0, shown).map(({ entry, marks, score }) => resourceEntry(entry, marks, score)), best: scored[0]?.entry };
}

/** What can be done with the best hit. */
function actionsOn(entry: Resource): Found[] {
  const group = t.palette.with(nameOf(entry));
  const found: Entry[] = [{ group, text: t.palette.do.copyName, icon: "copy", run: () => void copyText(nameOf(entry)) }];
  if (isHost(entry) && childrenOf(entry.id).length > 0) {
    const term = written("host", nameOf(entry).toLowerCase());
    found.unshift({ group, text: t.palette.do.filterTo(t.area[areaOf(entry)], term), icon: "stack", href: `${areaPath(areaOf(entry))}?q=${encodeURIComponent(term)}` });
  }
  return found.map((each) => Object.assign(each, { marks: [], score: 0 }));
}

function loosely(pool: readonly Entry[], wanted: string): Found[] {
  return pool
    .flatMap((entry) => {
      const direct = match(wanted, entry.text);
      if (direct) return [{ ...entry, ...direct }];
      const other = entry.also ? match(wanted, entry.also) : undefined;
      return other && other.score > 500 ? [{ ...entry, marks: [], score: other.score - 400 }] : [];
    })
    .sort((a, b) => b.score - a.score);
}

/** Everything the finder shows for a text, group by group. */
export function findEntries(text: string): Found[] {
  const wanted = text.replace(/^>/, "").trim();
  if (text.startsWith(">")) return loosely(actions(), wanted).slice(0, MOST);
  if (!wanted) {
    const trouble = new Set(tally().trouble.slice(0, 6).map((entry) => entry.id));
    const first = latest().filter((entry) => trouble.has(entry.id)).map((entry) => resourceEntry(entry, [], 0));
    return [...first, ...loosely([...places(), ...actions()], "")].slice(0, MOST);
  }
  const { hits, best } = findResources(wanted);
  const others = loosely([...actions(), ...places()], wanted);
  const groups = [...hits, ...(best ? actionsOn(best) : []), ...others.filter((hit) => hit.group === t.palette.places), ...others.filter((hit) => hit.group !== t.palette.places)];
  // A place or an action whose name was typed comes before resources that merely hold the letters.
  const top = others[0];
  const ordered = top && top.score > (hits[0]?.score ?? 0) + 50 ? [...others.filter((hit) => hit.group === top.group), ...groups.filter((hit) => hit.group !== top.group)] : groups;
  return ordered.slice(0, MOST);
}
