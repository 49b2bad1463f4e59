/** The estate board: a row is a host with its inhabitants, grouped by platform. */
import { Show } from "solid-js";
import { AREAS, type AreaId, areaOf } from "../../app/areas";
import { setOverlay } from "../../app/overlays";
import { preferences, setPreferences } from "../../app/preferences";
import { ids, latestOf } from "../../live/estate";
import { tally } from "../../live/tally";
import { Icon } from "../../parts/Icon";
import type { Column } from "../../parts/table/columns";
import { Table } from "../../parts/table/Table";
import { groupItem } from "../../parts/table/items";
import { createOrder } from "../../parts/table/order";
import { t } from "../../text/en";
import * as cells from "../machines/cells";
import { createList } from "../machines/list";
import { createRanks } from "../machines/Machines";

const VIEW = "board";

function columnsOf(current: () => string | undefined, focus: (id: string) => void): Column[] {
  return [
    { id: "name", head: t.board.host, least: 200, grow: 2, priority: 1, cell: (id) => <cells.NameCell id={id()} current={current() === id()} onFocus={() => focus(id())} /> },
    { id: "cpu", head: t.board.cpu, least: 104, grow: 1, priority: 1, metric: true, cell: (id) => <cells.CpuCell id={id()} /> },
    { id: "memory", head: t.board.memory, least: 104, grow: 1, priority: 1, metric: true, cell: (id) => <cells.MemoryCell id={id()} /> },
    { id: "disk", head: t.board.disk, least: 104, grow: 1, priority: 1, metric: true, cell: (id) => <cells.DiskCell id={id()} /> },
    { id: "spark", head: t.board.net, title: t.board.netTitle, least: 96, priority: 4, metric: true, cell: (id) => <cells.NetSparkCell id={id()} /> },
    { id: "temperature", head: t.board.temperature, title: t.drawer.temperature, least: 46, priority: 5, numeric: true, metric: true, cell: (id) => <cells.TemperatureCell id={id()} /> },
    { id: "uptime", head: t.board.up, class: "second", least: 56, priority: 5, numeric: true, metric: true, cell: (id) => <cells.UptimeCell id={id()} /> },
    { id: "runs", head: t.board.runs, least: 150, grow: 1, priority: 3, line: true, cell: (id) => <cells.DisksCell id={id()} /> },
  ];
}

export function Board() {
  const ranks = createRanks(ids);
  const folded = () => preferences.folded[VIEW] ?? [];
  const order = createOrder({
    ids,
    wish: () => folded().join(),
    arrange: (all) => arrangeBoard(all, ranks(), folded()),
    held: () => list.held(),
  });
  const fold = (id: string, close: boolean) =>
    setPreferences("folded", VIEW, (present = []) => (close ? [...present.filter((entry) => entry !== id), id] : present.filter((entry) => entry !== id)));
  const list = createList({
    items: () => order.rows(),
    find: () => setOverlay("palette"),
    clear: () => false,
    fold: (close) => {
      const row = document.activeElement?.closest<HTMLElement>("tr[data-id], tr[data-group]");
      const area = row?.dataset.group ?? areaOf(latestOf(row?.dataset.id ?? "") ?? { type: "", platformType: "" });
      fold(area, close);
    },
  });
  const columns = columnsOf(list.current, list.setFocused);
  return (
    <>
      <Table
        label={t.board.title}
        columns={columns}
        items={order.rows()}
        rowClass={cells.rowClass}
        wordy={cells.isWordy}
        words={(id) => <cells.Words id={id} />}
        group={(id) => <Group id={id as AreaId} folded={folded().includes(id)} onFold={(close) => fold(id, close)} />}
        selected={list.selected()}
        current={list.current()}
        onOpen={list.open}
        onHold={list.hold}
        reveal={list.takeReveal}
      />
      <Show when={order.moved() > 0}>
        <button type="button" class="order-pill" onClick={order.resort}>
          {t.machines.orderChanged(order.moved())}
        </button>
      </Show>
    </>
  );
}

/** Areas in ribbon order, hosts by name inside; guests and containers are cells, not rows. */
function arrangeBoard(all: readonly string[], ranks: ReadonlyMap<string, number>, folded: readonly string[]): string[] {
  const byArea = new Map<AreaId, string[]>();
  for (const id of all) {
    const entry = latestOf(id);
    if (!entry || (entry.parentId && latestOf(entry.parentId))) continue;
    const area = areaOf(entry);
    const present = byArea.get(area);
    if (present) present.push(id);
    else byArea.set(area, [id]);
  }
  const items: string[] = [];
  for (const { id } of AREAS) {
    const rows = byArea.get(id);
    if (!rows) continue;
    items.push(groupItem(id));
    if (!folded.includes(id)) items.push(...rows.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0)));
  }
  return items;
}

function Group(props: { id: AreaId; folded: boolean; onFold: (fold: boolean) => void }) {
  return (
    <button type="button" class="group-head" aria-expanded={!props.folded} onClick={() => props.onFold(!props.folded)}>
      <Icon name={props.folded ? "right" : "down"} />
      {t.area[props.id]}
      <span class="dim">
        {props.id === "machines" ? `${t.board.machinesNote} · ` : ""}
        {t.shell.hosts(tally().areas[props.id]?.total ?? 0)}
      </span>
    </button>
  );
}
