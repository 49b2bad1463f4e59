/** What was removed and is refused for now; asked for when somebody opens it, since it comes with the whole state. */
import { createResource, createSignal, For, Match, Show, Switch } from "solid-js";
import { allowAgain } from "../../api/management";
import { readRemoved, type RemovedSource } from "../../api/removed";
import { sentenceOf } from "../../api/sentence";
import { serverNow } from "../../live/clock";
import { toast } from "../../parts/Toast";
import { iso, span } from "../../text/format";
import { t } from "../../text/en";

const m = t.manage;

function Entry(props: { source: RemovedSource; onAllowed: () => void }) {
  const [busy, setBusy] = createSignal(false);
  const at = () => Date.parse(props.source.removedAt ?? "");
  const allow = async () => {
    setBusy(true);
    try {
      await allowAgain(props.source.what, props.source.id);
      toast(m.allowed(props.source.name));
      props.onAllowed();
    } catch (cause) {
      toast(sentenceOf(cause), true);
      setBusy(false);
    }
  };
  return (
    <li>
      <b class="cut">{props.source.name}</b>
      <span class="dim">{m.kinds[props.source.what]}</span>
      <Show when={!Number.isNaN(at())}>
        <span class="dim" title={iso(at())}>{m.removedAge(span(serverNow() - at()))}</span>
      </Show>
      <button type="button" class="button small push" disabled={busy()} aria-label={m.allowIt(props.source.name)} onClick={() => void allow()}>
        {m.allow}
      </button>
    </li>
  );
}

export function Removed() {
  const [open, setOpen] = createSignal(false);
  const [list, { refetch }] = createResource(open, (wanted) => (wanted ? readRemoved() : []));
  const found = () => (list.state === "errored" ? [] : (list.latest ?? []));
  return (
    <section class="panel removed-sources" aria-labelledby="removed-title">
      <header class="panel-head">
        <h2 id="removed-title">{m.removedTitle}</h2>
        <Show when={!open()}>
          <button type="button" class="button small push" onClick={() => setOpen(true)}>
            {m.removedLoad}
          </button>
        </Show>
      </header>
      <p class="dim">{m.removedText}</p>
      <Show when={open()}>
        <Switch>
          <Match when={list.error}>
            <p class="note" role="alert">{m.removedFailed(sentenceOf(list.error))}</p>
          </Match>
          <Match when={list.state === "ready" && found().length === 0}>
            <p role="status">{m.removedNone}</p>
          </Match>
          <Match when={found().length > 0}>
            <ul>
              <For each={found()}>{(source) => <Entry source={source} onAllowed={() => void refetch()} />}</For>
            </ul>
          </Match>
        </Switch>
      </Show>
    </section>
  );
}
