/** Every machine in one table: filter, sort, choose columns, open. */
import { createMemo, For, Show } from "solid-js";
import { setOverlay } from "../../app/overlays";
import { query, setQuery } from "../../app/place";
import { preferences, setPreferences } from "../../app/preferences";
import { areaOf } from "../../app/areas";
import { ids, latestOf, loaded, resource } from "../../live/estate";
import { serverNow } from "../../live/clock";
import { estateNow } from "../../live/socket";
import { SEVERITY, type Standing, standingOf } from "../../live/standing";
import { standing, tally } from "../../live/tally";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Menu } from "../../parts/Menu";
import { Skeleton } from "../../parts/Skeleton";
import type { Column } from "../../parts/table/columns";
import { Table, type SortWish } from "../../parts/table/Table";
import { createOrder } from "../../parts/table/order";
import { DASH } from "../../text/format";
import { t } from "../../text/en";
import * as cells from "./cells";
import { parseFilter } from "./filter";
import { createList } from "./list";
import { fullest, loadOf, nameOf, systemOf, temperatureOf, uptimeOf } from "./machine";

const VIEW = "machines";
const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const CHIPS: readonly (Standing | "trouble")[] = ["running", "warning", "stale", "offline", "unknown"];

/** "-cpu" is descending by CPU; the shape of `?sort=`. */
export function parseSort(text: string | undefined): SortWish {
  if (!text) return undefined;
  return text.startsWith("-") ? { column: text.slice(1), down: true } : { column: text, down: false };
}

function columnsOf(current: () => string | undefined, focus: (id: string) => void): Column[] {
  const heads = t.machines.columnNames;
  const of = (id: string) => latestOf(id);
  return [
    { id: "name", head: heads.name, least: 210, grow: 3, priority: 1, sort: (id) => nameOf(of(id)), cell: (id) => <cells.NameCell id={id()} current={current() === id()} onFocus={() => focus(id())} /> },
    { id: "status", head: heads.status, least: 92, priority: 3, sort: (id) => SEVERITY[standing(id)], cell: (id) => <>{t.standing[standing(id())]}</> },
    { id: "cpu", head: heads.cpu, least: 104, grow: 1, priority: 1, metric: true, sort: (id) => of(id)?.cpu?.current, cell: (id) => <cells.CpuCell id={id()} /> },
    { id: "memory", head: heads.memory, least: 104, grow: 1, priority: 1, metric: true, sort: (id) => of(id)?.memory?.current, cell: (id) => <cells.MemoryCell id={id()} /> },
    { id: "disk", head: heads.disk, least: 104, grow: 1, priority: 1, metric: true, sort: (id) => fullest(of(id))?.percent, cell: (id) => <cells.DiskCell id={id()} /> },
    { id: "net", head: heads.net, title: `${heads.net}, ${t.machines.downUp}`, class: "pair", hint: () => t.machines.downUp, least: 104, priority: 4, numeric: true, metric: true, sort: (id) => sum(of(id)?.network?.rxBytes, of(id)?.network?.txBytes), cell: (id) => <cells.NetCell id={id()} /> },
    { id: "io", head: heads.io, title: `${heads.io}, ${t.machines.readWrite}`, class: "pair", hint: () => t.machines.readWrite, least: 104, priority: 4, numeric: true, metric: true, sort: (id) => sum(of(id)?.diskIO?.readRate, of(id)?.diskIO?.writeRate), cell: (id) => <cells.IoCell id={id()} /> },
    { id: "load", head: heads.load, hint: (id) => resource(id)?.agent?.loadAverage?.join("  "), least: 58, priority: 4, numeric: true, metric: true, sort: (id) => loadOf(of(id)), cell: (id) => <cells.LoadCell id={id()} /> },
    { id: "temperature", head: heads.temperature, title: t.drawer.temperature, least: 48, priority: 5, numeric: true, metric: true, sort: (id) => temperatureOf(of(id)), cell: (id) => <cells.TemperatureCell id={id()} /> },
    { id: "uptime", head: heads.uptime, class: "second", least: 60, priority: 5, numeric: true, metric: true, sort: (id) => uptimeOf(of(id)), cell: (id) => <cells.UptimeCell id={id()} /> },
    { id: "os", head: heads.os, class: "second cut", hint: (id) => systemOf(resource(id)), least: 150, grow: 1, priority: 5, line: true, sort: (id) => systemOf(of(id)), cell: (id) => <cells.SystemCell id={id()} /> },
    { id: "kernel", head: heads.kernel, class: "second cut", hint: (id) => resource(id)?.agent?.kernelVersion, least: 130, priority: 6, sort: (id) => of(id)?.agent?.kernelVersion, cell: (id) => <>{resource(id())?.agent?.kernelVersion ?? DASH}</> },
  ];
}

function sum(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined && second === undefined ? undefined : (first ?? 0) + (second ?? 0);
}

/** Sorts by one column, names as the tie-break; what is not known comes last either way. */
export function sortIds(ids: string[], key: (id: string) => number | string | undefined, down: boolean, rank: ReadonlyMap<string, number>): string[] {
  const keys = new Map(ids.map((id) => [id, key(id)]));
  return ids.sort((a, b) => {
    const left = keys.get(a);
    const right = keys.get(b);
    const tie = (rank.get(a) ?? 0) - (rank.get(b) ?? 0);
    if (left === right) return tie;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    const order = typeof left === "number" && typeof right === "number" ? left - right : byName.compare(String(left), String(right));
    return (down ? -order : order) || tie;
  });
}

/** Where each id stands by name; computed once per set of ids. */
export function createRanks(list: () => readonly string[]): () => Map<string, number> {
  return createMemo(() => {
    const named = list().map((id) => [id, nameOf(latestOf(id))] as const);
    named.sort((a, b) => byName.compare(a[1], b[1]) || a[0].localeCompare(b[0]));
    return new Map(named.map(([id], index) => [id, index]));
  });
}

export default function Machines() {
  let field!: HTMLInputElement;
  const machines = createMemo(() => ids().filter((id) => areaOf(latestOf(id) ?? { type: "", platformType: "" }) === "machines"));
  const filterText = () => query("q") ?? "";
  const status = () => query("status");
  const sort = createMemo(() => parseSort(query("sort")));
  const test = createMemo(() => parseFilter(filterText(), status()));
  const ranks = createRanks(machines);
  const matches = (id: string) => {
    const entry = latestOf(id);
    return !!entry && test()(entry, standingOf(entry, estateNow(serverNow())));
  };
  const clear = () => {
    if (!filterText() && !status()) return false;
    setQuery({ q: undefined, status: undefined });
    return true;
  };
  const order = createOrder({
    ids: machines,
    wish: () => `${filterText()}|${status()}|${query("sort")}`,
    arrange: (all) => {
      const kept = all.filter(matches);
      const wish = sort();
      const key = columns.find((column) => column.id === wish?.column)?.sort;
      if (!wish || !key || wish.column === "name") {
        const up = kept.sort((a, b) => (ranks().get(a) ?? 0) - (ranks().get(b) ?? 0));
        return wish?.down ? up.toReversed() : up;
      }
      return sortIds(kept, key, wish.down, ranks());
    },
    held: () => list.held(),
  });
  const list = createList({ items: () => order.rows(), find: () => field.focus(), clear });
  const columns = columnsOf(list.current, list.setFocused);
  const hidden = () => preferences.hiddenColumns[VIEW] ?? [];
  const shownColumns = createMemo(() => columns.filter((column) => !hidden().includes(column.id)));
  const cycleSort = (column: string) => {
    const present = sort();
    if (present?.column !== column) setQuery({ sort: column === "name" ? column : `-${column}` });
    else if (column === "name" ? !present.down : present.down) setQuery({ sort: column === "name" ? `-${column}` : column });
    else setQuery({ sort: undefined });
  };
  const counts = () => tally().areas.machines?.counts ?? {};
  const toggleColumn = (id: string, show: boolean) => setPreferences("hiddenColumns", VIEW, (present = []) => (show ? present.filter((entry) => entry !== id) : [...present, id]));
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t.machines.title}</h1>
        <Show when={loaded()}>
          <span class="dim push" aria-live="polite">
            {t.machines.shown(order.rows().length, machines().length)}
          </span>
        </Show>
      </div>
      <div class="tools" role="search" aria-label={t.machines.filterLabel}>
        <label class="filter">
          <Icon name="search" />
          <span class="sr">{t.machines.filterLabel}</span>
          <input
            ref={field}
            type="search"
            placeholder={t.machines.filter}
            value={filterText()}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setQuery({ q: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.preventDefault();
              if (!clear()) field.blur();
            }}
          />
          <kbd>/</kbd>
        </label>
        <button type="button" class="chip" aria-pressed={!status()} onClick={() => setQuery({ status: undefined })}>
          {t.machines.all} <b>{machines().length}</b>
        </button>
        <For each={CHIPS}>
          {(chip) => {
            const amount = () => counts()[chip as Standing] ?? 0;
            return (
              <button type="button" class="chip" aria-pressed={status() === chip} disabled={amount() === 0 && status() !== chip} onClick={() => setQuery({ status: status() === chip ? undefined : chip })}>
                {t.standing[chip as Standing]} <b>{amount()}</b>
              </button>
            );
          }}
        </For>
        <span class="push" />
        <Menu
          label={t.machines.view}
          class="button quiet"
          button={
            <>
              <Icon name="columns" />
              {t.machines.view}
            </>
          }
        >
          <fieldset class="menu-group">
            <legend>{t.machines.densityLabel}</legend>
            <For each={["compact", "comfortable"] as const}>
              {(density) => (
                <label class="menu-check">
                  <input type="radio" name="density" checked={preferences.density === density} onChange={() => setPreferences("density", density)} />
                  {t.machines.density[density]}
                </label>
              )}
            </For>
          </fieldset>
          <fieldset class="menu-group">
            <legend>{t.machines.columns}</legend>
            <For each={columns.slice(1)}>
              {(column) => (
                <label class="menu-check">
                  <input type="checkbox" checked={!hidden().includes(column.id)} onChange={(event) => toggleColumn(column.id, event.currentTarget.checked)} />
                  {column.head}
                </label>
              )}
            </For>
          </fieldset>
          <button type="button" class="menu-item" onClick={() => setPreferences("hiddenColumns", VIEW, [])}>
            {t.machines.reset}
          </button>
        </Menu>
      </div>
      <section class="panel" aria-label={t.machines.title}>
        <Show when={loaded()} fallback={<Skeleton rows={8} />}>
          <Show when={machines().length > 0} fallback={<NoMachines />}>
            <Show when={order.rows().length > 0} fallback={<NoMatch hidden={machines().length} onClear={clear} />}>
              <Table
                label={t.machines.title}
                columns={shownColumns()}
                items={order.rows()}
                sort={sort()}
                onSort={cycleSort}
                rowClass={(id) => ({ ...cells.rowClass(id), leaving: !matchesNow(id, test) })}
                wordy={cells.isWordy}
                words={(id) => <cells.Words id={id} />}
                selected={list.selected()}
                current={list.current()}
                onOpen={list.open}
                onHold={list.hold}
                reveal={list.takeReveal}
              />
            </Show>
          </Show>
        </Show>
      </section>
      <Show when={order.moved() > 0}>
        <button type="button" class="order-pill" onClick={order.resort}>
          {t.machines.orderChanged(order.moved())}
        </button>
      </Show>
    </div>
  );
}

/** Whether a shown row still passes the filter; it stays, dimmed, until the order moves. */
function matchesNow(id: string, test: () => ReturnType<typeof parseFilter>): boolean {
  const entry = resource(id);
  return !entry || test()(entry, standing(id));
}

function NoMachines() {
  return (
    <Empty title={t.machines.noneTitle} text={t.machines.noneText}>
      <button type="button" class="button primary" onClick={() => setOverlay("add-machine")}>
        <Icon name="plus" />
        {t.empty.add}
      </button>
    </Empty>
  );
}

function NoMatch(props: { hidden: number; onClear: () => boolean }) {
  return (
    <Empty title={t.machines.noneMatch} text={t.machines.hidden(props.hidden)}>
      <button type="button" class="button" onClick={() => props.onClear()}>
        {t.machines.clear}
        <kbd>Esc</kbd>
      </button>
    </Empty>
  );
}
