/** Making a token: what it is for decides its rights; the secret is shown once. */
import { createSignal, For, onMount, Show } from "solid-js";
import { request } from "../../api/request";
import type { MintedToken } from "../../api/schema";
import { Code } from "../../parts/Copyable";
import { Field } from "../../parts/Field";
import { t } from "../../text/en";
import { BUNDLES, type Purpose, SCOPES, TERMS } from "./scopes";

const PURPOSES: readonly Purpose[] = ["agent", "read", "full", "own"];

export function MakeToken(props: { onCreated: () => void; onClose: () => void; failure: (cause: unknown) => string }) {
  const [name, setName] = createSignal("");
  const [term, setTerm] = createSignal("never");
  const [purpose, setPurpose] = createSignal<Purpose>("read");
  const [own, setOwn] = createSignal<readonly string[]>([]);
  const [tried, setTried] = createSignal(false);
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [made, setMade] = createSignal<MintedToken>();
  let panel!: HTMLElement;
  onMount(() => {
    panel.scrollIntoView({ block: "nearest" });
    panel.querySelector("input")?.focus({ preventScroll: true });
  });
  const scopes = (): readonly string[] => {
    const chosen = purpose();
    return chosen === "own" ? own() : BUNDLES[chosen];
  };
  const toggle = (scope: string, on: boolean) => setOwn((present) => (on ? [...present, scope] : present.filter((entry) => entry !== scope)));
  const create = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name().trim() || scopes().length === 0) return;
    setBusy(true);
    setFailure("");
    try {
      setMade(await request<MintedToken>("/api/security/tokens", { method: "POST", body: { name: name().trim(), scopes: scopes(), expiresIn: TERMS[term()] } }));
      props.onCreated();
    } catch (cause) {
      setFailure(props.failure(cause));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section ref={panel} class="panel" aria-labelledby="new-token">
      <header class="panel-head">
        <h2 id="new-token">{t.tokens.formTitle}</h2>
        <span class="dim">{t.tokens.formNote}</span>
      </header>
      <Show
        when={made()}
        fallback={
          <form class="token-form" onSubmit={create} noValidate>
            <div class="two">
              <Field label={t.tokens.name} error={tried() && !name().trim() ? t.tokens.nameEmpty : failure()}>
                {(control) => <input {...control} class="input" maxlength={80} autocomplete="off" spellcheck={false} value={name()} onInput={(event) => setName(event.currentTarget.value)} />}
              </Field>
              <Field label={t.tokens.ends}>
                {(control) => (
                  <select {...control} class="input" value={term()} onChange={(event) => setTerm(event.currentTarget.value)}>
                    <For each={Object.entries(t.tokens.terms)}>{([key, word]) => <option value={key}>{word}</option>}</For>
                  </select>
                )}
              </Field>
            </div>
            <fieldset class="chips">
              <legend>{t.tokens.purpose}</legend>
              <For each={PURPOSES}>
                {(key) => (
                  <button type="button" class="chip" aria-pressed={purpose() === key} onClick={() => setPurpose(key)}>
                    {t.tokens.purposes[key]}
                  </button>
                )}
              </For>
            </fieldset>
            <Show when={purpose() === "own"}>
              <fieldset class="scope-list">
                <legend class="sr">{t.tokens.scopes}</legend>
                <For each={SCOPES}>
                  {(scope) => (
                    <label class="check">
                      <input type="checkbox" checked={own().includes(scope)} onChange={(event) => toggle(scope, event.currentTarget.checked)} />
                      <span>
                        <code>{scope}</code>
                        <small>{t.tokens.scopeWords[scope]}</small>
                      </span>
                    </label>
                  )}
                </For>
              </fieldset>
            </Show>
            <p class="second" classList={{ "warn-ink": purpose() === "full" }} role="status">
              {t.tokens.gives}{" "}
              <Show when={purpose() !== "full"} fallback={t.tokens.givesAll}>
                <Show when={scopes().length > 0} fallback={t.tokens.givesNothing}>
                  <For each={scopes()}>{(scope) => <code class="scope">{scope}</code>}</For>
                </Show>
              </Show>
            </p>
            <div class="step-do">
              <button type="submit" class="button primary" disabled={busy()}>
                {busy() ? t.tokens.creating : t.tokens.create}
              </button>
              <button type="button" class="button quiet" onClick={() => props.onClose()}>
                {t.tokens.cancel}
              </button>
            </div>
          </form>
        }
      >
        {(token) => (
          <div class="token-form" role="status">
            <h3>{t.tokens.created(token().record.name)}</h3>
            <Code text={token().token} label={t.tokens.created(token().record.name)} />
            <p>{t.tokens.createdNote}</p>
            <div class="step-do">
              <button type="button" class="button primary" onClick={() => props.onClose()}>
                {t.tokens.done}
              </button>
            </div>
          </div>
        )}
      </Show>
    </section>
  );
}
