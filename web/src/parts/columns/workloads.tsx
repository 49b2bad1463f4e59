/** Columns of facts that guests, containers and pods have. */
import { facetsOf } from "../../api/facets";
import { latestOf, resource } from "../../live/estate";
import { hostOf, stackOf } from "../../live/kin";
import { isWorkload } from "../../live/kinds";
import { nameOf } from "../../live/names";
import { SEVERITY } from "../../live/standing";
import { standing } from "../../live/tally";
import { DASH, iso } from "../../text/format";
import { t } from "../../text/en";
import { DiskCell } from "../cells/figures";
import { BackupCell, KindCell, LineCell, PhaseCell, portsOf, ReadyCell, RestartsCell, restartsOf, StateCell, stateOf, UpdateCell, updateHint } from "../cells/workload";
import type { Column } from "../table/columns";
import { word } from "./facts";
import { figures } from "./figures";

const facets = (id: string) => facetsOf(latestOf(id));
const { heads, titles } = t.columns;

/** What runs it: QEMU, LXC, Docker, Podman, a container runtime of a cluster. */
export function runtimeOf(id: string): string | undefined {
  const { docker, technology } = facets(id);
  const name = docker?.runtime ?? technology;
  return name ? (t.workloads.runtimes[name] ?? name) : undefined;
}

export function systemOfGuest(id: string): string | undefined {
  const { proxmox, docker } = facets(id);
  return [proxmox?.osName, proxmox?.osVersion].filter(Boolean).join(" ") || docker?.os || undefined;
}

export function clusterOf(id: string): string | undefined {
  const { proxmox, kubernetes, clusterId } = facets(id);
  return kubernetes?.clusterName ?? proxmox?.clusterName ?? clusterId;
}

const OWN_DISK: ReadonlySet<string> = new Set(["vm", "system-container"]);

/** Containers and pods have no disk of their own: that is not the same as not knowing it. */
function DiskOrNone(props: { id: string }) {
  const entry = () => resource(props.id);
  const has = () => !!entry()?.disk || OWN_DISK.has(entry()?.type ?? "") || !isWorkload(entry() ?? { type: "" });
  return <>{has() ? <DiskCell id={props.id} /> : <span class="dim none">{DASH}</span>}</>;
}

const lastBackup = (id: string) => facets(id).proxmox?.lastBackup;
const own = { rowsOnly: true } as const;

export const workloadFacts = {
  vmid: { id: "vmid", head: heads.id, class: "second", least: 46, priority: 4, numeric: true, rowsOnly: true, sort: (id) => facets(id).proxmox?.vmid, cell: (id) => <>{facetsOf(resource(id())).proxmox?.vmid ?? DASH}</> },
  kind: { id: "kind", head: heads.type, class: "second", least: 72, priority: 4, text: true, rowsOnly: true, sort: (id) => latestOf(id)?.type, cell: (id) => <KindCell id={id()} /> },
  disk: { ...figures.disk, hint: (id) => (facets(id).disk ? figures.disk.hint(id) : t.drawer.notOffered), cell: (id) => <DiskOrNone id={id()} /> },
  backup: { id: "backup", head: heads.backup, title: titles.backup, least: 62, priority: 3, numeric: true, rowsOnly: true, hint: (id) => (lastBackup(id) ? iso(Date.parse(lastBackup(id) ?? "")) : undefined), sort: (id) => (lastBackup(id) ? Date.parse(lastBackup(id) ?? "") : undefined), cell: (id) => <BackupCell id={id()} /> },
  image: word("image", heads.image, 190, (id) => facets(id).docker?.image ?? facets(id).kubernetes?.image, { priority: 4, grow: 2, rowsOnly: true }),
  state: { id: "state", head: heads.state, class: "second", least: 134, priority: 3, rowsOnly: true, hint: stateOf, sort: (id) => SEVERITY[standing(id)], cell: (id) => <StateCell id={id()} /> },
  restarts: { id: "restarts", head: heads.restarts, class: "second", least: 80, priority: 4, numeric: true, rowsOnly: true, sort: restartsOf, cell: (id) => <RestartsCell id={id()} /> },
  ports: word("ports", heads.ports, 84, portsOf, own),
  update: { id: "update", head: heads.update, least: 122, priority: 5, rowsOnly: true, hint: updateHint, sort: (id) => Number(!!facets(id).docker?.updateStatus?.updateAvailable), cell: (id) => <UpdateCell id={id()} /> },
  namespace: word("namespace", heads.namespace, 104, (id) => facets(id).kubernetes?.namespace, { priority: 4, rowsOnly: true }),
  node: word("node", heads.node, 130, (id) => nameOf(latestOf(hostOf(id))) || undefined, { rowsOnly: true }),
  ready: { id: "ready", head: heads.ready, class: "second", least: 52, priority: 4, numeric: true, rowsOnly: true, cell: (id) => <ReadyCell id={id()} /> },
  owner: word("owner", heads.owner, 150, (id) => facets(id).kubernetes?.ownerName, own),
  phase: { id: "phase", head: heads.status, class: "second", least: 140, priority: 3, rowsOnly: true, sort: (id) => SEVERITY[standing(id)], cell: (id) => <PhaseCell id={id()} /> },
  stack: word("stack", heads.stack, 100, (id) => stackOf(latestOf(id)?.docker) || undefined, own),
  pod: word("pod", heads.pod, 110, (id) => latestOf(id)?.docker?.podman?.podName, own),
  networks: word("networks", heads.networks, 120, (id) => latestOf(id)?.docker?.networks?.map((network) => network.name).filter(Boolean).join(", "), own),
  mounts: word("mounts", heads.mounts, 160, (id) => latestOf(id)?.docker?.mounts?.map((mount) => mount.destination).filter(Boolean).join(", "), own),
  health: word("health", heads.health, 84, (id) => latestOf(id)?.docker?.health, own),
  runtime: word("runtime", heads.runtime, 92, runtimeOf, own),
  system: word("system", heads.os, 132, systemOfGuest, own),
  context: word("context", heads.context, 104, (id) => facets(id).kubernetes?.context, own),
  cluster: word("cluster", heads.cluster, 104, clusterOf, own),
  line: { id: "line", head: heads.line, least: 0, priority: 6, line: true, rowsOnly: true, cell: (id) => <LineCell id={id()} /> },
} satisfies Record<string, Column>;

/** The same columns, shown only when somebody chooses them. */
export function onRequest(...columns: readonly Column[]): Column[] {
  return columns.map((column) => Object.assign({}, column, { extra: true }));
}
