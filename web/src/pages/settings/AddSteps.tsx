/** Adding a machine: one token, stored there from standard input, one command, and the proof that it came. */
import { createMemo, createSignal, For, Show } from "solid-js";
import { ApiFailure, request } from "../../api/request";
import type { MintedToken } from "../../api/schema";
import { setOverlay } from "../../app/overlays";
import { go } from "../../app/place";
import { setSettingUp, settingUp } from "../../app/session";
import { ids, latest, latestOf, resource } from "../../live/estate";
import { Code } from "../../parts/Copyable";
import { Field } from "../../parts/Field";
import { Glyph } from "../../parts/Glyph";
import { t } from "../../text/en";
import { nameOf } from "../../live/names";
import { BUNDLES } from "./scopes";

const TOKEN_FILE = "/etc/pulse-agent/token";

/** Reads the token from the terminal into a file that only root can read. No argument ever holds it. */
export const STORE_LINE = `sudo sh -c 'umask 077; mkdir -p /etc/pulse-agent; trap "stty echo" EXIT INT; printf "Token: "; stty -echo; IFS= read -r token; echo; printf "%s\\n" "$token" > ${TOKEN_FILE}'`;

export function runLine(origin: string): string {
  return `sudo pulse-agent --url ${origin} --token-file ${TOKEN_FILE}`;
}

export function AddSteps() {
  const [name, setName] = createSignal("");
  const [token, setToken] = createSignal<MintedToken>();
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    try {
      const label = name().trim() || t.add.title;
      setToken(await request<MintedToken>("/api/security/tokens", { method: "POST", body: { name: label, scopes: BUNDLES.agent } }));
    } catch (cause) {
      setFailure(cause instanceof ApiFailure ? t.failure.forbidden(cause.message) : t.failure.unreachable);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Show
      when={token()}
      fallback={
        <form class="add-form" onSubmit={make}>
          <Field label={t.add.name} hint={t.add.nameHint} error={failure()}>
            {(control) => <input {...control} class="input" maxlength={80} autocomplete="off" spellcheck={false} value={name()} onInput={(event) => setName(event.currentTarget.value)} />}
          </Field>
          <button type="submit" class="button primary" disabled={busy()}>
            {busy() ? t.add.making : t.add.make}
          </button>
        </form>
      }
    >
      {(made) => <Commands made={made()} onAnother={() => setToken(undefined)} />}
    </Show>
  );
}

function Commands(props: { made: MintedToken; onAnother: () => void }) {
  const known = new Set(latest().map((entry) => entry.id));
  // Containers of the machine may come first.
  const arrived = createMemo(() => ids().find((id) => !known.has(id) && latestOf(id)?.type === "agent"));
  const isLocal = /^(localhost|127\.|\[::1\])/.test(location.host);
  const open = (id: string) => {
    setOverlay(undefined);
    if (settingUp()) setSettingUp(false);
    go(`/standalone/machines?resource=${encodeURIComponent(id)}`);
  };
  return (
    <div class="add-steps">
      <Show when={location.protocol === "http:" && !isLocal}>
        <p class="note">
          <Glyph standing="warning" silent />
          {t.add.plainHttp}
        </p>
      </Show>
      <div class="add-token">
        <h3>
          {t.add.token} <span class="dim">{t.add.once}</span>
        </h3>
        <Code text={props.made.token} label={t.add.token} />
        <p class="dim">
          {t.add.scope} <For each={BUNDLES.agent}>{(scope) => <><code class="scope">{scope}</code> </>}</For>
        </p>
      </div>
      <ol class="numbered">
        <li>{t.add.binary}</li>
        <li>
          {t.add.store}
          <Code text={STORE_LINE} label={t.add.store} />
        </li>
        <li>
          {t.add.run}
          <Code text={runLine(location.origin)} label={t.add.run} />
          <Show when={isLocal}>
            <p class="dim">{t.add.local}</p>
          </Show>
          <p class="dim">{t.add.cluster}</p>
          <p class="dim">{t.add.service}</p>
        </li>
      </ol>
      <p class="arrival panel" role="status">
        <Show
          when={arrived()}
          fallback={
            <>
              <Glyph standing="pending" silent />
              {t.add.waiting}
            </>
          }
        >
          {(id) => (
            <>
              <Glyph standing="done" silent />
              <span>{t.add.arrived(nameOf(resource(id())))}</span>
              <span class="push">
                <button type="button" class="button small" onClick={() => props.onAnother()}>
                  {t.add.another}
                </button>{" "}
                <button type="button" class="button small primary" onClick={() => open(id())}>
                  {t.add.open(nameOf(resource(id())))}
                </button>
              </span>
            </>
          )}
        </Show>
      </p>
    </div>
  );
}
