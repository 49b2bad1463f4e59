/** Sign in. Says what went wrong, how many tries are left, and how long a pause lasts. */
import { createSignal, Show } from "solid-js";
import { ApiFailure } from "../../api/request";
import { expired, signIn } from "../../app/session";
import { Field } from "../../parts/Field";
import { Glyph } from "../../parts/Glyph";
import { Mark } from "../../parts/Icon";
import { Password } from "../../parts/Password";
import { t } from "../../text/en";

/** What a refused sign-in says beside its code. */
interface LoginFailure {
  remaining?: number;
  locked?: boolean;
  lockoutDuration?: string | number;
  lockedUntil?: string;
  remainingMinutes?: number;
}

function minutesOf(body: LoginFailure): number | undefined {
  if (body.remainingMinutes) return body.remainingMinutes;
  if (body.lockedUntil) return Math.max(1, Math.ceil((Date.parse(body.lockedUntil) - Date.now()) / 60_000));
  const seconds = Number.parseInt(String(body.lockoutDuration ?? ""), 10);
  if (!seconds) return undefined;
  // "15m0s" counts minutes, a bare number seconds.
  return /m/.test(String(body.lockoutDuration)) ? seconds : Math.max(1, Math.ceil(seconds / 60));
}

/** One sentence for a failed sign-in. */
export function loginSentence(cause: unknown): string {
  if (!(cause instanceof ApiFailure)) return t.failure.unreachable;
  const body = cause.body as LoginFailure;
  if (cause.status === 0) return t.failure.unreachable;
  if (cause.code === "account_locked" || body.locked) {
    const minutes = minutesOf(body);
    return minutes ? t.login.locked(minutes) : t.login.lockedSome;
  }
  if (cause.status === 429) return cause.retryAfter ? t.login.slow(cause.retryAfter) : t.login.lockedSome;
  if (cause.status === 401) {
    return body.remaining === undefined ? t.login.wrong : `${t.login.wrong} ${t.login.remaining(body.remaining)}`;
  }
  return cause.message;
}

export default function Login() {
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  let form!: HTMLFormElement;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const values = new FormData(form);
    setBusy(true);
    setFailure("");
    try {
      await signIn(String(values.get("username")).trim(), String(values.get("password")), values.has("remember"));
    } catch (cause) {
      setFailure(loginSentence(cause));
      form.querySelector<HTMLInputElement>("[name=password]")?.select();
    } finally {
      setBusy(false);
    }
  };
  document.title = `${t.login.title} · Pulse`;
  return (
    <main class="sign-in">
      <form ref={form} class="panel sign-in-card" onSubmit={submit}>
        <div class="sign-in-head">
          <Mark />
          <h1>{t.login.title}</h1>
        </div>
        <Show when={expired() && !failure()}>
          <p class="note">{t.login.expired}</p>
        </Show>
        <Show when={failure()}>
          <p class="note bad" role="alert">
            <Glyph standing="critical" silent />
            {failure()}
          </p>
        </Show>
        <Field label={t.login.user}>
          {(control) => <input {...control} class="input" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />}
        </Field>
        <Field label={t.login.password}>{(control) => <Password control={control} name="password" autocomplete="current-password" />}</Field>
        <label class="check">
          <input type="checkbox" name="remember" />
          <span>{t.login.remember}</span>
        </label>
        <button type="submit" class="button primary tall" disabled={busy()}>
          {busy() ? t.login.busy : t.login.submit}
        </button>
      </form>
    </main>
  );
}
