/** Columns of clusters, namespaces, nodes and pods, and which columns every list has. */
import { createMemo } from "solid-js";
import { phone } from "../../app/viewport";
import { signOf } from "../../live/cluster";
import { latestOf } from "../../live/estate";
import { childrenOf, standing, tally } from "../../live/tally";
import { ownerOf } from "../../parts/cells/cluster";
import { addressOf } from "../../parts/cells/machine";
import { amount, facts, nameColumn, offeredBy, since, word } from "../../parts/columns/facts";
import { figures } from "../../parts/columns/figures";
import { inhabitantsColumn } from "../../parts/columns/hosts";
import { onRequest, workloadFacts } from "../../parts/columns/workloads";
import { type Column, onlyOnPhone } from "../../parts/table/columns";
import type { View } from "../../parts/table/view";
import { memory } from "../../text/format";
import { t } from "../../text/en";
import { countsOf, type KindCounts } from "./counts";
import { type ClusterKind, of } from "./kinds";
import { OBJECT_COLUMNS } from "./objectColumns";

const { heads, titles, pair, names } = t.cluster;
const f = figures;
const w = workloadFacts;

/** Whether there is more than one cluster, so that naming it says something. */
export const isSeveral = () => (tally().areas.kubernetes?.kinds["k8s-cluster"] ?? 0) > 1;

const CLUSTER = word("cluster", t.columns.heads.cluster, 110, (id) => of(id).clusterName, { priority: 4, rowsOnly: true, unlessBy: "cluster", offered: isSeveral });
const NAMESPACE = { ...w.namespace, unlessBy: "namespace" };
const AGE = since("age", heads.age, (id) => of(id).createdAt, { priority: 4 });

/** "3 / 4" out of what is counted once for all rows. */
function counted(id: string, head: string, least: number, title: string, read: (of: KindCounts) => { good: number; all: number }): Column {
  const words = (row: string) => {
    const { good, all } = read(countsOf(row));
    return all > 0 ? pair(good, all) : undefined;
  };
  const Cell = (props: { id: string }) => {
    const said = createMemo(() => (tally(), words(props.id) ?? "–"));
    return <>{said()}</>;
  };
  return { id, head, least, title, priority: 2, class: "second", numeric: true, sort: (row) => read(countsOf(row)).all || undefined, cell: (row) => <Cell id={row()} /> };
}

const NODES = counted("nodes", heads.nodes, 68, titles.nodes, (counts) => counts.nodes);
const PODS = counted("pods", heads.pods, 76, titles.pods, (counts) => counts.pods);
const DEPLOYMENTS = counted("deployments", heads.deployments, 96, titles.deployments, (counts) => counts.deployments);
const warnings = (id: string) => countsOf(id).warnings || undefined;
const WARNINGS = amount("warnings", heads.warnings, 76, warnings, String, { title: titles.warnings, priority: 3 });

/** Pods on a node, of those it may have. */
const podsOn = (id: string) => childrenOf(id).filter((child) => latestOf(child)?.type === "pod").length;
function NodePods(props: { id: string }) {
  const words = createMemo(() => {
    tally();
    const most = of(props.id).allocatablePods ?? of(props.id).capacityPods;
    return most === undefined ? String(podsOn(props.id)) : pair(podsOn(props.id), most);
  });
  return <>{words()}</>;
}
const NODE_PODS: Column = { id: "pods", head: heads.pods, title: titles.nodePods, least: 76, priority: 3, class: "second", numeric: true, sort: (id) => podsOn(id), cell: (id) => <NodePods id={id()} /> };

const ROLES = word("roles", heads.roles, 110, (id) => of(id).roles?.join(", "), { priority: 4 });
const runtime = (id: string) => of(id).containerRuntimeVersion?.replace("://", " ");

function hostColumns(kind: "clusters" | "nodes", view: () => View, rows: () => readonly string[]): Column[] {
  if (kind === "clusters") {
    return [
      NODES, PODS, DEPLOYMENTS, f.cpu, f.memory, f.net, { ...inhabitantsColumn(view), grow: 2 },
      WARNINGS,
      word("version", heads.version, 76, (id) => of(id).version, { priority: 3 }),
      word("server", heads.server, 180, (id) => of(id).server, { grow: 1, priority: 5 }),
      word("agent", heads.agent, 64, (id) => of(id).agentVersion, { priority: 6 }),
      facts.seen,
      ...onRequest(word("context", t.columns.heads.context, 110, (id) => of(id).context)),
    ];
  }
  return [
    f.cpu, f.memory, { ...f.amount, priority: 5 }, { ...f.disk, offered: offeredBy(rows, (id) => !!latestOf(id)?.disk) },
    NODE_PODS,
    inhabitantsColumn(view),
    CLUSTER,
    ROLES,
    word("kubelet", heads.kubelet, 76, (id) => of(id).kubeletVersion, { priority: 4 }),
    word("runtime", heads.runtime, 124, runtime),
    word("os", t.columns.heads.os, 132, (id) => of(id).osImage),
    word("ip", t.columns.heads.ip, 108, (id) => addressOf(latestOf(id)), { priority: 6 }),
    { ...f.uptime, metric: false },
    ...onRequest(facts.kernel, word("arch", t.columns.heads.arch, 68, (id) => of(id).architecture), AGE),
  ];
}

const PHASE = word("phase", heads.phase, 84, (id) => of(id).phase, { priority: 3, class: "second" });
const memoryOf = (id: string) => countsOf(id).memory;
const cpuOf = (id: string) => countsOf(id).cpu;

const LISTS: Record<Exclude<ClusterKind, "clusters" | "nodes">, readonly Column[]> = {
  namespaces: [
    PHASE,
    PODS,
    DEPLOYMENTS,
    amount("cpu-used", heads.cpu, 84, cpuOf, (value) => t.cluster.drawer.cores((value / 1000).toFixed(2)), { priority: 3 }),
    amount("memory-used", heads.memory, 84, memoryOf, memory, { priority: 3 }),
    WARNINGS,
    CLUSTER,
    AGE,
  ],
  pods: [
    NAMESPACE,
    w.phase,
    { ...w.ready, title: titles.replicas },
    f.cpu,
    f.memory,
    f.amount,
    f.net,
    w.restarts,
    { ...word("owner", t.columns.heads.owner, 160, (id) => ownerOf(of(id)), { rowsOnly: true, unlessBy: "owner" }), grow: 1 },
    { ...w.node, unlessBy: "node" },
    CLUSTER,
    { ...f.uptime, metric: false },
    ...onRequest(w.image, AGE, word("qos", t.facts.qos, 90, (id) => of(id).qosClass)),
  ],
  ...OBJECT_COLUMNS({ NAMESPACE, CLUSTER, AGE, PHASE }),
};

/** Figures a phone keeps beside the name. */
const ON_PHONE = ["pods", "tasks", "size", "count"];

/** The second line on a phone: the most telling words of the row. */
function lineOf(columns: readonly Column[], view: () => View): Column {
  const all = columns.filter((column) => column.text && !column.extra && column.id !== "name" && column.id !== "tags");
  // What the group says already need not be said again.
  const shown = () => all.filter((column) => column.unlessBy !== view().grouping().id && column.offered?.() !== false).slice(0, 3);
  return word("line", t.columns.heads.line, 0, (id) => shown().map((column) => column.sort?.(id)).filter(Boolean).join(" · "), { priority: 6, line: true, rowsOnly: true });
}

export function columnsOf(kind: ClusterKind, view: () => View, rows: () => readonly string[]): Column[] {
  const own = kind === "clusters" || kind === "nodes" ? hostColumns(kind, view, rows) : LISTS[kind];
  const tags = { ...facts.tags, offered: offeredBy(rows, (id) => (latestOf(id)?.tags ?? []).length > 0) };
  const columns = [nameColumn(view, names[kind], kind === "events" ? { least: 190, grow: 0 } : { least: 220 }, undefined, kind === "events" ? (id) => signOf(latestOf(id), standing(id)) : undefined), ...own, tags, facts.status];
  if (!phone()) return columns;
  if (kind === "clusters" || kind === "nodes") return onlyOnPhone(columns, []);
  // An event has its time beside its name.
  return onlyOnPhone([...columns, kind === "pods" ? w.line : lineOf(columns, view)], kind === "pods" || kind === "events" ? [] : ON_PHONE);
}
