/** API tokens: who or what can get in, with which rights, last used when. */
import { createResource, createSignal, For, Match, Show, Switch } from "solid-js";
import { ApiFailure, request } from "../../api/request";
import type { TokenRecord } from "../../api/schema";
import { query, setQuery } from "../../app/place";
import { ticking } from "../../live/clock";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Skeleton } from "../../parts/Skeleton";
import { toast } from "../../parts/Toast";
import { date, iso, span } from "../../text/format";
import { t } from "../../text/en";
import { MakeToken } from "./MakeToken";

function sentence(cause: unknown): string {
  if (!(cause instanceof ApiFailure) || cause.status === 0) return t.failure.unreachable;
  return cause.status === 403 ? t.failure.forbidden(cause.message) : t.failure.other(cause.message);
}

function Used(props: { at: string | null | undefined }) {
  const words = () => (props.at ? t.tokens.ago(span(ticking() - Date.parse(props.at))) : t.tokens.never);
  return <span title={props.at ? iso(Date.parse(props.at)) : undefined}>{words()}</span>;
}

function Ends(props: { at: string | undefined }) {
  const over = () => !!props.at && Date.parse(props.at) < ticking();
  return (
    <Show when={props.at} fallback={t.tokens.never}>
      {(at) => (
        <span title={at()}>
          {date(at())} {over() && <span class="badge warn">{t.tokens.ended}</span>}
        </span>
      )}
    </Show>
  );
}

function Scopes(props: { scopes: string[] | undefined }) {
  const all = () => !props.scopes || props.scopes.includes("*");
  return (
    <Show when={!all()} fallback={<span class="warn-ink">{t.tokens.all}</span>}>
      {props.scopes?.join(" · ")}
    </Show>
  );
}

/** Revoking cannot be undone: the name has to be typed. */
function Revoke(props: { token: TokenRecord; onClose: () => void; onRevoked: () => void }) {
  const [typed, setTyped] = createSignal("");
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const revoke = async (event: SubmitEvent) => {
    event.preventDefault();
    if (typed().trim() !== props.token.name.trim()) return;
    setBusy(true);
    try {
      await request(`/api/security/tokens/${encodeURIComponent(props.token.id)}`, { method: "DELETE" });
      toast(t.tokens.revoked(props.token.name));
      props.onRevoked();
    } catch (cause) {
      setFailure(sentence(cause));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.tokens.revokeTitle(props.token.name)} onClose={props.onClose} class="narrow">
      <form class="add-form" onSubmit={revoke}>
        <p>{t.tokens.revokeText}</p>
        <Field label={t.tokens.revokeType(props.token.name)} error={failure()}>
          {(control) => <input {...control} class="input" autocomplete="off" spellcheck={false} autofocus value={typed()} onInput={(event) => setTyped(event.currentTarget.value)} />}
        </Field>
        <div class="step-do">
          <button type="submit" class="button danger" disabled={busy() || typed().trim() !== props.token.name.trim()}>
            {t.tokens.revokeDo}
          </button>
          <button type="button" class="button quiet" onClick={() => props.onClose()}>
            {t.tokens.keep}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function ApiAccess() {
  const [list, { refetch }] = createResource(() => request<{ tokens: TokenRecord[] }>("/api/security/tokens").then((answer) => answer.tokens));
  const [revoking, setRevoking] = createSignal<TokenRecord>();
  const making = () => query("make") === "1";
  const tokens = () => (list.error ? undefined : list.latest);
  return (
    <div class="settings-main">
      <section class="panel">
        <header class="panel-head">
          <h2>{t.tokens.title}</h2>
          <span class="dim">{tokens()?.length ?? ""}</span>
          <button type="button" class="button primary small push" onClick={() => setQuery({ make: "1" })}>
            <Icon name="plus" />
            {t.tokens.make}
          </button>
        </header>
        <Switch>
          <Match when={list.error}>
            <Empty title={t.tokens.failed} text={sentence(list.error)}>
              <button type="button" class="button" onClick={() => void refetch()}>
                {t.failure.again}
              </button>
            </Empty>
          </Match>
          <Match when={!tokens()}>
            <Skeleton rows={4} />
          </Match>
          <Match when={tokens()?.length === 0}>
            <Empty title={t.tokens.none} text={t.tokens.noneText} />
          </Match>
          <Match when={tokens()}>
            {(known) => (
              <div class="scroll-x" tabindex="0" role="region" aria-label={t.tokens.title}>
                <table role="table" class="plain wide">
                  <thead role="rowgroup">
                    <tr role="row">
                      <th scope="col" role="columnheader">{t.tokens.columns.name}</th>
                      <th scope="col" role="columnheader">{t.tokens.columns.scopes}</th>
                      <th scope="col" role="columnheader">{t.tokens.columns.used}</th>
                      <th scope="col" role="columnheader">{t.tokens.columns.created}</th>
                      <th scope="col" role="columnheader">{t.tokens.columns.ends}</th>
                      <th scope="col" role="columnheader">{t.tokens.columns.starts}</th>
                      <th scope="col" role="columnheader">
                        <span class="sr">{t.tokens.columns.actions}</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody role="rowgroup">
                    <For each={known()}>
                      {(token) => (
                        <tr role="row">
                          <th scope="row" role="rowheader">{token.name}</th>
                          <td role="cell" class="scopes">
                            <Scopes scopes={token.scopes} />
                          </td>
                          <td role="cell" data-label={t.tokens.columns.used}>
                            <Used at={token.lastUsedAt} />
                          </td>
                          <td role="cell" data-label={t.tokens.columns.created}>{date(token.createdAt)}</td>
                          <td role="cell" data-label={t.tokens.columns.ends}>
                            <Ends at={token.expiresAt} />
                          </td>
                          <td role="cell" class="mono" data-label={t.tokens.columns.starts}>{token.prefix}…</td>
                          <td role="cell" class="numeric">
                            <button type="button" class="button small quiet crit-ink" aria-label={`${t.tokens.revoke} ${token.name}`} onClick={() => setRevoking(token)}>
                              {t.tokens.revoke}
                            </button>
                          </td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            )}
          </Match>
        </Switch>
      </section>
      <Show when={making()}>
        <MakeToken onCreated={() => void refetch()} onClose={() => setQuery({ make: undefined })} failure={sentence} />
      </Show>
      <Show when={revoking()}>
        {(token) => (
          <Revoke
            token={token()}
            onClose={() => setRevoking(undefined)}
            onRevoked={() => {
              setRevoking(undefined);
              void refetch();
            }}
          />
        )}
      </Show>
    </div>
  );
}
