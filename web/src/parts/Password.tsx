/** A password field that can be looked at. */
import { createSignal } from "solid-js";
import { t } from "../text/en";
import { Icon } from "./Icon";

interface PasswordProps {
  control: { id: string; "aria-describedby": string | undefined; "aria-invalid": "true" | undefined };
  name: string;
  autocomplete: "current-password" | "new-password";
  value?: string;
  onInput?: (value: string) => void;
  shown?: boolean;
}

export function Password(props: PasswordProps) {
  const [shown, setShown] = createSignal(props.shown ?? false);
  return (
    <span class="password">
      <input
        {...props.control}
        class="input"
        classList={{ mono: shown() }}
        name={props.name}
        type={shown() ? "text" : "password"}
        autocomplete={props.autocomplete}
        autocapitalize="none"
        spellcheck={false}
        required
        value={props.value ?? ""}
        onInput={(event) => props.onInput?.(event.currentTarget.value)}
      />
      <button type="button" class="icon-button" aria-pressed={shown()} aria-label={t.login.show} title={shown() ? t.login.hide : t.login.show} onClick={() => setShown(!shown())}>
        <Icon name="eye" />
      </button>
    </span>
  );
}
