/**
 * The table of every list page: real table elements with their roles, laid out as one grid per row so that a row that
 * changes moves no other; windowed when long, two-line rows on a phone.
 */
import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { preferences } from "../../app/preferences";
import { phone } from "../../app/viewport";
import { t } from "../../text/en";
import { Icon } from "../Icon";
import { type Column, layColumns } from "./columns";
import { groupId, isGroup } from "./items";
import { createSettling } from "./settling";
import { createSlots, type Slot } from "./slots";
import type { SortWish } from "./sort";
import { createWindow } from "./windowing";

const PHONE_ROW = 62;
const PHONE_GROUP = 36;
/** Height of the bar that rows pass under on a phone. */
const PHONE_BAR = 48;

interface TableProps {
  label: string;
  columns: readonly Column[];
  /** Row ids, with group items between them. */
  items: readonly string[];
  sort?: SortWish;
  onSort?: (column: string) => void;
  rowClass: (id: string) => string;
  /** Whether a row shows words in place of its values, and which. */
  wordy?: (id: string) => boolean;
  words?: (id: string) => JSX.Element;
  group?: (id: string) => JSX.Element;
  groupName?: (id: string) => string;
  /** Said at the end of a group's row. */
  groupNote?: (id: string) => JSX.Element;
  /** The resource whose values fill the row of a group. */
  groupValues?: (id: string) => string | undefined;
  isFolded?: (group: string) => boolean;
  onFold?: (group: string, fold: boolean) => void;
  selected?: string;
  /** The row that Tab reaches. */
  current: string | undefined;
  onOpen: (id: string) => void;
  onMark?: (id: string, range: boolean) => void;
  onHold: (held: boolean) => void;
  reveal?: (act: (index: number) => void) => void;
}

function Head(props: { laid: readonly Column[]; sort: SortWish; onSort?: (column: string) => void }) {
  const state = (id: string) => (props.sort?.column === id ? (props.sort.down ? "descending" : "ascending") : "none");
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex="1">
        <For each={props.laid}>
          {(column) => (
            <th scope="col" role="columnheader" class={`c-${column.id}`} classList={{ numeric: column.numeric }} aria-sort={column.sort ? state(column.id) : undefined}>
              <Show when={column.sort && props.onSort} fallback={<span title={column.title}>{column.head}</span>}>
                <button type="button" title={t.machines.sortedBy(column.title ?? column.head)} onClick={() => props.onSort?.(column.id)}>
                  {column.head}
                  <span class="arrow" aria-hidden="true">
                    {state(column.id) === "descending" ? "↓" : state(column.id) === "ascending" ? "↑" : ""}
                  </span>
                </button>
              </Show>
            </th>
          )}
        </For>
      </tr>
    </thead>
  );
}

/** What may follow a moment later when rows rush by. */
const isLate = (column: Column) => column.priority > 3;

function cellClass(column: Column): string {
  return [`c-${column.id}`, column.class, column.numeric && "numeric", column.line && "line", isLate(column) && "late"].filter(Boolean).join(" ");
}

/** A row as cells: values, or words across the value columns. */
function Cells(props: { id: () => string; settled: () => string; laid: readonly Column[]; width: (column: string) => number; wordy: boolean; words?: (id: string) => JSX.Element }) {
  const firstMetric = () => props.laid.findIndex((column) => column.metric);
  const metrics = () => props.laid.filter((column) => column.metric).length;
  return (
    <For each={props.laid}>
      {(column, index) => (
        <Show
          when={!props.wordy || !column.metric}
          fallback={
            <Show when={index() === firstMetric()}>
              <td role="cell" class="words" aria-colspan={metrics()}>
                {props.words?.(props.id())}
              </td>
            </Show>
          }
        >
          <Show when={index() > 0} fallback={<th scope="row" role="rowheader" class={`c-${column.id}`}>{column.cell(props.id, () => props.width(column.id))}</th>}>
            <td role="cell" class={cellClass(column)}>
              {column.cell(isLate(column) ? props.settled : props.id, () => props.width(column.id))}
            </td>
          </Show>
        </Show>
      )}
    </For>
  );
}

/** The row of a group: its name, and its own values in the columns of the rows, or a note at the end. */
function GroupCells(props: { group: string; laid: readonly Column[]; width: (column: string) => number; table: TableProps }) {
  const values = () => props.table.groupValues?.(props.group);
  const others = () => props.laid.slice(1).filter((column) => !phone() || (column.metric && column.priority === 1));
  const folded = () => props.table.isFolded?.(props.group) ?? false;
  const fold = (event: MouseEvent) => !(event.target as Element).closest("a") && props.table.onFold?.(props.group, !folded());
  return (
    <>
      <th role="rowheader" scope="rowgroup" class="group-name" classList={{ noted: !!props.table.groupNote && !phone() }} onClick={fold}>
        <button type="button" class="group-fold" aria-expanded={!folded()} aria-label={props.table.groupName?.(props.group) ?? props.group}>
          <Icon name={folded() ? "right" : "down"} />
        </button>
        {props.table.group?.(props.group)}
      </th>
      <Show when={props.table.groupNote && !phone()}>
        <td role="cell" class="group-note">
          {props.table.groupNote?.(props.group)}
        </td>
      </Show>
      <Show when={values()}>
        {(id) => (
          <For each={others()}>
            {(column) => (
              <td role="cell" class={cellClass(column)}>
                {column.rowsOnly ? "" : column.cell(id, () => props.width(column.id))}
              </td>
            )}
          </For>
        )}
      </Show>
    </>
  );
}

export function Table(props: TableProps) {
  let frame!: HTMLDivElement;
  let table!: HTMLTableElement;
  let body!: HTMLTableSectionElement;
  const [room, setRoom] = createSignal(1200);
  const layout = createMemo(() => layColumns(phone() ? props.columns.filter((column) => column.priority <= 3 || column.line) : props.columns, phone() ? 9999 : room()));
  // Columns without their widths: a cell that stays must not be drawn anew, it may hold the focus.
  const laid = createMemo(() => layout().map(({ column }) => column), undefined, {
    equals: (a, b) => a.length === b.length && a.every((column, at) => column === b[at]),
  });
  const widths = createMemo(() => new Map(layout().map(({ column, width }) => [column.id, width])));
  const width = (column: string) => (phone() && laid().find((entry) => entry.id === column)?.line ? room() : (widths().get(column) ?? 0));
  const height = (index: number) => {
    const group = isGroup(props.items[index] ?? "");
    if (phone()) return group ? PHONE_GROUP : PHONE_ROW;
    return preferences.density === "comfortable" ? 34 : 28;
  };
  const view = createWindow({
    count: () => props.items.length,
    height,
    layout: () => [phone(), preferences.density, room()],
    body: () => body,
    stuck: () => (phone() || !table.tHead ? PHONE_BAR : Number.parseFloat(getComputedStyle(table.tHead).top) + table.tHead.offsetHeight),
  });
  props.reveal?.((index) => view.reveal(index, phone() ? 100 : 160));
  onMount(() => {
    const observer = new ResizeObserver(([entry]) => entry && setRoom(Math.floor(entry.contentRect.width)));
    observer.observe(frame);
    onCleanup(() => observer.disconnect());
  });
  const groupsAt = createMemo(() => props.items.flatMap((item, index) => (isGroup(item) ? [index] : [])));
  /** The group that what is on top belongs to: its row sticks there. */
  const lead = createMemo(() => groupsAt().findLast((index) => view.offset(index) <= Math.max(0, view.passed())) ?? -1);
  const settling = createSettling(view.isFast);
  const slots = createSlots(
    () => (view.windowed() ? view.slice() : { start: 0, end: 0 }),
    () => body.contains(document.activeElement),
  );
  const click = (event: MouseEvent) => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || target.closest("a, button, input") || getSelection()?.toString()) return;
    const id = target.closest<HTMLElement>("tr[data-id]")?.dataset.id;
    if (!id) return;
    if (props.onMark && (event.ctrlKey || event.metaKey || event.shiftKey)) props.onMark(id, event.shiftKey);
    else props.onOpen(id);
  };
  /** What a cell means is looked up when the pointer comes to it: rows that scroll by need not know. */
  const explain = (event: PointerEvent) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>("td, th");
    const { id, group } = cell?.closest<HTMLElement>("tr")?.dataset ?? {};
    const column = cell && laid().find((entry) => cell.classList.contains(`c-${entry.id}`));
    const shown = id ?? (column?.rowsOnly ? undefined : group && props.groupValues?.(group));
    if (cell && column?.hint && shown) cell.title = column.hint(shown) ?? "";
  };
  /** At its place in a long list; in the flow of a short one. */
  const place = (element: HTMLElement, index: (() => number) | undefined) => {
    if (index) createEffect(() => element.style.setProperty("transform", `translateY(${view.offset(index())}px)`));
  };
  const Row = (row: { id: string; index?: () => number; spare?: boolean }) => {
    let element!: HTMLTableRowElement;
    const wordy = createMemo(() => props.wordy?.(row.id) ?? false);
    const settled = settling(() => row.id);
    // A row that scrolled away takes its focus with it.
    createEffect(on(() => row.id, () => element.contains(document.activeElement) && (document.activeElement as HTMLElement).blur(), { defer: true }));
    onMount(() => place(element, row.index));
    return (
      <tr
        ref={element}
        role="row"
        hidden={row.spare}
        data-id={row.spare ? undefined : row.id}
        aria-rowindex={row.index && row.index() + 2}
        aria-current={props.selected === row.id ? "true" : undefined}
        class={`row ${props.rowClass(row.id)}${props.selected === row.id ? " selected" : ""}${settled() === row.id ? "" : " rushing"}`}
      >
        <Cells id={() => row.id} settled={settled} laid={laid()} width={width} wordy={wordy()} words={props.words} />
      </tr>
    );
  };
  const GroupRow = (group: { item: string; index?: () => number; spare?: boolean }) => {
    let element!: HTMLTableRowElement;
    onMount(() => place(element, group.index));
    return (
      <tr ref={element} role="row" hidden={group.spare} class="group" classList={{ placed: !!group.index, valued: !!props.groupValues?.(groupId(group.item)) }} data-group={group.spare ? undefined : groupId(group.item)}>
        <GroupCells group={groupId(group.item)} laid={laid()} width={width} table={props} />
      </tr>
    );
  };
  /**
   * What a slot shows now: nothing past the end, and not the group that sticks already. Row and group are both kept once
   * they are there, since making one anew costs more than a frame has.
   */
  const Placed = (placed: { slot: Slot }) => {
    const { index } = placed.slot;
    const item = () => props.items[index()] ?? "";
    const isRow = () => !!item() && !isGroup(item());
    const isHead = () => isGroup(item()) && index() !== lead();
    const row = createMemo<string>((last) => (isRow() ? item() : last), "");
    const head = createMemo<string>((last) => (isHead() ? item() : last), "");
    return (
      <>
        <Show when={row()}>
          <Row id={row()} index={index} spare={!isRow()} />
        </Show>
        <Show when={head()}>
          <GroupRow item={head()} index={index} spare={!isHead()} />
        </Show>
      </>
    );
  };
  createEffect(() => body.style.setProperty("height", view.windowed() ? `${view.height()}px` : "auto"));
  createEffect(() => {
    table.style.setProperty("--cols", layout().map(({ width }) => `${width}px`).join(" "));
    table.style.setProperty("--figures", String(laid().filter((column) => column.metric && column.priority === 1).length || 3));
    table.style.setProperty("--over", `span ${laid().filter((column) => column.metric).length}`);
  });
  return (
    <div
      ref={frame}
      class="table-frame"
      onPointerEnter={(event) => event.pointerType === "mouse" && props.onHold(true)}
      onPointerLeave={() => props.onHold(false)}
    >
      <table ref={table} role="table" class="table" aria-label={props.label} aria-rowcount={view.windowed() ? props.items.length + 1 : undefined}>
        <Head laid={laid()} sort={props.sort} onSort={props.onSort} />
        <tbody ref={body} role="rowgroup" classList={{ long: view.windowed() }} onClick={click} onPointerOver={explain}>
          <Show when={view.windowed()} fallback={<For each={props.items}>{(item) => (isGroup(item) ? <GroupRow item={item} /> : <Row id={item} />)}</For>}>
            <Show when={props.items[lead()]}>{(item) => <GroupRow item={item()} />}</Show>
            <For each={slots()}>{(slot) => <Placed slot={slot} />}</For>
          </Show>
        </tbody>
      </table>
    </div>
  );
}
