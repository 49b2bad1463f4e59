/**
 * What sources know of a resource beyond the common members, as far as the dashboard shows it. Every member may be
 * missing: a source that does not say so has not said "none".
 */
import type { Resource } from "../live/frames";

export interface SmartAttributes {
  powerOnHours?: number;
  powerCycles?: number;
  reallocatedSectors?: number;
  pendingSectors?: number;
  offlineUncorrectable?: number;
  udmaCrcErrors?: number;
  percentageUsed?: number;
  availableSpare?: number;
  mediaErrors?: number;
  unsafeShutdowns?: number;
}

export interface DiskFacet {
  devPath?: string;
  model?: string;
  vendor?: string;
  serial?: string;
  wwn?: string;
  diskType?: string;
  controller?: string;
  sizeBytes?: number;
  health?: string;
  /** Percent of life left; -1 is not known. */
  wearout?: number;
  temperature?: number;
  rpm?: number;
  used?: string;
  storageRole?: string;
  storageGroup?: string;
  storageState?: string;
  spunDown?: boolean;
  errorCount?: number;
  smart?: SmartAttributes;
  risk?: { level?: string; reasons?: { code: string; severity: string; summary: string }[] };
  collection?: { state?: string; reason?: string; message?: string };
}

export interface StorageFacet {
  type?: string;
  content?: string;
  contentTypes?: string[];
  shared?: boolean;
  enabled?: boolean;
  active?: boolean;
  isCeph?: boolean;
  isZfs?: boolean;
  platform?: string;
  topology?: string;
  vdevLayout?: string;
  protection?: string;
  riskSummary?: string;
  risk?: { level?: string };
  postureSummary?: string;
  protectionReduced?: boolean;
  protectionSummary?: string;
  rebuildInProgress?: boolean;
  rebuildSummary?: string;
  poolHealth?: { canonicalState?: string; nativeState?: string; severity?: string; summary?: string; recommendation?: string };
  nodes?: string[];
  pool?: string;
  path?: string;
  zfsPoolState?: string;
  zfsReadErrors?: number;
  zfsWriteErrors?: number;
  zfsChecksumErrors?: number;
  zfsPool?: { scan?: string; scanDetails?: { percentage?: number; totalSecondsRemaining?: number }; devices?: PoolDevice[] };
  consumerCount?: number;
  consumerTypes?: string[];
  arrayState?: string;
  syncProgress?: number;
}

export interface PoolDevice {
  name?: string;
  type?: string;
  role?: string;
  state?: string;
  readErrors?: number;
  writeErrors?: number;
  checksumErrors?: number;
}

export interface ProxmoxFacet {
  nodeName?: string;
  clusterName?: string;
  instance?: string;
  host?: string;
  vmid?: number;
  containerType?: string;
  cpus?: number;
  template?: boolean;
  runtimeStatus?: string;
  pveVersion?: string;
  kernelVersion?: string;
  lastBackup?: string;
  backupInProgress?: boolean;
  diskStatusReason?: string;
  guestAgentStatus?: string;
  osName?: string;
  osVersion?: string;
  agentVersion?: string;
  pendingUpdates?: number;
  loadAverage?: number[];
  cpuInfo?: { model?: string; cores?: number; sockets?: number };
  networkInterfaces?: { name: string; mac?: string; addresses?: string[]; rxBytes?: number; txBytes?: number }[];
  disks?: { device?: string; mountpoint?: string; type?: string; filesystem?: string; total?: number; used?: number; free?: number; usage?: number }[];
  swapUsed?: number;
  swapTotal?: number;
  balloon?: number;
  memory?: { source?: string };
  lock?: string;
  pool?: string;
  connectionHealth?: string;
}

export interface DockerFacet {
  hostname?: string;
  containerId?: string;
  image?: string;
  runtime?: string;
  runtimeVersion?: string;
  dockerVersion?: string;
  os?: string;
  kernelVersion?: string;
  architecture?: string;
  cpus?: number;
  totalMemoryBytes?: number;
  uptimeSeconds?: number;
  containerCount?: number;
  imageCount?: number;
  volumeCount?: number;
  networkCount?: number;
  updatesAvailableCount?: number;
  containerState?: string;
  health?: string;
  restartCount?: number;
  exitCode?: number;
  oomKilled?: boolean;
  startedAt?: string;
  finishedAt?: string;
  ports?: { privatePort?: number; publicPort?: number; protocol?: string; ip?: string }[];
  networks?: { name?: string; ipv4?: string; ipv6?: string }[];
  mounts?: { type?: string; source?: string; destination?: string; mode?: string; rw?: boolean }[];
  updateStatus?: { updateAvailable?: boolean; currentDigest?: string; latestDigest?: string; lastChecked?: string; error?: string };
  serviceName?: string;
  stack?: string;
  mode?: string;
  desiredTasks?: number;
  runningTasks?: number;
  podman?: { podName?: string; composeProject?: string };
  swarm?: { nodeRole?: string; clusterName?: string; localState?: string };
  driver?: string;
  scope?: string;
  mountpoint?: string;
  sizeBytes?: number;
  repoTags?: string[];
  agentVersion?: string;
  intervalSeconds?: number;
  labels?: Record<string, string>;
}

export interface KubernetesFacet {
  clusterName?: string;
  clusterId?: string;
  context?: string;
  server?: string;
  version?: string;
  nodeName?: string;
  ready?: boolean;
  unschedulable?: boolean;
  roles?: string[];
  kubeletVersion?: string;
  containerRuntimeVersion?: string;
  osImage?: string;
  kernelVersion?: string;
  architecture?: string;
  capacityCpuCores?: number;
  capacityMemoryBytes?: number;
  capacityPods?: number;
  namespace?: string;
  podPhase?: string;
  podReason?: string;
  podMessage?: string;
  podContainers?: { name: string; image?: string; ready?: boolean; restartCount?: number; state?: string; reason?: string }[];
  qosClass?: string;
  uptimeSeconds?: number;
  restarts?: number;
  ownerKind?: string;
  ownerName?: string;
  image?: string;
  desiredReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  updatedReplicas?: number;
  startTime?: string;
  capacityBytes?: number;
  storageClass?: string;
  phase?: string;
}

export interface PbsFacet {
  hostUrl?: string;
  version?: string;
  uptimeSeconds?: number;
  datastoreCount?: number;
  datastores?: { name: string; total?: number; used?: number; available?: number; usagePercent?: number; status?: string; error?: string; deduplicationFactor?: number }[];
  backupJobCount?: number;
  syncJobCount?: number;
  verifyJobCount?: number;
  pruneJobCount?: number;
  garbageJobCount?: number;
  connectionHealth?: string;
  protectedWorkloadCount?: number;
}

export interface PmgFacet {
  hostUrl?: string;
  version?: string;
  nodeCount?: number;
  uptimeSeconds?: number;
  queueActive?: number;
  queueDeferred?: number;
  queueHold?: number;
  queueIncoming?: number;
  queueTotal?: number;
  mailCountTotal?: number;
  spamIn?: number;
  virusIn?: number;
  connectionHealth?: string;
}

export interface CephFacet {
  fsid?: string;
  healthStatus?: string;
  healthMessage?: string;
  healthChecks?: { code?: string; severity?: string; summary?: string }[];
  numMons?: number;
  numMgrs?: number;
  numOsds?: number;
  numOsdsUp?: number;
  numOsdsIn?: number;
  numPGs?: number;
  pools?: { id?: number; name?: string; storedBytes?: number; availableBytes?: number; percentUsed?: number }[];
  services?: { type?: string; running?: number; total?: number }[];
}

export interface TruenasFacet {
  hostname?: string;
  version?: string;
  uptimeSeconds?: number;
  storageRiskSummary?: string;
  app?: { name?: string; version?: string; state?: string; upgradeAvailable?: boolean };
  vm?: { state?: string; vcpus?: number; memoryBytes?: number };
}

export interface VmwareFacet {
  vcenterHost?: string;
  datacenterName?: string;
  clusterName?: string;
  runtimeHostName?: string;
  powerState?: string;
  cpuCount?: number;
  memorySizeMib?: number;
  guestOsFamily?: string;
  activeAlarmSummary?: string;
}

export interface SourceFacts {
  status: string;
  lastSeen?: string;
  error?: string;
  /** Why this source's view was joined with the others. */
  matchedBy?: string;
  /** What of its view was left out to keep the bounds. */
  note?: string;
}

export interface FacetSlots {
  proxmox?: ProxmoxFacet;
  storage?: StorageFacet;
  docker?: DockerFacet;
  kubernetes?: KubernetesFacet;
  pbs?: PbsFacet;
  pmg?: PmgFacet;
  ceph?: CephFacet;
  truenas?: TruenasFacet;
  vmware?: VmwareFacet;
  physicalDisk?: DiskFacet;
  sourceStatus?: Record<string, SourceFacts>;
  customUrl?: string;
  parentName?: string;
  childCount?: number;
  clusterId?: string;
  incidentSummary?: string;
  incidentSeverity?: string;
  discoveryTarget?: { resourceType?: string; agentId?: string; resourceId?: string };
}

/** The facets of a resource, as the state carries them. */
export function facetsOf(resource: Resource | undefined): FacetSlots {
  return (resource ?? {}) as unknown as FacetSlots;
}
