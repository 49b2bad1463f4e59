/** The questions before something is renamed, hidden, removed or linked: what follows from it, and the way back. */
import { createMemo, createSignal, For, Show } from "solid-js";
import { allowAgain, hide, linkToNode, type Managed, remove, rename, reportsAs, unhide, unlinkFromNode } from "../../api/management";
import { setQuery } from "../../app/place";
import { latest, latestOf, revision } from "../../live/estate";
import { compareNames, nameOf } from "../../live/names";
import { Field } from "../../parts/Field";
import { toast } from "../../parts/Toast";
import { t } from "../../text/en";
import { Form, takeBack } from "./Form";
import { freeNodes, goesWith, type Manageable } from "./manageable";

const m = t.manage;
const LONGEST_NAME = 256;

export interface AskProps {
  /** The resource. */
  id: string;
  of: Manageable;
  onClose: () => void;
}

type Named = Exclude<Managed, "agent">;

/** What is in no list any more is not looked at either. */
const leave = () => setQuery({ resource: undefined, range: undefined, tab: undefined });

export function RenameDialog(props: AskProps) {
  const before = nameOf(latestOf(props.id));
  const [name, setName] = createSignal(before);
  const wanted = () => name().trim();
  const error = () => (new TextEncoder().encode(wanted()).length > LONGEST_NAME ? m.renameLong : undefined);
  const run = async () => {
    const what = props.of.what as Named;
    await rename(what, props.of.id, wanted());
    toast(wanted() ? m.renamed(wanted()) : m.renamedBack, false, () => void takeBack(rename(what, props.of.id, before)));
  };
  return (
    <Form title={m.renameTitle(before)} text={m.renameText} act={m.renameDo} ready={!error() && wanted() !== before} run={run} onClose={props.onClose}>
      <Field label={m.renameLabel} hint={m.renameHint} error={error()}>
        {(control) => <input {...control} class="input" autofocus autocomplete="off" spellcheck={false} value={name()} onInput={(event) => setName(event.currentTarget.value)} />}
      </Field>
    </Form>
  );
}

export function HideDialog(props: AskProps) {
  const name = nameOf(latestOf(props.id));
  const run = async () => {
    const what = props.of.what as Named;
    await hide(what, props.of.id);
    leave();
    toast(m.hidden(name), false, () => void takeBack(unhide(what, props.of.id), m.shown(name)));
  };
  return <Form title={m.hideTitle(name)} text={m.hideText} act={m.hideDo} ready run={run} onClose={props.onClose} />;
}

export function RemoveDialog(props: AskProps) {
  const name = nameOf(latestOf(props.id));
  const { what, id } = props.of;
  const below = goesWith(latest(), props.id);
  const asksFirst = what === "engine" && props.of.online;
  const [typed, setTyped] = createSignal("");
  const [now, setNow] = createSignal(false);
  const run = async () => {
    const done = await remove(what, id, now());
    if (done.commandId) return toast(m.stopping(name));
    leave();
    toast(m.removed(name), false, () => void takeBack(allowAgain(what, reportsAs(done) || id), m.allowed(name)));
  };
  return (
    <Form title={m.removeTitle(name)} text={`${m.removeWhat[what](below)} ${m.removeThen}`} act={m.removeDo} grave ready={typed().trim() === name} run={run} onClose={props.onClose}>
      <Show when={asksFirst}>
        <fieldset class="pick-list">
          <legend class="sr">{m.removeHow}</legend>
          <For each={[[false, m.removeStop], [true, m.removeNow]] as const}>
            {([value, words]) => (
              <label class="menu-check">
                <input type="radio" name="how" checked={now() === value} onChange={() => setNow(value)} />
                {words}
              </label>
            )}
          </For>
        </fieldset>
      </Show>
      <Field label={m.removeType(name)}>{(control) => <input {...control} class="input" autofocus autocomplete="off" autocapitalize="none" spellcheck={false} value={typed()} onInput={(event) => setTyped(event.currentTarget.value)} />}</Field>
    </Form>
  );
}

export function LinkNodeDialog(props: AskProps) {
  const name = nameOf(latestOf(props.id));
  const nodes = createMemo(() => (revision(), freeNodes(latest()).sort(compareNames).map((entry) => entry.id)));
  const [chosen, setChosen] = createSignal<string>();
  const run = async () => {
    const node = chosen() ?? "";
    const called = nameOf(latestOf(node));
    await linkToNode(props.of.id, node);
    toast(m.linked(name, called), false, () => void takeBack(unlinkFromNode(props.of.id)));
  };
  return (
    <Form title={m.linkTitle(name)} text={m.linkText} act={m.linkDo} ready={!!chosen()} run={run} onClose={props.onClose}>
      <fieldset class="pick-list">
        <legend class="sr">{m.linkPick}</legend>
        <For each={nodes()} fallback={<p class="dim">{m.linkNone}</p>}>
          {(id) => (
            <label class="menu-check">
              <input type="radio" name="node" checked={chosen() === id} onChange={() => setChosen(id)} />
              <span class="cut">{nameOf(latestOf(id))}</span>
              <span class="dim push">{latestOf(id)?.proxmox?.clusterName ?? ""}</span>
            </label>
          )}
        </For>
      </fieldset>
    </Form>
  );
}

export function UnlinkNodeDialog(props: AskProps) {
  const name = nameOf(latestOf(props.id));
  const run = async () => {
    await unlinkFromNode(props.of.id);
    toast(m.unlinked(name));
  };
  return <Form title={m.unlinkTitle(name)} text={m.unlinkText} act={m.unlinkDo} ready run={run} onClose={props.onClose} />;
}
