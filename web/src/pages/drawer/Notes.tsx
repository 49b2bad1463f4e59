/** What people wrote about it: its link, tags and notes. Nothing typed is lost when saving fails. */
import { createResource, createSignal, Match, Show, Switch } from "solid-js";
import { type Metadata, readMetadata, saveMetadata } from "../../api/metadata";
import { fieldOf, sentenceOf } from "../../api/sentence";
import { isWebAddress } from "../../app/place";
import { latestOf, resource } from "../../live/estate";
import { Field } from "../../parts/Field";
import { toast } from "../../parts/Toast";
import { t } from "../../text/en";
import { nameOf } from "../../live/names";
import { changeOf, type Draft, draftOf, drafts, dropDraft, inverseOf, keepDraft, LONGEST_TAG, MOST_TAGS, tagsOf } from "./draft";

type Failures = Partial<Record<keyof Draft | "all", string>>;

const FIELDS: Record<string, keyof Draft> = { customUrl: "url", custom_url: "url", tags: "tags", notes: "notes" };

/** What the form itself can tell. */
export function complaints(draft: Draft): Failures {
  const failures: Failures = {};
  const url = draft.url.trim();
  if (url && !isWebAddress(url)) failures.url = t.notes.urlBad;
  const tags = tagsOf(draft.tags);
  if (tags.length > MOST_TAGS || tags.some((tag) => tag.length > LONGEST_TAG)) failures.tags = t.notes.tagsMany;
  return failures;
}

/** Puts the server's refusal where it belongs. */
export function failuresOf(cause: unknown): Failures {
  const sentence = sentenceOf(cause);
  const field = FIELDS[fieldOf(cause) ?? ""] ?? (/url/i.test(sentence) ? "url" : undefined);
  return { [field ?? "all"]: sentence };
}

export function Notes(props: { id: string }) {
  const type = latestOf(props.id)?.type ?? "";
  const [record, { mutate, refetch }] = createResource(() => readMetadata(type, props.id));
  return (
    <Switch>
      <Match when={record.error}>
        <p class="note">
          {t.notes.failed}
          <button type="button" class="button small push" onClick={() => void refetch()}>
            {t.drawer.retry}
          </button>
        </p>
      </Match>
      <Match when={record.latest}>{(present) => <Form id={props.id} type={type} record={present()} onSaved={mutate} />}</Match>
      <Match when={true}>
        <p class="dim padded" role="status">
          {t.notes.loading}
        </p>
      </Match>
    </Switch>
  );
}

function Form(props: { id: string; type: string; record: Metadata; onSaved: (record: Metadata) => void }) {
  const [failures, setFailures] = createSignal<Failures>({});
  const [busy, setBusy] = createSignal(false);
  const draft = () => drafts[props.id] ?? draftOf(props.record);
  const change = () => changeOf(props.record, draft());
  const isChanged = () => Object.keys(change()).length > 0;
  const write = (part: Partial<Draft>) => {
    keepDraft(props.id, { ...draft(), ...part });
    setFailures({});
  };
  const name = () => nameOf(latestOf(props.id));
  const undo = async (inverse: Partial<Metadata>) => {
    try {
      props.onSaved(await saveMetadata(props.type, props.id, inverse));
      toast(t.notes.undone);
    } catch (cause) {
      toast(t.sources.undoFailed(sentenceOf(cause)), true);
    }
  };
  const save = async (event?: SubmitEvent) => {
    event?.preventDefault();
    const wrong = complaints(draft());
    setFailures(wrong);
    if (Object.keys(wrong).length > 0 || !isChanged() || busy()) return;
    const [sent, inverse] = [change(), inverseOf(props.record, change())];
    setBusy(true);
    try {
      const stored = await saveMetadata(props.type, props.id, sent);
      dropDraft(props.id);
      props.onSaved(stored);
      toast(t.notes.saved(name()), false, () => void undo(inverse));
    } catch (cause) {
      setFailures(failuresOf(cause));
    } finally {
      setBusy(false);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void save();
  };
  const fromSources = () => (resource(props.id)?.tags ?? []).filter((tag) => !props.record.tags.includes(tag));
  return (
    <form class="stack notes" onSubmit={save} onKeyDown={onKey} noValidate>
      <Field label={t.notes.url} hint={t.notes.urlHint} error={failures().url}>
        {(control) => <input {...control} class="input" type="url" inputmode="url" autocomplete="off" spellcheck={false} maxlength={2048} value={draft().url} onInput={(event) => write({ url: event.currentTarget.value })} />}
      </Field>
      <Field label={t.notes.tags} hint={t.notes.tagsHint} error={failures().tags}>
        {(control) => <input {...control} class="input" autocomplete="off" spellcheck={false} value={draft().tags} onInput={(event) => write({ tags: event.currentTarget.value })} />}
      </Field>
      <Show when={fromSources().length > 0}>
        <p class="dim">
          {t.notes.fromSources}: {fromSources().join(", ")}
        </p>
      </Show>
      <Field label={t.notes.text} hint={t.notes.textHint} error={failures().notes}>
        {(control) => <textarea {...control} class="input area" rows={8} maxlength={20_000} value={draft().notes} onInput={(event) => write({ notes: event.currentTarget.value })} />}
      </Field>
      <Show when={failures().all}>
        <p class="note bad" role="alert">
          {failures().all}
        </p>
      </Show>
      <div class="step-do">
        <button type="submit" class="button primary" disabled={busy() || !isChanged()}>
          {busy() ? t.notes.saving : t.notes.save}
        </button>
        <Show when={isChanged()}>
          <button type="button" class="button quiet" onClick={() => (dropDraft(props.id), setFailures({}))}>
            {t.notes.discard}
          </button>
          <small class="dim">{t.notes.kept}</small>
        </Show>
      </div>
    </form>
  );
}
