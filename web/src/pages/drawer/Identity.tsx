/** Making two resources one, and taking one apart: what it means, then the deed, then the way back. */
import { createMemo, createSignal, For } from "solid-js";
import { linkResources, reportMerge, unlinkResources } from "../../api/identity";
import { latest, latestOf, resource, revision } from "../../live/estate";
import { Field } from "../../parts/Field";
import { toast } from "../../parts/Toast";
import { t } from "../../text/en";
import { nameOf } from "../../live/names";
import { Form, takeBack } from "./Form";

interface IdentityProps {
  id: string;
  onClose: () => void;
}

/** Other ids that were joined into this one. */
export function linkedIds(id: string): readonly string[] {
  const known = (resource(id) as { canonicalIdentity?: { supersededIds?: string[] } } | undefined)?.canonicalIdentity;
  return known?.supersededIds ?? [];
}

const MOST = 8;

export function LinkDialog(props: IdentityProps) {
  const [text, setText] = createSignal("");
  const [chosen, setChosen] = createSignal<string>();
  const [reason, setReason] = createSignal("");
  const name = nameOf(latestOf(props.id));
  const found = createMemo(() => {
    revision();
    const type = latestOf(props.id)?.type;
    const wanted = text().trim().toLowerCase();
    return latest().filter((entry) => entry.id !== props.id && entry.type === type && nameOf(entry).toLowerCase().includes(wanted)).slice(0, MOST).map((entry) => entry.id);
  });
  const run = async () => {
    const other = chosen() ?? "";
    const otherName = nameOf(latestOf(other));
    await linkResources(props.id, other, reason().trim());
    toast(t.sources.linked(name, otherName), false, () => void takeBack(unlinkResources(props.id, other)));
  };
  return (
    <Form title={t.sources.linkTitle(name)} text={t.sources.linkText} act={t.sources.linkDo} ready={!!chosen()} run={run} onClose={props.onClose}>
      <Field label={t.sources.linkPick} hint={t.sources.linkHint}>
        {(control) => <input {...control} class="input" type="search" autocomplete="off" spellcheck={false} autofocus value={text()} onInput={(event) => setText(event.currentTarget.value)} />}
      </Field>
      <fieldset class="pick-list">
        <legend class="sr">{t.sources.linkPick}</legend>
        <For each={found()} fallback={<p class="dim">{t.sources.linkNone}</p>}>
          {(id) => (
            <label class="menu-check">
              <input type="radio" name="other" checked={chosen() === id} onChange={() => setChosen(id)} />
              <span class="cut">{nameOf(resource(id))}</span>
              <span class="dim push">{resource(id)?.sources.map((source) => t.sources.names[source] ?? source).join(", ")}</span>
            </label>
          )}
        </For>
      </fieldset>
      <Field label={t.sources.linkReason}>{(control) => <input {...control} class="input" maxlength={200} value={reason()} onInput={(event) => setReason(event.currentTarget.value)} />}</Field>
    </Form>
  );
}

export function UnlinkDialog(props: IdentityProps) {
  const ids = linkedIds(props.id);
  const [chosen, setChosen] = createSignal(ids[0]);
  const name = nameOf(latestOf(props.id));
  const run = async () => {
    const other = chosen() ?? "";
    await unlinkResources(props.id, other);
    toast(t.sources.unlinked(name), false, () => void takeBack(linkResources(props.id, other)));
  };
  return (
    <Form title={t.sources.unlinkTitle(name)} text={t.sources.unlinkText} act={t.sources.unlinkDo} ready={!!chosen()} run={run} onClose={props.onClose}>
      <fieldset class="pick-list">
        <legend>{t.sources.unlinkPick}</legend>
        <For each={ids}>
          {(id) => (
            <label class="menu-check">
              <input type="radio" name="linked" checked={chosen() === id} onChange={() => setChosen(id)} />
              <span class="mono cut">{id}</span>
            </label>
          )}
        </For>
      </fieldset>
    </Form>
  );
}

export function ReportDialog(props: IdentityProps) {
  const sources: readonly string[] = latestOf(props.id)?.sources ?? [];
  const [wrong, setWrong] = createSignal<readonly string[]>([]);
  const [notes, setNotes] = createSignal("");
  const name = nameOf(latestOf(props.id));
  const toggle = (source: string, on: boolean) => setWrong((present) => (on ? [...present, source] : present.filter((entry) => entry !== source)));
  const ready = () => wrong().length > 0 && wrong().length < sources.length;
  const run = async () => {
    await reportMerge(props.id, wrong(), notes().trim());
    toast(t.sources.reported(name));
  };
  return (
    <Form title={t.sources.reportTitle(name)} text={t.sources.reportText} act={t.sources.reportDo} ready={ready()} run={run} onClose={props.onClose}>
      <fieldset class="pick-list">
        <legend>{t.sources.reportSources}</legend>
        <For each={sources}>
          {(source) => (
            <label class="menu-check">
              <input type="checkbox" checked={wrong().includes(source)} onChange={(event) => toggle(source, event.currentTarget.checked)} />
              {t.sources.names[source] ?? source}
            </label>
          )}
        </For>
        <p class="dim">{t.sources.reportPick}</p>
      </fieldset>
      <Field label={t.sources.reportNotes}>{(control) => <input {...control} class="input" maxlength={500} value={notes()} onInput={(event) => setNotes(event.currentTarget.value)} />}</Field>
    </Form>
  );
}
