/** What an agent knows of its machine and of itself, in words: arrays, pools, packages, parts of the agent. Pure. */
import type { AgentHost, Collector, HostCeph, PackageUpdates, RaidArray, StorageCleanup, ZfsPool } from "../../api/schema";
import type { Standing } from "../../live/standing";
import { capacity, dayAndTime, figure, percent, span } from "../../text/format";
import { t } from "../../text/en";
import { type Fact, list, momentFact } from "./facts";

const m = t.machine;

/** Works, but not wholly: one disk of four could not be read. */
const isPartial = (collector: Collector) => collector.state === "ok" && !!collector.lastError;

const WORST = ["failing", "timed out", "starting", "ok", "off", "absent"];
const rankOf = (collector: Collector) => {
  const at = WORST.indexOf(isPartial(collector) ? "starting" : (collector.state ?? ""));
  return at < 0 ? 2 : at;
};

/** What fails comes first, what this machine does not have last. */
export const collectorsOf = (agent: AgentHost | undefined): readonly Collector[] =>
  [...(agent?.collectors ?? [])].sort((a, b) => rankOf(a) - rankOf(b) || (a.name ?? "").localeCompare(b.name ?? ""));

export function collectorStanding(collector: Collector): Standing {
  if (collector.state === "failing" || collector.state === "timed out" || isPartial(collector)) return "warning";
  if (collector.state === "ok") return "running";
  if (collector.state === "starting") return "pending";
  return collector.state === "off" || collector.state === "absent" ? "stopped" : "unknown";
}

export const collectorWords = (collector: Collector) => (isPartial(collector) ? m.partly : (m.states[collector.state ?? ""] ?? collector.state ?? m.states.unknown));

/** "812 ms · every 5 m". */
export function paceOf(collector: Collector): string {
  const took = collector.lastDurationMs === undefined ? undefined : collector.lastDurationMs < 1000 ? `${collector.lastDurationMs} ms` : `${figure(collector.lastDurationMs / 1000)} s`;
  const every = collector.everySeconds === undefined ? m.everyReport : m.every(span(collector.everySeconds * 1000));
  return [took, every].filter(Boolean).join(" · ");
}

/** Names of what does not work, for the note above everything else. */
export const failingOf = (agent: AgentHost | undefined) => collectorsOf(agent).flatMap((collector) => (collector.state === "failing" || collector.state === "timed out" ? (collector.name ?? []) : []));

const CALM: ReadonlySet<string> = new Set(["clean", "active", "idle", "read-auto", "online", "normal", "started", "health_ok"]);

/** Whether an array, a pool or a cluster is as it should be; undefined is not said. */
export const isCalm = (state: string | undefined) => (state === undefined || state === "" ? undefined : CALM.has(state.toLowerCase()));

/** "recovery 41 %, 120 MB/s". */
export function rebuildOf(array: RaidArray): string | undefined {
  if (!array.operation && array.rebuildPercent === undefined) return undefined;
  return [[array.operation, array.rebuildPercent === undefined ? undefined : `${percent(array.rebuildPercent)} %`].filter(Boolean).join(" "), array.rebuildSpeed].filter(Boolean).join(", ");
}

/** "2 of 2, 1 spare", with what failed first. */
export function membersOf(array: RaidArray): string {
  const present = array.totalDevices === undefined ? undefined : m.of(array.activeDevices ?? 0, array.totalDevices);
  return [array.failedDevices ? m.failed(array.failedDevices) : undefined, present, array.spareDevices ? m.spare(array.spareDevices) : undefined].filter(Boolean).join(", ");
}

/** "scrub finished 24 Nov 02:10, no errors". */
export function scanOf(pool: ZfsPool): string | undefined {
  const scan = pool.scanDetails;
  if (!scan?.function) return pool.scan;
  const underWay = scan.state === "scanning";
  const progress = underWay && scan.percentage !== undefined ? `${percent(scan.percentage)} %` : undefined;
  const left = underWay && scan.totalSecondsRemaining ? m.left(span(scan.totalSecondsRemaining * 1000)) : undefined;
  const ended = scan.endedAt && !underWay ? dayAndTime(Date.parse(scan.endedAt)) : undefined;
  const errors = scan.errors === undefined || underWay ? undefined : scan.errors > 0 ? m.errors(scan.errors) : m.noErrors;
  return [[scan.function, scan.state, ended, progress].filter(Boolean).join(" "), left, errors].filter(Boolean).join(", ");
}

export const errorsOf = (counts: { readErrors?: number; writeErrors?: number; checksumErrors?: number }) => {
  const all = [counts.readErrors, counts.writeErrors, counts.checksumErrors];
  return all.some((count) => count !== undefined) ? all.map((count) => count ?? 0).join(", ") : undefined;
};

/** What waits to be installed; a system whose packages nobody reads says so. */
export function packageFacts(updates: PackageUpdates | undefined, cleanup: StorageCleanup | undefined): Fact[] {
  const waiting = updates?.supported === false ? m.notRead : updates?.pendingCount === undefined ? undefined : updates.pendingCount === 0 ? m.noneWaiting : m.waiting(updates.pendingCount);
  return [
    [m.packages, waiting],
    [m.reboot, updates?.rebootRequired === undefined ? undefined : updates.rebootRequired ? m.rebootNeeded : m.rebootNot],
    [m.manager, updates?.manager],
    momentFact(m.checked, updates?.checkedAt),
    [m.problem, list([updates?.error, cleanup?.error])],
    [m.reclaimable, cleanup?.reclaimableBytes === undefined ? undefined : [capacity(cleanup.reclaimableBytes), cleanup.provider].filter(Boolean).join(", ")],
  ];
}

export function cephFacts(ceph: HostCeph | undefined): Fact[] {
  const osds = ceph?.osdMap;
  const groups = ceph?.pgMap;
  return [
    [t.facts.health, ceph?.health?.status],
    [t.facts.checks, list([...Object.values(ceph?.health?.checks ?? {}).map((check) => check.message), ...(ceph?.health?.summary ?? []).map((line) => line.message)])],
    [t.facts.osds, osds?.numOsds === undefined ? undefined : t.facts.osdList(osds.numUp ?? 0, osds.numIn ?? 0, osds.numOsds)],
    [t.facts.monitors, ceph?.monMap?.numMons === undefined ? undefined : String(ceph.monMap.numMons)],
    [t.facts.pgs, groups?.numPgs === undefined ? undefined : String(groups.numPgs)],
    [m.used, groups?.bytesTotal ? `${capacity(groups.bytesUsed)} / ${capacity(groups.bytesTotal)}` : undefined],
    [m.degraded, groups?.degradedRatio ? `${figure(groups.degradedRatio * 100)} %` : undefined],
    [m.misplaced, groups?.misplacedRatio ? `${figure(groups.misplacedRatio * 100)} %` : undefined],
    [t.facts.fsid, ceph?.fsid],
  ];
}

/** How the agent keeps itself up to date and what it may do. */
export function agentFacts(agent: AgentHost): Fact[] {
  const { agentUpdate: update, agentPrivilege: may } = agent;
  const rights = may && list([may.runningAsRoot === undefined ? may.serviceUser : may.runningAsRoot ? m.asRoot : m.asUser(may.serviceUser ?? ""), may.smartctlHelper ? m.smartHelper : undefined, may.pctHelper ? m.pctHelper : undefined]);
  return [
    [t.facts.version, agent.agentVersion],
    [t.drawer.agentId, agent.agentId],
    [t.drawer.interval, agent.intervalSeconds ? t.drawer.every(agent.intervalSeconds) : undefined],
    [t.drawer.commands, agent.commandsEnabled === undefined ? undefined : agent.commandsEnabled ? t.drawer.commandsOn : t.drawer.commandsOff],
    [m.rights, rights],
    [m.selfUpdate, update?.autoUpdate === undefined ? undefined : update.autoUpdate ? m.on : m.off],
    [m.offered, update?.availableVersion],
    [m.updateState, list([update?.state, update?.lastError])],
    momentFact(m.updated, update?.lastSuccessAt),
    [m.excluded, list(agent.diskExclude)],
    [m.config, agent.appliedConfig?.version],
    [m.skew, agent.clockSkewSeconds === undefined || Math.abs(agent.clockSkewSeconds) < 2 ? undefined : m.skewed(figure(Math.abs(agent.clockSkewSeconds)))],
  ];
}
