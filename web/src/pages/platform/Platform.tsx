/** A platform in one table: its nodes or hosts as groups with their own figures, and what lives on them. */
import { createMemo, For, type JSX, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { nodesOf } from "../../live/census";
import type { AreaId } from "../../app/areas";
import { path, query } from "../../app/place";
import { subpagesOf } from "../../app/routes";
import { ids, latestOf, resource } from "../../live/estate";
import { hostOf, isHostOf, isLivingIn, stackOf } from "../../live/kin";
import { nameKey, nameOf, naturalKey } from "../../live/names";
import { childrenOf, standing, tally } from "../../live/tally";
import { HostName } from "../../parts/cells/HostName";
import { createAge } from "../../parts/cells/rows";
import { Empty } from "../../parts/Empty";
import { Listing, Shown } from "../../parts/table/Listing";
import { type ChipGroup, RUN_STATES, Tools, UPDATE_STATES } from "../../parts/table/Tools";
import { createView, type Grouping, type View } from "../../parts/table/view";
import { keepCurrentInSight } from "../../parts/tabs";
import type { Field } from "../../search/facts";
import { t } from "../../text/en";
import { columnsOf } from "./columns";

/** Kinds worth a chip, where an area has more than one. */
const KINDS: Partial<Record<AreaId, ChipGroup>> = {
  proxmox: { field: "type", chips: [{ value: "vm", word: "VM" }, { value: "lxc", word: "LXC" }] },
};

const FIELDS: Record<AreaId, readonly Field[]> = {
  proxmox: ["node", "tag", "status", "type", "cluster", "os"],
  docker: ["host", "image", "status", "update", "tag", "type", "cluster"],
  kubernetes: ["namespace", "node", "status", "cluster", "context", "image"],
  truenas: ["host", "status", "type"],
  machines: ["host", "status", "tag"],
};

function byHost(area: AreaId, label: string, id: string): Grouping {
  // Hosts that nobody lives on come after the others, and what has no host last of all.
  const rank = (group: string) => (!group ? 2 : childrenOf(group).some((child) => isLivingIn(child, area)) ? 0 : 1) + nameKey(group);
  return { id, label, of: hostOf, all: () => ids().filter((entry) => isHostOf(entry, area)), rank };
}

/** What belongs to no group comes last. */
const last = (group: string) => (group ? naturalKey(group) : "\uffff");
/** Whether Podman keeps containers together anywhere. */
const hasPods = () => ids().some((id) => latestOf(id)?.docker?.podman?.podName);
const NOBODY: Record<string, string> = { stack: t.platform.noStack, pod: t.platform.noPod };

function groupingsOf(area: AreaId): Grouping[] {
  const flat: Grouping = { id: "flat", label: t.list.flat };
  const by = t.platform.by;
  switch (area) {
    case "proxmox":
      return [byHost(area, by.node, "node"), flat];
    case "docker":
      return [
        byHost(area, by.host, "host"),
        { id: "stack", label: by.stack, of: (id) => stackOf(latestOf(id)?.docker), rank: last },
        ...(hasPods() ? [{ id: "pod", label: by.pod, of: (id: string) => latestOf(id)?.docker?.podman?.podName ?? "", rank: last }] : []),
        flat,
      ];
    case "truenas":
      return [byHost(area, by.system, "host"), flat];
    default:
      return [byHost(area, by.host, "host"), flat];
  }
}

/** Name, sign and size of a host's group. */
function HostHead(props: { id: string; area: AreaId; size: number }) {
  const age = createAge(() => props.id);
  const facts = () => {
    const entry = resource(props.id);
    const { pbs, pmg } = facetsOf(entry);
    const now = standing(props.id);
    if (now === "offline") return t.row.offline(age());
    if (now === "stale") return t.board.age(age());
    if (pbs?.datastoreCount && props.size === 0) return t.board.datastores(pbs.datastoreCount);
    if (pmg?.queueTotal !== undefined && props.size === 0) return t.board.queued(pmg.queueTotal);
    return props.size > 0 ? t.platform.living(props.area, props.size) : "";
  };
  return (
    <span class="group-words">
      <HostName id={props.id} />
      <span class="dim" classList={{ "crit-ink": standing(props.id) === "offline" }}>{facts()}</span>
    </span>
  );
}

/** The pages of a platform that exist; `keep` names what of the present view the others have too. */
export function PlatformTabs(props: { area: AreaId; keep?: readonly string[] }) {
  const kept = () => {
    const values = new URLSearchParams((props.keep ?? []).flatMap((name) => (query(name) ? [[name, query(name) ?? ""]] : [])));
    return values.size > 0 ? `?${values}` : "";
  };
  return (
    <nav ref={(nav) => keepCurrentInSight(nav, path)} class="tabs" aria-label={t.platform.tabs}>
      <For each={subpagesOf(props.area)}>
        {(page) => (
          <a href={page.path + kept()} aria-current={path() === page.path ? "page" : undefined}>
            {t.platform.subpages[page.name] ?? page.name}
          </a>
        )}
      </For>
    </nav>
  );
}

function Note(props: { area: AreaId }) {
  const words = () => {
    const census = tally().areas[props.area];
    return census ? `${t.platform.hosts(props.area, nodesOf(census))} · ` : "";
  };
  return <span class="dim page-note">{words()}</span>;
}

/** `tabs` choose between lists of the page; `note` is said of all its rows. */
export default function Platform(props: { area: AreaId; tabs?: JSX.Element; note?: JSX.Element }) {
  let field!: HTMLInputElement;
  const { area } = props;
  const rows = createMemo(() => ids().filter((id) => isLivingIn(id, area)));
  const columns = columnsOf(area, () => view);
  const groupings = groupingsOf(area);
  const view: View = createView({ id: area, ids: rows, columns, groupings, find: () => field.focus() });
  const isHostGroup = () => view.grouping().id === groupings[0]?.id;
  const name = (group: string) => (isHostGroup() ? nameOf(latestOf(group)) : group) || (NOBODY[view.grouping().id] ?? t.platform.noGroup);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t.area[area]}</h1>
        <PlatformTabs area={area} />
        {props.tabs}
        <span class="page-notes push">
          {props.note ?? <Note area={area} />}
          <Shown view={view} />
        </span>
      </div>
      <Tools view={view} label={t.platform.filterLabel(t.area[area])} fields={FIELDS[area]} chips={[KINDS[area], RUN_STATES, area === "docker" ? UPDATE_STATES : undefined].filter((group) => group !== undefined)} ref={(input) => (field = input)} />
      <Listing
        view={view}
        label={t.area[area]}
        sortable
        none={<Empty title={t.platform.none(t.area[area])} text={t.platform.noneText} />}
        groupName={name}
        group={(group) => (
          <Show when={isHostGroup() && group} fallback={<span class="group-words"><b>{name(group)}</b> <span class="dim">{t.platform.living(area, view.sizeOf(group))}</span></span>}>
            <HostHead id={group} area={area} size={view.sizeOf(group)} />
          </Show>
        )}
        groupValues={(group) => (isHostGroup() && group && standing(group) !== "offline" ? group : undefined)}
      />
    </div>
  );
}
