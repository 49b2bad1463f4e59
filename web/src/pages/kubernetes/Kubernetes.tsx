/** One page of Kubernetes: its lists as tabs, one cluster or all, one namespace or all. */
import { createMemo, For, Show } from "solid-js";
import { query, setQuery } from "../../app/place";
import type { ClusterPart } from "../../app/routes";
import { ids, latestOf } from "../../live/estate";
import { hostOf } from "../../live/kin";
import { nameKey, nameOf, naturalKey } from "../../live/names";
import { standing, tally } from "../../live/tally";
import { HostName } from "../../parts/cells/HostName";
import { Empty } from "../../parts/Empty";
import { Glyph } from "../../parts/Glyph";
import { HiddenMenu } from "../../parts/table/HiddenMenu";
import { KindTabs } from "../../parts/table/KindTabs";
import { Listing, Shown } from "../../parts/table/Listing";
import { type ChipGroup, THING_STATES, Tools } from "../../parts/table/Tools";
import { createView, type Grouping, type View } from "../../parts/table/view";
import type { Field } from "../../search/facts";
import { createFilter } from "../../search/filter";
import { objectOf, ownerOf } from "../../parts/cells/cluster";
import { t } from "../../text/en";
import { PlatformTabs } from "../platform/Platform";
import { Attention } from "./Attention";
import { columnsOf, isSeveral } from "./columns";
import { gapsOf, unreadReason } from "./gaps";
import { type ClusterKind, clusterOf, clustersAmong, hasNamespaces, KINDS_OF, namespacesAmong, of, rowsByKind } from "./kinds";
import { Picker } from "./Picker";

/** What of a view holds for the other pages too. */
const KEPT = ["cluster", "namespace"] as const;
const FIELDS: readonly Field[] = ["namespace", "node", "status", "cluster", "image", "tag"];
const RUNS: ReadonlySet<ClusterKind> = new Set(["clusters", "nodes", "pods", "deployments", "statefulSets", "daemonSets"]);
/** Nothing of a cluster is stopped on purpose: it is as it should be, or not, or nobody knows. */
const WORK_STATES: ChipGroup = { field: "status", chips: [{ value: "running", word: t.standing.running }, { value: "trouble", word: t.list.trouble }, { value: "unknown", word: t.standing.unknown }] };
const statesOf = (kind: ClusterKind) => (RUNS.has(kind) ? WORK_STATES : THING_STATES);

const { by } = t.cluster;
const last = (key: string) => (key ? naturalKey(key) : "\uffff");
const BY_CLUSTER: Grouping = { id: "cluster", label: by.cluster, of: clusterOf, rank: (group) => last(clusterName(group)) };
const BY_NAMESPACE: Grouping = { id: "namespace", label: by.namespace, of: (id) => of(id).namespace ?? "", rank: last };
const FLAT: Grouping = { id: "flat", label: t.list.flat };
const BY_NODE: Grouping = { id: "node", label: by.node, of: hostOf, all: () => rowsByKind().get("nodes") ?? [], rank: nameKey };

function words(id: string, label: string, read: (row: string) => string | undefined): Grouping {
  return { id, label, of: (row) => read(row) ?? "", rank: last };
}

const OTHERS: Partial<Record<ClusterKind, readonly Grouping[]>> = {
  clusters: [FLAT],
  namespaces: [FLAT],
  nodes: [FLAT],
  pods: [BY_NODE, BY_NAMESPACE, words("owner", by.owner, (id) => ownerOf(of(id))), FLAT],
  services: [BY_NAMESPACE, words("type", by.type, (id) => of(id).serviceType), FLAT],
  claims: [BY_NAMESPACE, words("class", by.class, (id) => of(id).storageClass), FLAT],
  volumes: [FLAT, words("class", by.class, (id) => of(id).storageClass)],
  classes: [FLAT],
  secrets: [BY_NAMESPACE, words("type", by.type, (id) => of(id).secretType), FLAT],
  events: [FLAT, BY_NAMESPACE, words("object", by.object, (id) => objectOf(of(id))), words("type", by.type, (id) => of(id).eventType)],
};

/** Several clusters can be told apart in every list, and stand as groups where nothing else does. */
function groupingsOf(kind: ClusterKind, several: boolean): readonly Grouping[] {
  const own = OTHERS[kind] ?? [BY_NAMESPACE, FLAT];
  if (kind === "clusters" || kind === "pods" || !several) return own;
  return own.length === 1 ? [BY_CLUSTER, ...own] : [...own.slice(0, -1), BY_CLUSTER, ...own.slice(-1)];
}

function clusterName(id: string): string {
  return clusters().find((entry) => entry.id === id)?.name ?? "";
}
const clusters = () => clustersAmong(ids().filter((id) => latestOf(id)?.type === "k8s-cluster"));

const NOBODY: Record<string, string> = { cluster: t.cluster.noCluster, namespace: t.cluster.noNamespace, node: t.cluster.noNode, owner: t.cluster.noOwner, class: t.cluster.noClass };

export default function Kubernetes(props: { part: ClusterPart }) {
  const rows = createMemo(rowsByKind);
  const kinds = KINDS_OF[props.part];
  const current = () => kinds.find((kind) => kind === query("kind")) ?? kinds[0];
  const inCluster = (kind: ClusterKind) => {
    const wanted = query("cluster");
    const all = rows().get(kind) ?? [];
    return wanted ? all.filter((id) => clusterOf(id).toLowerCase() === wanted.toLowerCase()).length : all.length;
  };
  const tabs = () => kinds.map((kind) => ({ id: kind, word: t.cluster.kinds[kind], count: inCluster(kind) }));
  return (
    <Show when={current()} keyed>
      {(kind) => <List kind={kind} rows={() => rows().get(kind) ?? []} tabs={tabs()} />}
    </Show>
  );
}

/** What is chosen once for all lists: a cluster where there are several, a namespace where rows have one. */
function Scope(props: { view: View; kind: ClusterKind; rows: readonly string[] }) {
  const namespaces = createMemo(() => namespacesAmong(props.rows, query("cluster")));
  const choose = (field: "cluster" | "namespace") => (value: string | undefined) => setQuery({ [field]: value, ...(field === "cluster" ? { namespace: undefined } : {}) });
  const { pick } = t.cluster;
  return (
    <>
      <Show when={isSeveral() || query("cluster")}>
        <Picker label={pick.cluster} all={pick.allClusters} options={clusters().map(({ id, name }) => [id.toLowerCase(), name] as const)} value={query("cluster")?.toLowerCase()} onChange={choose("cluster")} />
      </Show>
      <Show when={hasNamespaces(props.kind) && (namespaces().length > 1 || query("namespace"))}>
        <Picker label={pick.namespace} all={pick.allNamespaces} options={namespaces().map((name) => [name, name] as const)} value={query("namespace")} onChange={choose("namespace")} />
      </Show>
    </>
  );
}

/** What the list cannot show, and of which cluster. */
function Gaps(props: { kind: ClusterKind; rows: readonly string[] }) {
  const lines = createMemo(
    () => {
      tally();
      const wanted = query("cluster")?.toLowerCase();
      return ids().flatMap((id) => {
        const cluster = latestOf(id);
        const own = clusterOf(id);
        if (cluster?.type !== "k8s-cluster" || (wanted && own.toLowerCase() !== wanted)) return [];
        const found = gapsOf(props.kind, cluster, props.rows.filter((row) => clusterOf(row) === own).length);
        return found.map((gap) => t.cluster.gaps.of(nameOf(cluster), gap.replace(/\.$/, "")));
      });
    },
    [],
    { equals: (a, b) => a.join("\n") === b.join("\n") },
  );
  return (
    <Show when={lines().length > 0}>
      <ul class="gaps" aria-label={t.cluster.gaps.label}>
        <For each={lines()}>
          {(line) => (
            <li>
              <Glyph standing="unknown" silent />
              {line}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function noneOf(kind: ClusterKind): { title: string; text: string } {
  const c = t.cluster;
  const refused = unreadReason(kind, ids().flatMap((id) => (latestOf(id)?.type === "k8s-cluster" ? (latestOf(id) ?? []) : [])));
  if (refused) return { title: c.unread(c.kinds[kind]), text: c.unreadText(refused.replace(/\.$/, "")) };
  if (kind === "pods") return { title: c.nonePods, text: c.nonePodsText };
  if (kind === "deployments") return { title: c.noneDeployments, text: c.noneDeploymentsText };
  if (kind === "events") return { title: c.noneEvents, text: c.noneEventsText };
  return { title: c.none(c.kinds[kind]), text: c.noneText };
}

function List(props: { kind: ClusterKind; rows: () => readonly string[]; tabs: readonly { id: string; word: string; count: number }[] }) {
  let field!: HTMLInputElement;
  const { kind, rows } = props;
  const what = t.cluster.kinds[kind];
  const filter = createFilter();
  // A namespace chosen for other lists says nothing about what has none.
  const test = createMemo(() => (hasNamespaces(kind) ? filter.test() : (filter.key(), filter.without("namespace"))));
  const matches = (id: string) => {
    const entry = latestOf(id);
    return !!entry && test()(entry, standing(id));
  };
  const several = createMemo(isSeveral);
  const groupings = createMemo(() => groupingsOf(kind, several()));
  const view: View = createView({
    id: `k8s-${kind}`,
    ids: rows,
    columns: columnsOf(kind, () => view, rows),
    get groupings() {
      return groupings();
    },
    find: () => field.focus(),
    matches,
    usual: kind === "events" ? { column: "when", down: true } : undefined,
  });
  const by = () => view.grouping().id;
  const name = (group: string) => (by() === "node" ? nameOf(latestOf(group)) : by() === "cluster" ? clusterName(group) : group) || (NOBODY[by()] ?? t.platform.noGroup);
  const none = () => noneOf(kind);
  return (
    <div class="page">
      <div class="page-head" classList={{ stacked: props.tabs.length > 3 }}>
        <h1>{t.area.kubernetes}</h1>
        <PlatformTabs area="kubernetes" keep={KEPT} />
        <Show when={props.tabs.length > 1}>
          <KindTabs label={what} kinds={props.tabs} current={kind} />
        </Show>
        <span class="page-notes push">
          <HiddenMenu area="kubernetes" />
          <Shown view={view} />
        </span>
      </div>
      <Tools view={view} label={t.cluster.filterLabel(what)} fields={FIELDS} chips={[statesOf(kind)]} ref={(input) => (field = input)} scope={<Scope view={view} kind={kind} rows={rows()} />} />
      <Gaps kind={kind} rows={rows()} />
      <Listing
        view={view}
        label={what}
        sortable
        none={<Empty title={none().title} text={none().text} />}
        groupName={name}
        group={(group) => (
          <span class="group-words">
            <Show when={by() === "node" && group} fallback={<b>{name(group)}</b>}>
              <HostName id={group} />
            </Show>
            <span class="dim">{kind === "pods" ? t.platform.living("kubernetes", view.sizeOf(group)) : view.sizeOf(group)}</span>
          </span>
        )}
        groupValues={(group) => (by() === "node" && group && standing(group) !== "offline" ? group : undefined)}
      />
      <Show when={kind === "clusters" && rows().length > 0}>
        <Attention />
      </Show>
    </div>
  );
}
