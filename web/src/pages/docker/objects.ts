/** What container engines keep beside containers: which kinds there are, their columns and how they are grouped. */
import { facetsOf } from "../../api/facets";
import type { Docker } from "../../api/schema";
import type { EnginePart } from "../../app/routes";
import { phone } from "../../app/viewport";
import { latestOf } from "../../live/estate";
import { hostOf, stackOf } from "../../live/kin";
import { nameKey, nameOf } from "../../live/names";
import { counted, gatewaysOf, reachOf, roleOf, servicePorts, subnetsOf } from "../../parts/cells/engine";
import { amount, facts, nameColumn, since, word } from "../../parts/columns/facts";
import { type Column, onlyOnPhone } from "../../parts/table/columns";
import type { Grouping, View } from "../../parts/table/view";
import { capacity, memory } from "../../text/format";
import { t } from "../../text/en";

export type ObjectKind = keyof typeof TYPES;

const TYPES = { images: "docker-image", volumes: "docker-volume", networks: "docker-network", services: "docker-service", nodes: "docker-swarm-node", tasks: "docker-task", secrets: "docker-secret", configs: "docker-config" } as const;

/** The lists of each page; the first is the usual one. */
export const KINDS_OF: Record<EnginePart, readonly ObjectKind[]> = {
  images: ["images"],
  storage: ["volumes"],
  networks: ["networks"],
  swarm: ["services", "nodes", "tasks", "secrets", "configs"],
};

export const isObjectOf = (id: string, kind: ObjectKind) => latestOf(id)?.type === TYPES[kind];

const { heads, by } = t.docker;
const of = (id: string): Docker => facetsOf(latestOf(id)).docker ?? {};
const hostName = (id: string) => nameOf(latestOf(hostOf(id))) || of(id).hostname;
const HOST = word("host", heads.host, 150, hostName, { priority: 2, grow: 1, rowsOnly: true, unlessBy: "host" });
const usedBy = (read: (d: Docker) => number | undefined) => amount("used", heads.usedBy, 110, (id) => counted(read(of(id))), t.docker.containersOf, { priority: 3 });
const SIZE = amount("size", heads.size, 84, (id) => counted(of(id).sizeBytes), capacity, { priority: 2 });
const CREATED = since("created", heads.created, (id) => of(id).objectCreatedAt, { priority: 4 });
const STACK = word("stack", heads.stack, 100, (id) => stackOf(of(id)) || undefined, { priority: 4, rowsOnly: true });

/** "1 / 3": tasks that run, of those that should. */
const tasksWords = (id: string) => (of(id).desiredTasks === undefined ? undefined : t.docker.running(of(id).runningTasks ?? 0, of(id).desiredTasks ?? 0));
const TASKS: Column = word("tasks", heads.tasks, 96, tasksWords, { priority: 2, class: "second", text: false, numeric: true, sort: (id) => of(id).runningTasks });

const COLUMNS: Record<ObjectKind, readonly Column[]> = {
  images: [SIZE, amount("shared", heads.shared, 84, (id) => counted(of(id).sharedSizeBytes), capacity, { extra: true }), usedBy((d) => d.imageContainers), HOST, CREATED, word("id", heads.id, 116, (id) => of(id).imageId?.replace(/^sha256:/, "").slice(0, 12), { class: "second mono cut", rowsOnly: true })],
  volumes: [SIZE, usedBy((d) => d.refCount), word("driver", heads.driver, 84, (id) => of(id).driver, { priority: 3 }), word("scope", heads.scope, 72, (id) => of(id).scope), HOST, word("path", heads.path, 240, (id) => of(id).mountpoint, { grow: 2, rowsOnly: true }), CREATED],
  networks: [word("driver", heads.driver, 84, (id) => of(id).driver, { priority: 3 }), word("subnets", heads.subnets, 150, (id) => subnetsOf(of(id)), { priority: 2, grow: 1 }), word("gateway", heads.gateway, 110, (id) => gatewaysOf(of(id))), word("reach", heads.kind, 130, (id) => reachOf(of(id)), { priority: 4 }), word("scope", heads.scope, 72, (id) => of(id).scope), HOST, CREATED],
  services: [
    TASKS,
    word("mode", heads.mode, 92, (id) => of(id).mode, { priority: 4 }),
    word("image", heads.image, 190, (id) => of(id).image, { priority: 3, grow: 2 }),
    word("ports", heads.ports, 110, (id) => servicePorts(of(id)), { priority: 4 }),
    STACK,
    word("rollout", heads.rollout, 110, (id) => of(id).serviceUpdate?.state?.replaceAll("_", " ")),
    HOST,
  ],
  nodes: [word("role", heads.role, 120, (id) => roleOf(of(id)), { priority: 2 }), word("state", heads.state, 84, (id) => of(id).nodeState, { priority: 2 }), word("availability", heads.availability, 92, (id) => of(id).availability, { priority: 3 }), word("address", heads.address, 130, (id) => of(id).address ?? of(id).managerAddress), amount("memory", t.drawer.memory, 84, (id) => of(id).memoryBytes, memory), word("engine", heads.engine, 84, (id) => of(id).engineVersion), HOST],
  tasks: [word("state", heads.state, 96, (id) => of(id).currentState, { priority: 2 }), word("wanted", heads.wanted, 84, (id) => of(id).desiredState, { priority: 3 }), word("service", heads.service, 130, (id) => of(id).serviceName, { priority: 3 }), word("node", heads.node, 140, (id) => of(id).nodeName, { priority: 3, grow: 1 }), word("image", heads.image, 170, (id) => of(id).image, { grow: 1 }), word("reason", heads.reason, 160, (id) => of(id).error ?? of(id).message, { grow: 1 }), HOST],
  secrets: [HOST, CREATED, since("changed", heads.changed, (id) => of(id).objectUpdatedAt, { priority: 3 })],
  configs: [HOST, CREATED, since("changed", heads.changed, (id) => of(id).objectUpdatedAt, { priority: 3 })],
};

const NAMES: Record<ObjectKind, string> = { images: heads.image, volumes: heads.volume, networks: heads.network, services: heads.service, nodes: heads.node, tasks: heads.task, secrets: heads.secret, configs: heads.config };

/** The second line on a phone: the most telling words of the row. */
function lineOf(kind: ObjectKind): Column {
  const told = COLUMNS[kind].filter((column) => column.text && column.id !== "id").slice(0, 3);
  return word("line", t.columns.heads.line, 0, (id) => told.map((column) => column.sort?.(id)).filter(Boolean).join(" · "), { priority: 6, line: true, rowsOnly: true });
}

export function columnsOf(kind: ObjectKind, view: () => View): Column[] {
  const columns = [nameColumn(view, NAMES[kind], { least: 220 }), ...COLUMNS[kind], facts.tags, facts.status];
  return phone() ? onlyOnPhone([...columns, lineOf(kind)], ["size", "tasks"]) : columns;
}

const byHost: Grouping = { id: "host", label: by.host, of: hostOf, rank: nameKey };
const flat: Grouping = { id: "flat", label: t.list.flat };
const words = (id: string, label: string, read: (d: Docker) => string | undefined): Grouping => ({ id, label, of: (row) => read(of(row)) ?? "" });

const GROUPINGS: Record<ObjectKind, readonly Grouping[]> = {
  images: [byHost, { id: "image", label: by.image, of: (id) => nameOf(latestOf(id)) }, flat],
  volumes: [byHost, words("driver", by.driver, (d) => d.driver), flat],
  networks: [byHost, words("driver", by.driver, (d) => d.driver), flat],
  services: [flat, byHost, words("stack", by.stack, stackOf)],
  nodes: [flat, byHost, words("role", by.role, (d) => d.nodeRole)],
  tasks: [words("service", by.service, (d) => d.serviceName), byHost, flat],
  secrets: [flat, byHost],
  configs: [flat, byHost],
};

export const groupingsOf = (kind: ObjectKind): readonly Grouping[] => GROUPINGS[kind];
