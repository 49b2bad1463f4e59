/** Step 2: the administrator. */
import { createSignal, Show } from "solid-js";
import { ApiFailure } from "../../api/request";
import { createAdministrator } from "../../app/session";
import { CopyButton } from "../../parts/Copyable";
import { Field } from "../../parts/Field";
import { Glyph } from "../../parts/Glyph";
import { Icon } from "../../parts/Icon";
import { Password } from "../../parts/Password";
import { t } from "../../text/en";
import { makePassphrase } from "./passphrase";

const LEAST = 12;

function sentence(cause: unknown): string {
  if (!(cause instanceof ApiFailure) || cause.status === 0) return t.failure.unreachable;
  if (cause.status === 401) return t.setup.tokenWrong;
  if (cause.status === 409) return t.setup.tokenLate;
  if (cause.status === 429) return t.setup.tooOften(cause.retryAfter);
  return cause.message;
}

export function Safe(props: { token: string; onDone: () => void }) {
  const made = makePassphrase();
  const [user, setUser] = createSignal("admin");
  const [password, setPassword] = createSignal(made);
  const [generated, setGenerated] = createSignal(made);
  const [stored, setStored] = createSignal(false);
  const [tried, setTried] = createSignal(false);
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const isMade = () => password() === generated();
  const another = () => {
    const next = makePassphrase();
    setGenerated(next);
    setPassword(next);
    setStored(false);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!user().trim() || password().length < LEAST) return;
    setBusy(true);
    setFailure("");
    try {
      await createAdministrator(user().trim(), password(), props.token);
      props.onDone();
    } catch (cause) {
      setFailure(sentence(cause));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="step-form" onSubmit={submit} noValidate>
      <div>
        <h1 tabindex="-1">{t.setup.safeTitle}</h1>
        <p class="lead">{t.setup.safeText}</p>
      </div>
      <Show when={failure()}>
        <p class="note bad" role="alert">
          <Glyph standing="critical" silent />
          {failure()}
        </p>
      </Show>
      <div class="two">
        <Field label={t.setup.user} hint={t.setup.userHint} error={tried() && !user().trim() ? t.setup.userEmpty : undefined}>
          {(control) => (
            <input {...control} class="input" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} maxlength={64} required value={user()} onInput={(event) => setUser(event.currentTarget.value)} />
          )}
        </Field>
        <Field label={t.setup.password} hint={isMade() ? t.setup.generated(password().length) : t.setup.own(password().length)} error={tried() && password().length < LEAST ? t.setup.short : undefined}>
          {(control) => <Password control={control} name="password" autocomplete="new-password" value={password()} onInput={setPassword} shown />}
        </Field>
      </div>
      <div class="step-do">
        <CopyButton text={password()} />
        <button type="button" class="button quiet" onClick={another}>
          <Icon name="again" />
          {t.setup.make}
        </button>
      </div>
      <label class="check">
        <input type="checkbox" checked={stored()} onChange={(event) => setStored(event.currentTarget.checked)} />
        <span>
          {t.setup.stored}
          <small>{t.setup.storedHint}</small>
        </span>
      </label>
      <div class="step-do">
        <button type="submit" class="button primary tall" disabled={busy() || !stored()}>
          {busy() ? t.setup.creating : t.setup.create}
        </button>
      </div>
    </form>
  );
}
