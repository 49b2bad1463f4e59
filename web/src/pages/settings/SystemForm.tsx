/** Settings of the server: one form per page, saved together, errors at their field, nothing typed lost. */
import { createEffect, createResource, createSignal, createUniqueId, For, Match, on, onCleanup, Show, Switch } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { ApiFailure } from "../../api/request";
import { fieldOf, sentenceOf } from "../../api/sentence";
import { readSettings, saveSettings, type Settings, type SettingValue, type SystemSettings } from "../../api/settings";
import { serverTheme, setServerTheme } from "../../app/serverTheme";
import { Empty } from "../../parts/Empty";
import { Segments } from "../../parts/Field";
import { Skeleton } from "../../parts/Skeleton";
import { toast } from "../../parts/Toast";
import { t } from "../../text/en";
import { changedMembers, complaintAbout, type FieldGroup, type SystemField } from "./systemFields";

/** What was typed on each page and is not saved; survives leaving the page. */
const [drafts, setDrafts] = createStore<Record<string, Settings>>({});

export const hasDraft = (page: string) => Object.keys(drafts[page] ?? {}).length > 0;

/** The browser asks before a reload or a close would lose what was typed. */
function guardLeaving(isDirty: () => boolean): void {
  const ask = (event: BeforeUnloadEvent) => isDirty() && event.preventDefault();
  addEventListener("beforeunload", ask);
  onCleanup(() => removeEventListener("beforeunload", ask));
}

export function SystemForm(props: { page: string; groups: readonly FieldGroup[] }) {
  const [stored, { refetch }] = createResource(readSettings);
  // Somebody else may change it meanwhile; what is typed here stays.
  createEffect(on(serverTheme, () => void refetch(), { defer: true }));
  const isMissing = () => stored.error instanceof ApiFailure && stored.error.status === 404;
  return (
    <Switch>
      <Match when={stored.error}>
        <section class="panel">
          <Empty title={isMissing() ? t.system.missing : t.system.failed} text={isMissing() ? t.system.missingText : sentenceOf(stored.error)}>
            <button type="button" class="button" onClick={() => void refetch()}>
              {t.failure.again}
            </button>
          </Empty>
        </section>
      </Match>
      <Match when={stored.latest}>{(present) => <Form {...props} stored={present()} onSaved={refetch} />}</Match>
      <Match when={true}>
        <section class="panel">
          <Skeleton rows={6} />
        </section>
      </Match>
    </Switch>
  );
}

function Form(props: { page: string; groups: readonly FieldGroup[]; stored: SystemSettings; onSaved: () => unknown }) {
  const [failures, setFailures] = createStore<Record<string, string | undefined>>({});
  const [busy, setBusy] = createSignal(false);
  let form!: HTMLFormElement;
  const draft = () => drafts[props.page] ?? {};
  const change = () => changedMembers(props.stored.values, draft());
  const count = () => Object.keys(change()).length;
  const fields = () => props.groups.flatMap((group) => group.fields);
  guardLeaving(() => count() > 0);
  const write = (name: string, value: SettingValue | undefined) => {
    setDrafts(props.page, { ...draft(), [name]: value });
    setFailures(name, undefined);
    setFailures("all", undefined);
  };
  const discard = () => {
    setDrafts(props.page, reconcile({}));
    setFailures(reconcile({}));
  };
  const show = (found: Record<string, string>) => {
    setFailures(reconcile(found));
    queueMicrotask(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const wrong = fields().flatMap((field) => {
      const complaint = field.name in change() && complaintAbout(field, change()[field.name]);
      return complaint ? [[field.name, complaint] as const] : [];
    });
    if (wrong.length > 0) return show(Object.fromEntries(wrong));
    if (count() === 0 || busy()) return;
    setBusy(true);
    const before = Object.fromEntries(Object.keys(change()).map((name) => [name, props.stored.values[name]]));
    try {
      const [sent, kept] = [change(), await saveSettings(change())];
      if (sent.theme !== undefined) setServerTheme(sent.theme);
      discard();
      await props.onSaved();
      toast(kept.length > 0 ? t.system.savedBut(kept.map((name) => t.system.fields[name]?.[0] ?? name).join(", ")) : t.system.saved, kept.length > 0, () => void undo(before));
    } catch (cause) {
      const field = fields().find(({ name }) => name === fieldOf(cause));
      show({ [field?.name ?? "all"]: sentenceOf(cause) });
    } finally {
      setBusy(false);
    }
  };
  const undo = async (before: Settings) => {
    try {
      await saveSettings(before);
      if (before.theme !== undefined) setServerTheme(before.theme);
      await props.onSaved();
      toast(t.system.undone);
    } catch (cause) {
      toast(t.sources.undoFailed(sentenceOf(cause)), true);
    }
  };
  return (
    <form ref={form} class="system-form" onSubmit={save} noValidate>
      <For each={props.groups}>
        {(group) => (
          <section class="panel">
            <header class="panel-head">
              <h2>{t.system.groups[group.id][0]}</h2>
              <span class="dim">{t.system.groups[group.id][1]}</span>
            </header>
            <For each={group.fields.filter((field) => props.stored.values[field.name] !== undefined || field.kind === "text" || field.kind === "choice")}>
              {(field) => (
                <Setting
                  field={field}
                  value={draft()[field.name] ?? props.stored.values[field.name]}
                  changed={field.name in change()}
                  fixed={props.stored.fixed.has(field.name)}
                  failure={failures[field.name]}
                  onChange={(value) => write(field.name, value)}
                />
              )}
            </For>
          </section>
        )}
      </For>
      <Show when={count() > 0 || failures.all}>
        <div class="save-bar" role="region" aria-label={t.system.bar}>
          <span role="status">{failures.all ?? t.system.unsaved(count())}</span>
          <span class="push" />
          <button type="button" class="button quiet" onClick={discard}>
            {t.system.discard}
          </button>
          <button type="submit" class="button primary" disabled={busy()}>
            {busy() ? t.system.saving : t.system.save}
          </button>
        </div>
      </Show>
    </form>
  );
}

interface SettingProps {
  field: SystemField;
  value: SettingValue | undefined;
  changed: boolean;
  fixed: boolean;
  failure: string | undefined;
  onChange: (value: SettingValue | undefined) => void;
}

function Setting(props: SettingProps) {
  const id = createUniqueId();
  const words = () => t.system.fields[props.field.name] ?? [props.field.name, ""];
  const about = () => (props.fixed ? t.system.fixed : props.failure);
  const hintId = `${id}-hint`;
  return (
    <div class="setting" classList={{ changed: props.changed, stacked: props.field.kind === "text" }}>
      <div class="setting-words">
        <Show when={props.field.kind !== "choice"} fallback={<span>{words()[0]}</span>}>
          <label for={id}>{words()[0]}</label>
        </Show>
        <small id={hintId}>{words()[1]}</small>
        <Show when={about()}>
          <small id={`${id}-about`} classList={{ error: !props.fixed }} role={props.fixed ? undefined : "alert"}>
            {about()}
          </small>
        </Show>
      </div>
      <Control {...props} id={id} about={[words()[1] && hintId, about() && `${id}-about`].filter(Boolean).join(" ") || undefined} label={words()[0]} />
    </div>
  );
}

function Control(props: SettingProps & { id: string; about: string | undefined; label: string }) {
  const common = () => ({ id: props.id, disabled: props.fixed, "aria-describedby": props.about, "aria-invalid": props.failure ? ("true" as const) : undefined });
  const { field } = props;
  if (field.kind === "switch") {
    return <input {...common()} class="switch" type="checkbox" role="switch" checked={props.value === true} onChange={(event) => props.onChange(event.currentTarget.checked)} />;
  }
  if (field.kind === "number") {
    return (
      <span class="with-unit">
        <input {...common()} class="input" type="text" inputmode="numeric" autocomplete="off" value={props.value === undefined ? "" : String(props.value)} onInput={(event) => props.onChange(numberOf(event.currentTarget.value))} />
        <span class="dim">{field.unit}</span>
      </span>
    );
  }
  if (field.kind === "choice") {
    return (
      <Show when={!props.fixed} fallback={<b>{field.options.find(([key]) => key === props.value)?.[1] ?? String(props.value ?? "")}</b>}>
        <Segments label={props.label} options={field.options} value={String(props.value ?? "")} onChange={props.onChange} />
      </Show>
    );
  }
  return <input {...common()} class="input" type="text" autocomplete="off" spellcheck={false} maxlength={4096} value={String(props.value ?? "")} onInput={(event) => props.onChange(event.currentTarget.value)} />;
}

/** What is no whole number stays as typed, so that the complaint is about what one sees. */
function numberOf(text: string): SettingValue {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : text;
}
