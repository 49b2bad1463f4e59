/** What the drawer tells of a resource, by the facets its sources filled. What no source said is left out. */
import { facetsOf } from "../../api/facets";
import type { AgentFootprint, AgentHost, Proxmox } from "../../api/schema";
import type { Resource } from "../../live/frames";
import { dayAndTime, figure, iso, memory, span } from "../../text/format";
import { t } from "../../text/en";
import { systemOf, uptimeOf } from "../../parts/cells/machine";
import { containerFigures, dockerGroup } from "./docker";
import { infrastructureGroups } from "./infrastructure";
import { kubernetesFigures, kubernetesGroup } from "./kubernetes";

/** Label, value, and what hovering says. */
export type Fact = readonly [string, string | undefined, string?];
export interface Group {
  title: string;
  facts: readonly Fact[];
}

const f = t.facts;

export const uptimeWords = (seconds: number | undefined) => (seconds === undefined ? undefined : span(seconds * 1000));
export const yesNo = (value: boolean | undefined) => (value === undefined ? undefined : value ? f.yes : f.no);
/** A moment as day and time, exact on hover. */
export const momentFact = (label: string, at: string | undefined): Fact => [label, at ? dayAndTime(Date.parse(at)) : undefined, at ? iso(Date.parse(at)) : undefined];
export const text = (value: number | string | undefined) => (value === undefined || value === "" ? undefined : String(value));
export const list = (values: readonly (string | undefined)[] | undefined) => values?.filter(Boolean).join(", ") || undefined;

/** What an agent itself uses, in one line. */
export function footprintWords(footprint: AgentFootprint | undefined): string | undefined {
  const { rssBytes, cpuPercent } = footprint ?? {};
  return list([rssBytes === undefined ? undefined : memory(rssBytes), cpuPercent === undefined ? undefined : t.drawer.ofCore(cpuPercent.toFixed(2))]);
}

const share = (label: string, value: number | undefined) => (value === undefined ? undefined : t.drawer.shareOf(label, figure(value)));

/** Where a processor's time goes besides work. */
export const lostTime = (agent: AgentHost | undefined) => list([share(t.drawer.ioWait, agent?.cpuIoWait), share(t.drawer.steal, agent?.cpuSteal)]);

/** How much work waits, for what. */
export const pressureWords = (agent: AgentHost | undefined) =>
  list([share(t.drawer.processor, agent?.pressure?.cpuSome), share(t.drawer.memory, agent?.pressure?.memorySome), share(t.drawer.tabs.disks, agent?.pressure?.ioSome)]);

/** The busiest processor tells of one thread that cannot go faster, which the average hides. */
export const busiestCore = (agent: AgentHost | undefined) => ((agent?.cpuCores?.length ?? 0) > 1 ? `${figure(Math.max(...(agent?.cpuCores ?? [])))} %` : undefined);

function machine(entry: Resource): Group[] {
  const agent = entry.agent;
  const facts: Fact[] = [
    [t.drawer.system, systemOf(entry)],
    [t.drawer.kernel, agent?.kernelVersion],
    [t.drawer.architecture, agent?.architecture],
    [t.drawer.processor, list([agent?.cpuModel, agent?.cpuCount ? t.drawer.cores(agent.cpuCount) : undefined])],
    [t.drawer.busiest, busiestCore(agent)],
    [t.drawer.waits, lostTime(agent)],
    [t.drawer.pressure, pressureWords(agent)],
    [t.drawer.memory, entry.memory?.total === undefined ? undefined : memory(entry.memory.total)],
    [t.drawer.uptime, uptimeWords(uptimeOf(entry))],
    [t.drawer.addresses, list(entry.identity?.ips)],
    [t.drawer.machineId, agent?.machineId],
  ];
  if (!agent) return [{ title: t.drawer.system, facts }];
  const reports: Fact[] = [
    [t.facts.version, agent.agentVersion],
    [t.drawer.agentId, agent.agentId],
    [t.drawer.interval, agent.intervalSeconds ? t.drawer.every(agent.intervalSeconds) : undefined],
    [t.drawer.commands, agent.commandsEnabled ? t.drawer.commandsOn : t.drawer.commandsOff],
    [t.drawer.uses, footprintWords(agent.agentFootprint)],
    [t.drawer.leavesOut, list(agent.agentFootprint?.shed)],
  ];
  return [{ title: t.drawer.system, facts }, { title: t.drawer.agent, facts: reports }];
}

function guest(p: Proxmox): Group {
  return {
    title: f.groups.proxmox,
    facts: [
      [f.node, p.nodeName],
      [f.cluster, p.clusterName],
      [f.id, text(p.vmid)],
      [f.state, list([p.runtimeStatus, p.lock ? `${f.lock} ${p.lock}` : undefined])],
      [f.vcpus, text(p.cpus)],
      [t.drawer.system, list([[p.osName, p.osVersion].filter(Boolean).join(" ")])],
      [f.version, p.pveVersion],
      [t.drawer.kernel, p.kernelVersion],
      [t.drawer.processor, p.cpuInfo?.model],
      [f.pool, p.pool],
      p.backupInProgress ? [f.backup, f.backupRunning] : momentFact(f.backup, p.lastBackup),
      [f.guestAgent, p.guestAgentStatus],
      [f.diskReason, p.diskStatusReason],
      [f.updates, text(p.pendingUpdates)],
      [f.template, p.template ? f.yes : undefined],
      [f.connection, p.connectionHealth],
    ],
  };
}

/** Groups with at least one fact, the most telling first. */
export function factGroups(entry: Resource): Group[] {
  const facets = facetsOf(entry);
  const groups: Group[] = [];
  if (facets.proxmox) groups.push(guest(facets.proxmox));
  if (facets.docker) groups.push(dockerGroup(entry, facets.docker));
  if (facets.kubernetes) groups.push(kubernetesGroup(facets.kubernetes));
  groups.push(...infrastructureGroups(entry));
  if (entry.agent || groups.length === 0) groups.push(...machine(entry));
  // Figures stand on top already.
  const shown = new Set(figuresOf(entry).map(([label]) => label));
  const rest = groups.map(({ title, facts }) => ({ title, facts: facts.filter(([label, value]) => value !== undefined && !shown.has(label)) }));
  return rest.filter((group) => group.facts.length > 0);
}

/** The six figures on top: what one looks for first in a thing of this kind. */
export function figuresOf(entry: Resource): Fact[] {
  const { proxmox, docker: d, kubernetes: k } = facetsOf(entry);
  const up: Fact = [t.drawer.uptime, uptimeWords(uptimeOf(entry) ?? k?.uptimeSeconds ?? d?.uptimeSeconds)];
  if (entry.type === "vm" || entry.type === "system-container") {
    return [[f.node, proxmox?.nodeName], [f.id, text(proxmox?.vmid)], up, [f.vcpus, text(proxmox?.cpus)], proxmox?.backupInProgress ? [f.backup, f.backupRunning] : momentFact(f.backup, proxmox?.lastBackup), [t.drawer.system, [proxmox?.osName, proxmox?.osVersion].filter(Boolean).join(" ") || undefined]];
  }
  if (entry.type === "app-container") return containerFigures(entry, d, up);
  if (k && !entry.agent) return kubernetesFigures(entry, k, up);
  const own = infrastructureGroups(entry)[0]?.facts.filter(([, value]) => value !== undefined);
  return own && !entry.agent ? own.slice(0, 6) : [];
}

