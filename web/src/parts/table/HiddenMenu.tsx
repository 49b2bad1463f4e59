/** What somebody hid from these lists, and the way to show it again. */
import { createMemo, For, Show } from "solid-js";
import { unhide } from "../../api/management";
import { sentenceOf } from "../../api/sentence";
import { hiddenSources, latestOf } from "../../live/estate";
import { nameOf } from "../../live/names";
import { t } from "../../text/en";
import { Menu } from "../Menu";
import { toast } from "../Toast";

async function show(id: string): Promise<void> {
  const entry = latestOf(id);
  const cluster = entry?.kubernetes?.clusterId;
  try {
    await (cluster ? unhide("cluster", cluster) : unhide("engine", entry?.docker?.hostSourceId ?? id));
    toast(t.manage.shown(nameOf(entry)));
  } catch (cause) {
    toast(sentenceOf(cause), true);
  }
}

export function HiddenMenu(props: { area: "docker" | "kubernetes" }) {
  const ids = createMemo(() => hiddenSources().filter((id) => latestOf(id)?.[props.area]?.hidden));
  return (
    <Show when={ids().length > 0}>
      <Menu label={t.manage.hiddenTitle} class="button small quiet" button={t.manage.hiddenCount(ids().length)}>
        <For each={ids()}>
          {(id) => (
            <button type="button" class="menu-item" aria-label={t.manage.showIt(nameOf(latestOf(id)))} onClick={() => void show(id)}>
              <span class="cut">{nameOf(latestOf(id))}</span>
              <span class="dim push">{t.manage.unhide}</span>
            </button>
          )}
        </For>
      </Menu>
    </Show>
  );
}
