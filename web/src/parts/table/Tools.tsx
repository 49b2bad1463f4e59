/** Above a list: filter, counts to choose from, grouping, bars or lines, columns. */
import { createDeferred, createMemo, For, type JSX, Show, untrack } from "solid-js";
import { phone } from "../../app/viewport";
import { latestOf, loaded } from "../../live/estate";
import { isTrouble, type Standing } from "../../live/standing";
import { tally } from "../../live/tally";
import type { Field } from "../../search/facts";
import { factsOf } from "../../search/facts";
import { t } from "../../text/en";
import { Segments } from "../Field";
import { FilterField } from "./FilterField";
import type { View } from "./view";
import { ViewMenu } from "./ViewMenu";

export interface Chip {
  value: string;
  word: string;
}

export interface ChipGroup {
  field: "status" | "type" | "platform" | "update";
  chips: readonly Chip[];
}

/** What can be asked of things that run. */
export const RUN_STATES: ChipGroup = {
  field: "status",
  chips: [
    { value: "running", word: t.standing.running },
    { value: "trouble", word: t.list.trouble },
    { value: "stopped", word: t.platform.stopped },
    { value: "unknown", word: t.standing.unknown },
  ],
};

/** What can be asked of things that are there rather than run. */
export const THING_STATES: ChipGroup = { field: "status", chips: [{ value: "trouble", word: t.list.trouble }, { value: "unknown", word: t.standing.unknown }] };

/** What registries said of the images that run. */
export const UPDATE_STATES: ChipGroup = { field: "update", chips: [{ value: "ready", word: t.list.updateReady }] };

/** How many rows have each value, among those that pass the rest of the filter. */
function createCounts(view: View, field: ChipGroup["field"]): () => ReadonlyMap<string, number> {
  // The rows come first: counts follow once the browser has nothing else to do.
  const key = createDeferred(view.filter.key, { timeoutMs: 250 });
  const census = createDeferred(tally, { timeoutMs: 1000 });
  return createMemo(() => {
    key();
    const { standings } = census();
    const test = untrack(() => view.filter.without(field));
    const counts = new Map<string, number>();
    const add = (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const id of view.source.ids()) {
      const entry = latestOf(id);
      const standing: Standing = standings.get(id) ?? "unknown";
      if (!entry || !test(entry, standing)) continue;
      add("");
      if (field === "status") {
        add(standing);
        if (isTrouble(standing)) add("trouble");
      } else for (const word of factsOf(entry)[field].split(/[ \n]/)) add(word);
    }
    return counts;
  });
}

function Chips(props: { view: View; group: ChipGroup; all: boolean }) {
  const { view, group } = props;
  const counts = createCounts(view, group.field);
  const value = () => view.filter.value(group.field);
  return (
    <div class="chips" role="group" aria-label={t.list.chips[group.field]}>
      <Show when={props.all}>
        <button type="button" class="chip" aria-pressed={!value()} onClick={() => value() && view.filter.toggle(group.field, value() ?? "")}>
          {t.machines.all} <b>{counts().get("") ?? 0}</b>
        </button>
      </Show>
      <For each={group.chips}>
        {(chip) => {
          const amount = () => counts().get(chip.value) ?? 0;
          return (
            <button type="button" class="chip" aria-pressed={value() === chip.value} disabled={amount() === 0 && value() !== chip.value} onClick={() => view.filter.toggle(group.field, chip.value)}>
              {chip.word} <b>{amount()}</b>
            </button>
          );
        }}
      </For>
    </div>
  );
}

interface ToolsProps {
  view: View;
  label: string;
  fields: readonly Field[];
  chips: readonly ChipGroup[];
  ref: (input: HTMLInputElement) => void;
  /** Further choices of what the list is about. */
  scope?: JSX.Element;
}

export function Tools(props: ToolsProps) {
  const { view } = props;
  const groupings = () => view.source.groupings ?? [];
  return (
    <div class="tools" role="search" aria-label={props.label} hidden={loaded() && view.source.ids().length === 0}>
      <FilterField label={props.label} filter={view.filter} ids={view.source.ids} fields={props.fields} ref={props.ref} onClear={view.list.clear} />
      {props.scope}
      <For each={props.chips}>{(group, index) => <Chips view={view} group={group} all={index() === 0} />}</For>
      <span class="push" />
      <Show when={!phone()}>
        <Show when={groupings().length > 1}>
          <Segments label={t.list.group} options={groupings().map((entry) => [entry.id, entry.label] as const)} value={view.grouping().id} onChange={view.setGrouping} />
        </Show>
        <Show when={view.hasLines}>
          <Segments label={t.list.figures} options={[["bars", t.list.bars], ["lines", t.list.lines]] as const} value={view.lines() ? "lines" : "bars"} onChange={(value) => view.setLines(value === "lines")} />
        </Show>
      </Show>
      <ViewMenu view={view} />
    </div>
  );
}
