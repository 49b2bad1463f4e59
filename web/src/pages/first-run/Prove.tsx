/** Step 1: the bootstrap token, which only someone at the server can read. */
import { createSignal, onMount, Show } from "solid-js";
import { ApiFailure } from "../../api/request";
import { checkBootstrapToken, readSession, tokenPath } from "../../app/session";
import { Code } from "../../parts/Copyable";
import { Field, Segments } from "../../parts/Field";
import { t } from "../../text/en";

type Way = "command" | "container" | "file";
const LENGTH = 48;

/** Terminals wrap and pad what is copied from them. */
export function cleanToken(text: string): string {
  return text.replace(/\s+/g, "").toLowerCase();
}

export function isTokenShaped(token: string): boolean {
  return /^[0-9a-f]{48}$/.test(token);
}

function sentence(cause: unknown): string {
  if (!(cause instanceof ApiFailure)) return t.failure.unreachable;
  if (cause.status === 400) return t.setup.tokenShape;
  if (cause.status === 401) return t.setup.tokenWrong;
  if (cause.status === 409) return t.setup.tokenLate;
  if (cause.status === 429) return t.setup.tooOften(cause.retryAfter);
  return cause.status === 0 ? t.failure.unreachable : cause.message;
}

export function Prove(props: { onProven: (token: string) => void }) {
  const [way, setWay] = createSignal<Way>("command");
  const [text, setText] = createSignal("");
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  let input: HTMLInputElement | undefined;
  onMount(() => input?.focus());
  const ways = (): (readonly [Way, string])[] => {
    const known: (readonly [Way, string])[] = [
      ["command", t.setup.ways.command],
      ["container", t.setup.ways.container],
    ];
    return tokenPath() ? [...known, ["file", t.setup.ways.file]] : known;
  };
  const command = () => {
    if (way() === "container") return "docker exec pulse pulse bootstrap-token";
    return way() === "file" ? `sudo cat ${tokenPath()}` : "pulse bootstrap-token";
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const token = cleanToken(text());
    if (!isTokenShaped(token)) {
      setFailure(t.setup.tokenShape);
      input?.focus();
      return;
    }
    setBusy(true);
    setFailure("");
    try {
      await checkBootstrapToken(token);
      props.onProven(token);
    } catch (cause) {
      setFailure(sentence(cause));
      if (cause instanceof ApiFailure && cause.status === 409) await readSession();
      input?.select();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="step-form" onSubmit={submit}>
      <div>
        <h1 tabindex="-1">{t.setup.proveTitle}</h1>
        <p class="lead">{t.setup.proveText}</p>
      </div>
      <Segments label={t.setup.where} options={ways()} value={way()} onChange={setWay} />
      <Code text={command()} />
      <Field label={t.setup.token} hint={t.setup.tokenHint(cleanToken(text()).length)} error={failure()}>
        {(control) => (
          <input
            {...control}
            ref={input}
            class="input mono tall"
            name="token"
            autocomplete="one-time-code"
            autocapitalize="none"
            spellcheck={false}
            maxlength={LENGTH * 3}
            value={text()}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setFailure("");
            }}
          />
        )}
      </Field>
      <div class="step-do">
        <button type="submit" class="button primary tall" disabled={busy()}>
          {busy() ? t.setup.checking : t.setup.next}
        </button>
        <Show when={busy()}>
          <span class="sr" role="status">
            {t.setup.checking}
          </span>
        </Show>
      </div>
    </form>
  );
}
