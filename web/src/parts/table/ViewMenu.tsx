/** How a list is drawn: grouping, bars or lines, row height, and its columns with their order. */
import { For, Show } from "solid-js";
import { preferences, setPreferences } from "../../app/preferences";
import { phone } from "../../app/viewport";
import { t } from "../../text/en";
import { Icon } from "../Icon";
import { Menu } from "../Menu";
import { type Column, isShown, moved, toggled } from "./columns";
import type { View } from "./view";

function Choices<T extends string>(props: { legend: string; name: string; options: readonly (readonly [T, string])[]; value: T; onChange: (value: T) => void }) {
  return (
    <fieldset class="menu-group">
      <legend>{props.legend}</legend>
      <For each={props.options}>
        {([value, word]) => (
          <label class="menu-check">
            <input type="radio" name={props.name} checked={props.value === value} onChange={() => props.onChange(value)} />
            {word}
          </label>
        )}
      </For>
    </fieldset>
  );
}

function Columns(props: { view: View }) {
  const { view } = props;
  const move = (column: Column, by: 1 | -1, button: HTMLElement) => {
    view.setChoice(moved(view.source.columns, view.choice(), column.id, by));
    // The line moved with its button; at an end the button is off and the other one takes over.
    const line = button.closest(".menu-column");
    requestAnimationFrame(() => ((button as HTMLButtonElement).disabled ? line?.querySelector<HTMLElement>("button:enabled") : button)?.focus());
  };
  const name = (column: Column) => column.title ?? column.head;
  return (
    <fieldset class="menu-group">
      <legend>{t.machines.columns}</legend>
      <For each={view.ordered().slice(1)}>
        {(column, index) => (
          <div class="menu-column">
            <label class="menu-check">
              <input type="checkbox" checked={isShown(column, view.choice())} onChange={(event) => view.setChoice(toggled(column, view.choice(), event.currentTarget.checked))} />
              {name(column)}
            </label>
            <button type="button" class="icon-button" disabled={index() === 0} aria-label={t.list.earlierColumn(name(column))} title={t.list.earlierColumn(name(column))} onClick={(event) => move(column, -1, event.currentTarget)}>
              <Icon name="up" />
            </button>
            <button type="button" class="icon-button" disabled={index() === view.ordered().length - 2} aria-label={t.list.laterColumn(name(column))} title={t.list.laterColumn(name(column))} onClick={(event) => move(column, 1, event.currentTarget)}>
              <Icon name="down" />
            </button>
          </div>
        )}
      </For>
    </fieldset>
  );
}

export function ViewMenu(props: { view: View }) {
  const { view } = props;
  const groupings = () => view.source.groupings ?? [];
  return (
    <Menu
      label={phone() ? t.machines.view : t.machines.columns}
      class="button quiet"
      button={
        <>
          <Icon name="columns" />
          {phone() ? t.machines.view : t.machines.columns}
        </>
      }
    >
      <Show when={groupings().length > 1}>
        <Choices legend={t.list.group} name={`group-${view.source.id}`} options={groupings().map((entry) => [entry.id, entry.label] as const)} value={view.grouping().id} onChange={view.setGrouping} />
      </Show>
      <Show when={view.hasLines}>
        <Choices legend={t.list.figures} name={`figures-${view.source.id}`} options={[["bars", t.list.bars], ["lines", t.list.lines]] as const} value={view.lines() ? "lines" : "bars"} onChange={(value) => view.setLines(value === "lines")} />
      </Show>
      <Choices legend={t.machines.densityLabel} name={`density-${view.source.id}`} options={[["compact", t.machines.density.compact], ["comfortable", t.machines.density.comfortable]] as const} value={preferences.density} onChange={(value) => setPreferences("density", value)} />
      <Columns view={view} />
      <button type="button" class="menu-item" onClick={() => view.setChoice(undefined)}>
        {t.machines.reset}
      </button>
    </Menu>
  );
}
