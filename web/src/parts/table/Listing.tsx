/** The rows of a view in their panel, with what says that the order changed and what marked rows can do. */
import { type JSX, Show } from "solid-js";
import { loaded } from "../../live/estate";
import { latestOf } from "../../live/estate";
import { nameOf } from "../../live/names";
import { t } from "../../text/en";
import { LinesContext } from "../cells/lines";
import { isWordy, rowClass, Words } from "../cells/rows";
import { copyText } from "../Copyable";
import { Empty } from "../Empty";
import { Skeleton } from "../Skeleton";
import { toast } from "../Toast";
import { Table } from "./Table";
import type { View } from "./view";

interface ListingProps {
  view: View;
  label: string;
  /** Said when there is nothing at all. */
  none: JSX.Element;
  /** Heads can be clicked to sort. */
  sortable?: boolean;
  group?: (id: string) => JSX.Element;
  groupName?: (id: string) => string;
  groupNote?: (id: string) => JSX.Element;
  /** The resource whose values fill the row of a group. */
  groupValues?: (id: string) => string | undefined;
}

export function OrderPill(props: { view: View }) {
  return (
    <Show when={props.view.order.moved() > 0}>
      <button type="button" class="order-pill" onClick={() => props.view.order.resort()}>
        {t.machines.orderChanged(props.view.order.moved())}
      </button>
    </Show>
  );
}

/** What can be done with the marked rows. */
function MarkBar(props: { view: View }) {
  const { marks } = props.view.list;
  const copy = async () => {
    const names = [...marks.marked()].map((id) => nameOf(latestOf(id)));
    toast((await copyText(names.join("\n"))) ? t.list.copied(names.length) : t.copy.failed);
  };
  return (
    <Show when={marks.marked().size > 0}>
      <div class="marks-bar" role="group" aria-label={t.list.marked(marks.marked().size)}>
        <b aria-live="polite">{t.list.marked(marks.marked().size)}</b>
        <button type="button" class="button" onClick={() => void copy()}>
          {t.list.copyNames}
        </button>
        <button type="button" class="button quiet" onClick={() => marks.clear()}>
          {t.list.unmark} <kbd aria-hidden="true">Esc</kbd>
        </button>
      </div>
    </Show>
  );
}

function NoMatch(props: { view: View }) {
  return (
    <Empty title={t.list.noneMatch} text={t.machines.hidden(props.view.source.ids().length)}>
      <button type="button" class="button" onClick={() => props.view.filter.clear()}>
        {t.machines.clear} <kbd aria-hidden="true">Esc</kbd>
      </button>
    </Empty>
  );
}

export function Listing(props: ListingProps) {
  const { view } = props;
  const { list } = view;
  const total = () => view.source.ids().length;
  return (
    <LinesContext.Provider value={view.lines}>
      <section class="panel" aria-label={props.label}>
        <Show when={loaded()} fallback={<Skeleton rows={8} />}>
          <Show when={total() > 0 || view.order.rows().length > 0} fallback={props.none}>
            <Show when={view.order.rows().length > 0} fallback={<NoMatch view={view} />}>
              <Table
                label={props.label}
                columns={view.columns()}
                items={view.order.rows()}
                sort={view.sort()}
                onSort={props.sortable ? view.cycleSort : undefined}
                rowClass={(id) => `${rowClass(id)}${view.leaving(id) ? " leaving" : ""}${list.marks.has(id) ? " marked" : ""}`}
                wordy={isWordy}
                words={(id) => <Words id={id} />}
                group={props.group}
                groupName={props.groupName}
                groupNote={props.groupNote}
                groupValues={props.groupValues}
                isFolded={(group) => view.folded().includes(group)}
                onFold={view.fold}
                selected={list.selected()}
                current={list.current()}
                onOpen={list.open}
                onMark={(id, range) => (range ? list.marks.range : list.marks.toggle)(id)}
                onHold={list.hold}
                reveal={list.takeReveal}
              />
            </Show>
          </Show>
        </Show>
      </section>
      <OrderPill view={view} />
      <MarkBar view={view} />
    </LinesContext.Provider>
  );
}

/** "12 of 300 shown". */
export function Shown(props: { view: View }) {
  return (
    <Show when={loaded() && props.view.source.ids().length > 0}>
      <span class="dim push" aria-live="polite">
        {t.machines.shown(props.view.matching(), props.view.source.ids().length)}
      </span>
    </Show>
  );
}
