/** Facts of containers, engines, and what engines keep. */
import type { Docker, DockerStorageShare } from "../../api/schema";
import type { Resource } from "../../live/frames";
import { stackOf } from "../../live/kin";
import { capacity, figure, memory, span } from "../../text/format";
import { t } from "../../text/en";
import { counted, reachOf, roleOf, servicePorts, subnetsOf } from "../../parts/cells/engine";
import { type Fact, type Group, list, momentFact, text } from "./facts";
import { commandWords } from "./manageable";

const f = t.facts;
const d = t.docker.facts;

export function portWords(ports: Docker["ports"]): string | undefined {
  return list(ports?.map((port) => [port.publicPort ? `${port.publicPort}→${port.privatePort}` : port.privatePort, port.protocol && port.protocol !== "tcp" ? `/${port.protocol}` : ""].join("")));
}

export function updateWords(update: Docker["updateStatus"]): string | undefined {
  if (!update) return undefined;
  if (update.error) return f.updateUnknown(update.error);
  return update.updateAvailable ? f.updateReady : f.updateNone;
}

/** What it may use at most; a container without limits says so. */
function limitWords(entry: Resource, c: Docker): string | undefined {
  if (c.cpuCapacityCores === undefined && entry.memory?.total === undefined) return undefined;
  return list([c.cpuCapacityCores ? d.cpuLimit(figure(c.cpuCapacityCores)) : undefined, entry.memory?.total ? d.memoryLimit(memory(entry.memory.total)) : undefined]) ?? d.noLimit;
}

function container(entry: Resource, c: Docker): Fact[] {
  const isOver = c.containerState !== "running" && c.containerState !== "restarting";
  return [
    [f.host, c.hostname],
    [f.runtime, list([[c.runtime, c.runtimeVersion ?? c.dockerVersion].filter(Boolean).join(" ")])],
    [f.image, c.image],
    [f.stack, text(stackOf(c))],
    [f.state, list([c.containerState, isOver && c.exitCode !== undefined ? `${f.exit} ${c.exitCode}` : undefined])],
    [f.health, c.health],
    [d.check, list(c.healthcheckTargets)],
    [f.restarts, text(c.restartCount)],
    [f.oom, c.oomKilled ? f.yes : undefined],
    momentFact(f.since, c.startedAt),
    isOver ? momentFact(d.ended, c.finishedAt) : [d.ended, undefined],
    momentFact(d.created, c.createdAt),
    [d.limits, limitWords(entry, c)],
    [d.layer, c.writableLayerBytes === undefined ? undefined : capacity(c.writableLayerBytes)],
    [d.layers, c.rootFilesystemBytes === undefined ? undefined : capacity(c.rootFilesystemBytes)],
    [f.update, updateWords(c.updateStatus), c.updateStatus?.latestDigest],
    momentFact(d.asked, c.updateStatus?.lastChecked),
    [d.pod, c.podman?.podName],
    [d.autoUpdate, c.podman?.autoUpdatePolicy],
    [d.digest, c.imageDigest],
    [f.id, c.containerId?.slice(0, 12), c.containerId],
  ];
}

const usage = (share: DockerStorageShare | undefined, amount: number | undefined) => (share ? d.usage(amount ?? share.totalCount ?? 0, capacity(share.totalSizeBytes), capacity(share.reclaimableBytes)) : text(amount));

function engine(e: Docker): Fact[] {
  const { swarm, security } = e;
  return [
    [f.runtime, list([[e.runtime, e.runtimeVersion ?? e.dockerVersion].filter(Boolean).join(" ")])],
    [f.containers, usage(e.containersUsage, e.containerCount)],
    [f.images, usage(e.imagesUsage, e.imageCount)],
    [f.volumes, usage(e.volumesUsage, e.volumeCount)],
    [d.cache, usage(e.buildCacheUsage, undefined)],
    [f.networks, text(e.networkCount)],
    [f.update, e.updatesAvailableCount === undefined ? undefined : t.docker.notes.updates(e.updatesAvailableCount)],
    momentFact(d.asked, e.updatesLastCheckedAt),
    [d.swarm, swarm ? list([swarm.clusterName, swarm.nodeRole, swarm.localState, swarm.error]) : undefined],
    [t.manage.command, commandWords(e.command, Date.now()), e.command?.message],
    [f.state, list([e.hidden ? t.cluster.drawer.hidden : undefined, e.pendingUninstall ? t.cluster.drawer.leaving : undefined])],
    [d.commands, security?.mutatingCommandsBlocked ? d.blocked(security.mutatingCommandsBlockedReason ?? "") : undefined],
    [f.version, e.agentVersion],
  ];
}

function service(s: Docker): Fact[] {
  const update = s.serviceUpdate;
  return [
    [f.tasks, s.desiredTasks === undefined ? undefined : `${s.runningTasks ?? "?"} / ${s.desiredTasks}`],
    [f.mode, s.mode],
    [f.image, s.image],
    [f.stack, text(stackOf(s))],
    [f.ports, servicePorts(s)],
    [d.rollout, list([update?.state?.replaceAll("_", " "), update?.message])],
    momentFact(d.created, s.objectCreatedAt),
    [f.id, s.serviceId],
  ];
}

/** Of an image, a volume, a network, a task, a node, a secret or a config. */
function object(o: Docker): Fact[] {
  const used = counted(o.imageContainers) ?? counted(o.refCount);
  return [
    [d.tags, list(o.repoTags)],
    [t.docker.heads.size, counted(o.sizeBytes) === undefined ? undefined : capacity(o.sizeBytes)],
    [f.consumers, used === undefined ? undefined : t.docker.containersOf(used)],
    [f.state, list([o.currentState, o.nodeState, o.availability])],
    [d.wanted, o.desiredState],
    [f.reason, list([o.error, o.message])],
    [f.role, roleOf(o)],
    [d.manager, list([o.managerAddress, o.managerReachability])],
    [f.image, o.image],
    [t.docker.heads.service, o.serviceName],
    [d.slot, text(o.slot)],
    [f.node, o.nodeName],
    [f.driver, o.driver ?? o.driverName],
    [f.scope, o.scope],
    [d.subnets, subnetsOf(o)],
    [d.flags, reachOf(o)],
    [f.path, o.mountpoint],
    [f.address, o.address],
    [t.docker.heads.engine, o.engineVersion],
    [t.drawer.processor, o.nanoCpus ? t.drawer.cores(o.nanoCpus / 1e9) : undefined],
    [t.drawer.memory, o.memoryBytes === undefined ? undefined : memory(o.memoryBytes)],
    [d.options, list(Object.entries(o.options ?? {}).map(([name, value]) => `${name}=${String(value)}`))],
    momentFact(f.since, o.startedAt),
    momentFact(d.ended, o.completedAt),
    momentFact(d.created, o.objectCreatedAt),
    momentFact(t.docker.heads.changed, o.objectUpdatedAt),
    [f.host, o.hostname],
    [d.digest, list(o.repoDigests)],
    [f.id, (o.imageId ?? o.networkId ?? o.taskId ?? o.nodeId)?.replace(/^sha256:/, "").slice(0, 12), o.imageId ?? o.networkId ?? o.taskId ?? o.nodeId],
  ];
}

export function dockerGroup(entry: Resource, c: Docker): Group {
  const facts = entry.type === "app-container" ? container(entry, c) : entry.type === "docker-service" ? service(c) : entry.type.startsWith("docker-") && entry.type !== "docker-host" ? object(c) : engine(c);
  return { title: f.groups.docker, facts };
}

/** What one looks for first in a container. */
export function containerFigures(entry: Resource, c: Docker | undefined, up: Fact): Fact[] {
  return [[f.host, c?.hostname ?? entry.parentName], [f.state, c?.containerState], up, [f.restarts, text(c?.restartCount)], [f.health, c?.health ?? (c?.exitCode ? `${f.exit} ${c.exitCode}` : undefined)], [f.update, updateWords(c?.updateStatus), c?.updateStatus?.lastChecked && t.platform.updateAsked(span(Math.max(0, Date.now() - Date.parse(c.updateStatus.lastChecked))))]];
}
