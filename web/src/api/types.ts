/**
 * Shapes the dashboard reads from the server. A missing member always means "not known", never zero.
 */

export type ResourceStatus = "online" | "offline" | "warning" | "unknown";
export type SourceStatus = "online" | "stale" | "offline";

export interface Gauge {
  current?: number;
  total?: number;
  used?: number;
  free?: number;
}

export interface AgentMemory {
  total?: number;
  used?: number;
  free?: number;
  cache?: number;
  usage?: number;
  swapTotal?: number;
  swapUsed?: number;
}

export interface FileSystem {
  device?: string;
  mountpoint?: string;
  filesystem?: string;
  type?: string;
  total?: number;
  used?: number;
  free?: number;
  usage?: number;
}

export interface NetworkInterface {
  name: string;
  mac?: string;
  addresses?: string[];
  rxBytes?: number;
  txBytes?: number;
  speedMbps?: number;
}

export interface DiskCounter {
  device: string;
  readBytes?: number;
  writeBytes?: number;
  readOps?: number;
  writeOps?: number;
}

export interface Sensors {
  temperatureCelsius?: Record<string, number>;
  fanRpm?: Record<string, number>;
  powerWatts?: Record<string, number>;
  additional?: Record<string, number>;
}

export interface AgentFacet {
  agentId?: string;
  agentVersion?: string;
  hostname?: string;
  machineId?: string;
  platform?: string;
  osName?: string;
  osVersion?: string;
  kernelVersion?: string;
  architecture?: string;
  cpuCount?: number;
  loadAverage?: number[];
  uptimeSeconds?: number;
  intervalSeconds?: number;
  memory?: AgentMemory;
  disks?: FileSystem[];
  networkInterfaces?: NetworkInterface[];
  diskIo?: DiskCounter[];
  sensors?: Sensors;
  netInRate?: number;
  netOutRate?: number;
  diskReadRate?: number;
  diskWriteRate?: number;
  commandsEnabled?: boolean;
}

export interface Resource {
  id: string;
  type: string;
  technology?: string;
  name: string;
  displayName?: string;
  platformId?: string;
  platformType?: string;
  sourceType?: string;
  sources?: string[];
  parentId?: string;
  childCount?: number;
  status: ResourceStatus;
  cpu?: Gauge;
  memory?: Gauge;
  disk?: Gauge;
  network?: { rxBytes?: number; txBytes?: number };
  diskIO?: { readRate?: number; writeRate?: number };
  temperature?: number;
  uptime?: number;
  tags?: string[];
  labels?: Record<string, string>;
  customUrl?: string;
  /** Unix milliseconds. */
  lastSeen?: number;
  identity?: { hostname?: string; machineId?: string; ips?: string[] };
  sourceStatus?: Record<string, { status: SourceStatus; lastSeen?: number | string }>;
  agent?: AgentFacet;
}

export interface ServerStats {
  startTime?: string;
  uptime?: number;
  webSocketClients?: number;
  version?: string;
}

export interface LiveState {
  resources: Resource[];
  stats?: ServerStats;
  connectionHealth?: Record<string, boolean>;
  lastUpdate?: number;
}

export type ResourcePatch = { id: string } & Record<string, unknown>;

export interface LiveFrame {
  type: string;
  epoch?: string;
  seq?: number;
  timestamp?: string;
  data?: unknown;
}

export interface DeltaFrame {
  lastUpdate?: number;
  resourceDelta?: { upserts?: ResourcePatch[]; removed?: string[] };
}

export interface SecurityStatus {
  detailLevel: "public" | "authenticated" | "privileged";
  hasAuthentication: boolean;
  requiresAuth?: boolean;
  bootstrapTokenPath?: string;
  authUsername?: string;
}

export interface LoginFailure {
  error?: string;
  code?: string;
  message?: string;
  attempts?: number;
  remaining?: number;
  maxAttempts?: number;
  locked?: boolean;
  lockoutDuration?: string | number;
  lockedUntil?: string;
  remainingMinutes?: number;
}

export interface ApiToken {
  id: string;
  name: string;
  prefix: string;
  suffix: string;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt?: string | null;
  scopes?: string[];
}

export interface CreatedToken {
  token: string;
  record: ApiToken;
}

export interface VersionAnswer {
  version: string;
  channel?: string;
}

export interface HistoryPoint {
  timestamp: number;
  value: number;
  min?: number;
  max?: number;
}

export interface HistoryAnswer {
  resourceId: string;
  range: string;
  start: number;
  end: number;
  metrics: Record<string, HistoryPoint[]>;
  source?: string;
}
