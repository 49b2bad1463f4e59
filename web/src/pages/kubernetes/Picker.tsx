/** One of several, or all of them: the browser's own choice list, so that it works with keys and thumbs alike. */
import { For } from "solid-js";
import "./kubernetes.css";

interface PickerProps {
  label: string;
  /** Said for no choice. */
  all: string;
  options: readonly (readonly [string, string])[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function Picker(props: PickerProps) {
  /** What the address names stays to be seen, there or not. */
  const options = () => (props.value && !props.options.some(([value]) => value === props.value) ? [...props.options, [props.value, props.value] as const] : props.options);
  return (
    <select class="picker" classList={{ chosen: !!props.value }} aria-label={props.label} value={props.value ?? ""} onChange={(event) => props.onChange(event.currentTarget.value || undefined)}>
      <option value="" selected={!props.value}>
        {props.all}
      </option>
      <For each={options()}>
        {([value, word]) => (
          <option value={value} selected={props.value === value}>
            {word}
          </option>
        )}
      </For>
    </select>
  );
}
