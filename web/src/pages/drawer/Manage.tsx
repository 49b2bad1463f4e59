/** What can be done with whatever reports a resource: an engine, a cluster, an agent. */
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { checkUpdates, unhide } from "../../api/management";
import { sentenceOf } from "../../api/sentence";
import { latestOf, resource } from "../../live/estate";
import { nameOf } from "../../live/names";
import { Icon } from "../../parts/Icon";
import { Menu } from "../../parts/Menu";
import { toast } from "../../parts/Toast";
import { t } from "../../text/en";
import { isOnNode, type Manageable, manageableOf } from "./manageable";
import { HideDialog, LinkNodeDialog, RemoveDialog, RenameDialog, UnlinkNodeDialog } from "./ManageDialogs";

type Asked = "rename" | "hide" | "remove" | "link" | "unlink";

/** Does it at once; a refusal stays until it is read. */
async function tryTo(act: Promise<unknown>, done: string): Promise<void> {
  try {
    await act;
    toast(done);
  } catch (cause) {
    toast(sentenceOf(cause), true);
  }
}

function Item(props: { onClick: () => void; children: JSX.Element }) {
  return (
    <button type="button" class="menu-item" onClick={() => props.onClick()}>
      {props.children}
    </button>
  );
}

function Items(props: { id: string; of: Manageable; ask: (what: Asked) => void }) {
  const name = () => nameOf(latestOf(props.id));
  const { what } = props.of;
  const m = t.manage;
  return (
    <>
      <Show when={what === "engine"}>
        <Item onClick={() => void tryTo(checkUpdates(props.of.id), m.checked(name()))}>{m.check}</Item>
      </Show>
      <Show
        when={what !== "agent"}
        fallback={
          <Show when={isOnNode(resource(props.id))} fallback={<Item onClick={() => props.ask("link")}>{m.link}</Item>}>
            <Item onClick={() => props.ask("unlink")}>{m.unlink}</Item>
          </Show>
        }
      >
        <Item onClick={() => props.ask("rename")}>{m.rename}</Item>
        <Show when={props.of.hidden} fallback={<Item onClick={() => props.ask("hide")}>{m.hide}</Item>}>
          <Item onClick={() => void tryTo(unhide(what as "engine" | "cluster", props.of.id), m.shown(name()))}>{m.unhide}</Item>
        </Show>
      </Show>
      <Item onClick={() => props.ask("remove")}>{m.remove}</Item>
    </>
  );
}

export function Manage(props: { id: string }) {
  const [asked, setAsked] = createSignal<{ id: string; of: Manageable; what: Asked }>();
  // Items that stay are not drawn anew with every report: one of them may hold the focus.
  const all = createMemo(() => manageableOf(resource(props.id)), [], { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) });
  const close = () => setAsked(undefined);
  const m = t.manage;
  return (
    <Show when={all().length > 0}>
      <Menu label={m.actions} class="button small" button={<>{m.actions}<Icon name="down" /></>}>
        <For each={all()}>
          {(of) => (
            <fieldset class="menu-group">
              <legend>{m.groups[of.what]}</legend>
              <Items id={props.id} of={of} ask={(what) => setAsked({ id: props.id, of, what })} />
            </fieldset>
          )}
        </For>
      </Menu>
      <Show when={asked()} keyed>
        {(now) => (
          <Switch>
            <Match when={now.what === "rename"}><RenameDialog id={now.id} of={now.of} onClose={close} /></Match>
            <Match when={now.what === "hide"}><HideDialog id={now.id} of={now.of} onClose={close} /></Match>
            <Match when={now.what === "remove"}><RemoveDialog id={now.id} of={now.of} onClose={close} /></Match>
            <Match when={now.what === "link"}><LinkNodeDialog id={now.id} of={now.of} onClose={close} /></Match>
            <Match when={now.what === "unlink"}><UnlinkNodeDialog id={now.id} of={now.of} onClose={close} /></Match>
          </Switch>
        )}
      </Show>
    </Show>
  );
}
