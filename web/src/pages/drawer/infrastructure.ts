/** Facts of what carries and keeps: storages, disks, backup and mail servers, Ceph, TrueNAS. */
import { facetsOf } from "../../api/facets";
import type { PhysicalDisk, Storage } from "../../api/schema";
import type { Resource } from "../../live/frames";
import { capacity, figure, percent } from "../../text/format";
import { t } from "../../text/en";
import { type Fact, type Group, list, text, uptimeWords as up, yesNo as yes } from "./facts";

const f = t.facts;

export function sizeOfDisk(disk: PhysicalDisk | undefined): string | undefined {
  return disk?.sizeBytes ? capacity(disk.sizeBytes) : undefined;
}

/** Life left in percent; a source writes -1 when it does not know. */
export function lifeOf(disk: PhysicalDisk | undefined): number | undefined {
  if (disk?.wearout !== undefined && disk.wearout >= 0) return disk.wearout;
  const used = disk?.smart?.percentageUsed;
  return used === undefined ? undefined : Math.max(0, 100 - used);
}

function disk(entry: Resource, d: PhysicalDisk): Group {
  const life = lifeOf(d);
  return {
    title: f.groups.disk,
    facts: [
      [t.smart.health, t.smart.healths[d.health?.toUpperCase() ?? ""] ?? d.health],
      [t.smart.life, life === undefined ? undefined : `${percent(life)} %`],
      [t.drawer.temperature, d.spunDown ? t.smart.asleep : entry.temperature === undefined ? undefined : `${figure(entry.temperature)} °C`],
      [t.drawer.size, sizeOfDisk(d)],
      [f.role, list([d.storageRole, d.storageState])],
      [f.belongs, d.storageGroup ?? d.used],
      [f.model, list([[d.vendor, d.model].filter(Boolean).join(" ")])],
      [f.type, d.diskType],
      [f.path, d.devPath],
      [f.serial, d.serial],
      [f.wwn, d.wwn],
      [f.rotation, d.rpm === undefined ? undefined : d.rpm > 0 ? f.rpm(d.rpm) : f.ssd],
      [f.reason, list(d.risk?.reasons?.map((reason) => reason.summary))],
    ],
  };
}

function storage(entry: Resource, s: Storage): Group {
  const errors = [s.zfsReadErrors, s.zfsWriteErrors, s.zfsChecksumErrors];
  return {
    title: f.groups.storage,
    facts: [
      [f.type, list([s.type, s.topology])],
      [t.drawer.size, entry.disk?.total === undefined ? undefined : `${capacity(entry.disk.used)} / ${capacity(entry.disk.total)}`],
      [f.free, entry.disk?.free === undefined ? undefined : capacity(entry.disk.free)],
      [f.health, s.poolHealth?.nativeState ?? s.zfsPoolState ?? s.arrayState],
      [f.content, list(s.contentTypes) ?? s.content],
      [f.shared, s.shared && s.nodes?.length ? f.sharedBy(s.nodes.length) : yes(s.shared)],
      [f.node, list(s.nodes)],
      [f.path, s.path ?? s.pool],
      [f.protection, s.protectionSummary ?? s.protection ?? s.vdevLayout],
      [f.rebuild, s.rebuildInProgress ? (s.rebuildSummary ?? f.yes) : undefined],
      [f.scan, s.zfsPool?.scan],
      [f.errors, errors.some((count) => count !== undefined) ? errors.map((count) => count ?? 0).join(", ") : undefined],
      [f.reason, list([s.poolHealth?.summary, s.riskSummary])],
      [f.consumers, s.consumerCount ? f.workloads(s.consumerCount) : undefined],
    ],
  };
}

function servers(entry: Resource): Group[] {
  const { pbs, pmg, ceph } = facetsOf(entry);
  const groups: Group[] = [];
  if (pbs) {
    const jobs = [pbs.backupJobCount, pbs.syncJobCount, pbs.verifyJobCount, pbs.pruneJobCount, pbs.garbageJobCount];
    const facts: Fact[] = [
      [f.version, pbs.version],
      [t.drawer.uptime, up(pbs.uptimeSeconds)],
      [f.datastores, text(pbs.datastoreCount ?? pbs.datastores?.length)],
      [f.protectedWorkloads, pbs.protectedWorkloadCount === undefined ? undefined : f.workloads(pbs.protectedWorkloadCount)],
      [f.connection, pbs.connectionHealth],
      [f.address, pbs.hostUrl],
      [f.jobs, jobs.some((count) => count !== undefined) ? f.jobList(jobs[0] ?? 0, jobs[1] ?? 0, jobs[2] ?? 0, jobs[3] ?? 0, jobs[4] ?? 0) : undefined],
    ];
    groups.push({ title: f.groups.pbs, facts });
  }
  if (pmg) {
    const facts: Fact[] = [
      [f.version, pmg.version],
      [t.drawer.uptime, up(pmg.uptimeSeconds)],
      [f.mails, text(pmg.mailCountTotal)],
      [f.spam, text(pmg.spamIn)],
      [f.virus, text(pmg.virusIn)],
      [f.connection, pmg.connectionHealth],
      [f.queue, pmg.queueTotal === undefined && pmg.queueActive === undefined ? undefined : f.queueList(pmg.queueActive ?? 0, pmg.queueDeferred ?? 0, pmg.queueHold ?? 0, pmg.queueIncoming ?? 0)],
      [f.address, pmg.hostUrl],
    ];
    groups.push({ title: f.groups.pmg, facts });
  }
  if (ceph) {
    const facts: Fact[] = [
      [f.health, ceph.healthStatus],
      [f.osds, ceph.numOsds === undefined ? undefined : f.osdList(ceph.numOsdsUp ?? 0, ceph.numOsdsIn ?? 0, ceph.numOsds)],
      [f.monitors, text(ceph.numMons)],
      [f.managers, text(ceph.numMgrs)],
      [f.pgs, text(ceph.numPGs)],
      [f.fsid, ceph.fsid],
      [f.checks, list(ceph.healthChecks?.map((check) => check.summary ?? check.code)) ?? ceph.healthMessage],
    ];
    groups.push({ title: f.groups.ceph, facts });
  }
  return groups;
}

function appliances(entry: Resource): Group[] {
  const { truenas } = facetsOf(entry);
  const groups: Group[] = [];
  if (truenas) {
    const facts: Fact[] = [
      [f.version, truenas.version],
      [f.host, truenas.hostname],
      [t.drawer.uptime, up(truenas.uptimeSeconds)],
      [f.app, list([truenas.app?.name, truenas.app?.version, truenas.app?.state])],
      [f.upgrade, truenas.app?.upgradeAvailable ? f.updateReady : undefined],
      [f.reason, truenas.storageRiskSummary],
    ];
    groups.push({ title: f.groups.truenas, facts });
  }
  return groups;
}

export function infrastructureGroups(entry: Resource): Group[] {
  const facets = facetsOf(entry);
  const groups: Group[] = [];
  if (facets.physicalDisk) groups.push(disk(entry, facets.physicalDisk));
  if (facets.storage) groups.push(storage(entry, facets.storage));
  return [...groups, ...servers(entry), ...appliances(entry)];
}
