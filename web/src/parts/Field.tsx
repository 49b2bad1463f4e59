/** A labelled control with a hint and an error that belong to it. */
import { createUniqueId, type JSX, Show } from "solid-js";

interface FieldProps {
  label: string;
  hint?: string;
  error?: string;
  children: (control: { id: string; "aria-describedby": string | undefined; "aria-invalid": "true" | undefined }) => JSX.Element;
}

export function Field(props: FieldProps) {
  const id = createUniqueId();
  const about = () => (props.error || props.hint ? `${id}-about` : undefined);
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children({
        id,
        get "aria-describedby"() {
          return about();
        },
        get "aria-invalid"() {
          return props.error ? ("true" as const) : undefined;
        },
      })}
      <small id={`${id}-about`} classList={{ error: !!props.error }} role={props.error ? "alert" : undefined}>
        <Show when={props.error} fallback={props.hint}>
          {props.error}
        </Show>
      </small>
    </div>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  onChange: (value: T) => void;
}

/** A few choices side by side; arrows move as in any group of radio buttons. */
export function Segments<T extends string>(props: SegmentsProps<T>) {
  const name = createUniqueId();
  return (
    <fieldset class="segments">
      <legend class="sr">{props.label}</legend>
      {props.options.map(([value, word]) => (
        <label classList={{ on: props.value === value }}>
          <input type="radio" class="sr" name={name} value={value} checked={props.value === value} onChange={() => props.onChange(value)} />
          {word}
        </label>
      ))}
    </fieldset>
  );
}
