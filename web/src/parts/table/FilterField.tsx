/** The filter of a list: a text field that knows the search language and offers what could be meant. */
import { createSignal, createUniqueId, For, Show } from "solid-js";
import { type Field, prepareFacts } from "../../search/facts";
import type { Filter } from "../../search/filter";
import { earlierSearches, rememberSearch, suggest, type Suggestion, wordAt } from "../../search/suggest";
import { t } from "../../text/en";
import { Icon } from "../Icon";

interface FilterFieldProps {
  label: string;
  filter: Filter;
  /** Rows the values are taken from. */
  ids: () => readonly string[];
  fields: readonly Field[];
  ref: (input: HTMLInputElement) => void;
  onClear: () => boolean;
}

export function FilterField(props: FilterFieldProps) {
  const id = createUniqueId();
  let input!: HTMLInputElement;
  const [open, setOpen] = createSignal(false);
  const [at, setAt] = createSignal(-1);
  const [offered, setOffered] = createSignal<Suggestion[]>([]);
  const offer = () => {
    const text = input.value;
    const { word } = wordAt(text, input.selectionStart ?? text.length);
    const found = word || text ? suggest(word, props.ids(), props.fields) : [];
    const earlier = text ? [] : earlierSearches().map((entry) => ({ text: entry, earlier: true }));
    const fields = text ? [] : suggest("", props.ids(), props.fields);
    setOffered([...earlier, ...found, ...fields].slice(0, 12));
    setAt(-1);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    rememberSearch(input.value);
  };
  const accept = (suggestion: Suggestion) => {
    const text = input.value;
    const cursor = input.selectionStart ?? text.length;
    const { from } = wordAt(text, cursor);
    const whole = suggestion.text.endsWith(":") || suggestion.earlier ? suggestion.text : `${suggestion.text} `;
    const next = suggestion.earlier ? suggestion.text : text.slice(0, from) + whole + text.slice(cursor).trimStart();
    props.filter.setText(next);
    input.value = next;
    const place = suggestion.earlier ? next.length : from + whole.length;
    input.setSelectionRange(place, place);
    input.focus();
    if (suggestion.text.endsWith(":")) offer();
    else setOpen(false);
  };
  const step = (by: 1 | -1) => {
    if (!open()) return offer();
    const count = offered().length;
    if (count > 0) setAt((at() + by + count + 1) % (count + 1) === count ? -1 : (at() + by + count + 1) % (count + 1));
  };
  const onKey = (event: KeyboardEvent) => {
    const chosen = offered()[at()];
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter" && open() && chosen) accept(chosen);
    else if (event.key === "Enter") close();
    else if (event.key === "Escape" && open() && offered().length > 0) setOpen(false);
    else if (event.key === "Escape" && !props.onClear()) input.blur();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="filter-box">
      <label class="filter">
        <Icon name="search" />
        <span class="sr">{props.label}</span>
        <input
          ref={(element) => {
            input = element;
            props.ref(element);
          }}
          type="search"
          role="combobox"
          aria-expanded={open() && offered().length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={at() >= 0 ? `${id}-${at()}` : undefined}
          placeholder={t.list.filter(props.fields.slice(0, 3))}
          value={props.filter.text()}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => {
            props.filter.setText(event.currentTarget.value);
            offer();
          }}
          onFocus={() => prepareFacts(props.ids())}
          onClick={offer}
          onBlur={close}
          onKeyDown={onKey}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <ul id={`${id}-list`} role="listbox" aria-label={t.list.suggestions} class="suggestions" hidden={!open() || offered().length === 0}>
        <For each={offered()}>
          {(suggestion, index) => (
            <li
              role="option"
              id={`${id}-${index()}`}
              aria-selected={at() === index()}
              onPointerDown={(event) => {
                event.preventDefault();
                accept(suggestion);
              }}
              onPointerMove={() => setAt(index())}
            >
              <span class="cut">{suggestion.text}</span>
              <span class="dim">
                <Show when={suggestion.earlier} fallback={suggestion.count}>
                  {t.list.earlier}
                </Show>
              </span>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
