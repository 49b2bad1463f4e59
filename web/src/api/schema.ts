// Written by `npm run types` from docs/openapi.json. Change the routes, not this file.

/** A machine as its own agent sees it. */
export type AgentHost = {
  /** The agent's canonical id. */
  agentId?: string;
  /** Its version. */
  agentVersion?: string;
  /** Processor architecture as the kernel names it. */
  architecture?: string;
  /** Seconds the agent's clock is ahead of the server's, when more than five minutes. */
  clockSkewSeconds?: number;
  /** Whether the agent's operator lets it run commands. */
  commandsEnabled?: boolean;
  /** Logical processors. */
  cpuCount?: number;
  /** Processor model. */
  cpuModel?: string;
  /** Patterns of file systems and devices its operator left out. */
  diskExclude?: string[];
  /** Block devices with their counters. */
  diskIo?: BlockDevice[];
  /** Bytes per second read from block devices. */
  diskReadRate?: BytesPerSecond;
  /** Bytes per second written to block devices. */
  diskWriteRate?: BytesPerSecond;
  /** Mounted file systems and pools. */
  disks?: FileSystem[];
  /** The machine's own name. */
  hostname?: string;
  /** Seconds between two reports. */
  intervalSeconds?: Seconds;
  /** Kernel release. */
  kernelVersion?: string;
  /** When the last report was made, by the agent's clock. */
  lastReportAt?: string;
  /** Load over 1, 5 and 15 minutes. */
  loadAverage?: number[];
  /** The operating system's machine id. */
  machineId?: string;
  /** Memory and swap. */
  memory?: HostMemory;
  /** The parts of the agent and how they are. */
  modules?: Module[];
  /** Bytes per second received. */
  netInRate?: BytesPerSecond;
  /** Bytes per second sent. */
  netOutRate?: BytesPerSecond;
  /** Network interfaces with their counters. */
  networkInterfaces?: NetworkInterface[];
  /** Distribution or appliance. */
  osName?: string;
  /** Its release. */
  osVersion?: string;
  /** Operating system family: `linux`, `macos`, `freebsd`, `windows`. */
  platform?: string;
  /** Software RAID arrays. */
  raid?: RaidArray[];
  /** The address its operator wants shown. */
  reportIp?: string;
  /** Temperatures, fans, power, graphics processors, disk health. */
  sensors?: Sensors;
  /** The API token the agent reports with. */
  tokenId?: string;
  /** `keyed` when reports are signed with the agent's own key, else `token`. */
  trust?: string;
  /** Seconds since the machine started. */
  uptimeSeconds?: Seconds;
};

/** The version agents should run. */
export type AgentVersion = {
  version: string;
};

/** A block device; counters since the machine started. */
export type BlockDevice = {
  /** Its name without `/dev/`. */
  device?: string;
  /** Milliseconds with at least one request in flight. */
  ioTimeMs?: number;
  /** Read. */
  readBytes?: Bytes;
  /** Reads completed. */
  readOps?: number;
  /** Written. */
  writeBytes?: Bytes;
  /** Writes completed. */
  writeOps?: number;
};

/** The first run's token; the header `X-Setup-Token` does as well. */
export type BootstrapToken = {
  /** 48 hexadecimal digits. */
  token?: Secret;
};

/** A size in bytes. */
export type Bytes = number;

/** A rate in bytes per second. */
export type BytesPerSecond = number;

/** A temperature in degrees Celsius. */
export type Celsius = number;

/** What belongs to a resource. */
export type Children = {
  count: number;
  data: Resource[];
};

/** An attached system, as settings pages list it. */
export type Connected = {
  hostname?: string;
  id: string;
  lastSeen: number;
  name: string;
  status: Status;
  surfaces: Surface[];
  version?: string;
};

/** It is done. */
export type Done = {
  message: string;
  success: boolean;
};

/** The error shape. */
export type ErrorBody = {
  /** What happened, for programs; stable. */
  code: string;
  /** Further facts. */
  details: Record<string, string>;
  /** What happened, for people. */
  error: string;
  /** The request's id, as in `X-Request-ID`. */
  request_id: string;
  /** The status once more. */
  status_code: number;
  /** Unix seconds. */
  timestamp: number;
};

/** The slots. Facets are shared: a resource whose freshness changes keeps the same facts. */
export type Facets = {
  /** What the agent on it reports. */
  agent?: AgentHost;
};

/** A mounted file system, or a pool. */
export type FileSystem = {
  /** What is mounted. */
  device?: string;
  /** Free for unprivileged users. */
  free?: Bytes;
  /** Where. */
  mountpoint?: string;
  /** Its size. */
  total?: Bytes;
  /** Its file system. */
  type?: string;
  /** In use, as the system's own tools would say. */
  usage?: Percent;
  /** In use. */
  used?: Bytes;
};

/** Whether this server works. */
export type Health = {
  /** What does not work as it should; monitoring goes on. */
  degraded?: string[];
  /** The parts that have to work. */
  dependencies: Record<string, boolean>;
  /** Whether SSH keys are allowed in containers; never here. */
  devModeSSH: boolean;
  /** `healthy` or `unhealthy`. */
  status: string;
  /** Unix seconds. */
  timestamp: number;
  /** Seconds since the start. */
  uptime: number;
};

/** Series of one resource. */
export type History = {
  /** Unix milliseconds. */
  end: number;
  metric?: string;
  /** Every metric, when none was asked for. */
  metrics?: Record<string, HistoryPoint[]>;
  /** The metric asked for. */
  points?: HistoryPoint[];
  range: string;
  resourceId: string;
  resourceType: string;
  /** Where the figures come from. */
  source: string;
  /** Unix milliseconds. */
  start: number;
};

/** The mean of what was measured round one moment, with its extremes. */
export type HistoryPoint = {
  max: number;
  min: number;
  /** Unix milliseconds. */
  timestamp: number;
  value: number;
};

/** A machine with an agent. */
export type Host = {
  agentModules?: Module[];
  agentVersion?: string;
  architecture?: string;
  commandsEnabled?: boolean;
  cpuCount?: number;
  cpuUsage?: Percent;
  diskIO?: BlockDevice[];
  diskReadRate?: BytesPerSecond;
  diskWriteRate?: BytesPerSecond;
  disks?: FileSystem[];
  displayName: string;
  hostname: string;
  id: string;
  intervalSeconds?: Seconds;
  kernelVersion?: string;
  lastSeen: string;
  loadAverage?: number[];
  machineId?: string;
  memory: Memory;
  netInRate?: BytesPerSecond;
  netOutRate?: BytesPerSecond;
  networkInterfaces?: NetworkInterface[];
  osName?: string;
  osVersion?: string;
  platform?: string;
  raid?: RaidArray[];
  reportIp?: string;
  sensors: Sensors;
  status: string;
  tags: string[];
  tokenId?: string;
  uptimeSeconds?: Seconds;
};

/** Memory of a machine. `used + cache + free` is about `total`. */
export type HostMemory = {
  /** Reclaimable. */
  cache?: Bytes;
  /** Not used at all. */
  free?: Bytes;
  /** Swap there is. */
  swapTotal?: Bytes;
  /** Swap in use. */
  swapUsed?: Bytes;
  /** Installed. */
  total?: Bytes;
  /** `used` of `total`. */
  usage?: Percent;
  /** In use, reclaimable cache (page cache, ARC) not counted. */
  used?: Bytes;
};

/** What matching may use to tell that two sources see one thing. Hints, never the identity. */
export type Identity = {
  /** Host names it answers to. */
  hostnames?: string[];
  /** Its addresses, loopback and link-local left out. */
  ipAddresses?: string[];
  /** Its hardware addresses, lower case. */
  macAddresses?: string[];
  /** The operating system's machine id. */
  machineId?: string;
};

/** What a resource is; the word on the wire. */
export type Kind = "Agent" | "Vm" | "SystemContainer" | "AppContainer" | "DockerHost" | "DockerService" | "K8sCluster" | "K8sNode" | "Pod" | "K8sDeployment" | "Storage" | "PhysicalDisk" | "Ceph" | "Pbs" | "Pmg";

/** Who wants in. */
export type Login = {
  /** Its password. */
  password: Secret;
  /** Whether to stay signed in for a month. */
  rememberMe?: boolean;
  /** The account's name. */
  username: string;
};

/** Memory as the older documents have it. */
export type Memory = {
  free?: Bytes;
  swapTotal?: Bytes;
  swapUsed?: Bytes;
  total?: Bytes;
  usage?: Percent;
  used?: Bytes;
};

/** One measured value with, where they exist, its absolute parts. */
export type MetricValue = {
  /** The value as a percentage of what there is. */
  percent?: Percent;
  /** What there is, in bytes. */
  total?: Bytes;
  /** `percent`, `bytes` or `bytes/s`. */
  unit?: string;
  /** What is taken, in bytes. */
  used?: Bytes;
  /** The value in `unit`. */
  value: number;
};

/** The values every kind of resource may have. Absent means not known, never zero. */
export type Metrics = {
  /** Processor use; 100 is every core busy. */
  cpu?: MetricValue;
  /** The fullest file system. */
  disk?: MetricValue;
  /** Bytes per second read from all block devices. */
  diskRead?: MetricValue;
  /** Bytes per second written to all block devices. */
  diskWrite?: MetricValue;
  /** Memory in use, reclaimable cache not counted. */
  memory?: MetricValue;
  /** Bytes per second received over all interfaces. */
  netIn?: MetricValue;
  /** Bytes per second sent over all interfaces. */
  netOut?: MetricValue;
};

/** The key to ask history with. */
export type MetricsTarget = {
  /** The `resourceId` of the history routes. */
  resourceId: string;
  /** The `resourceType` of the history routes. */
  resourceType: string;
};

/** A token just made. */
export type MintedToken = {
  record: TokenRecord;
  /** Its text; shown this once and kept nowhere. */
  token: string;
};

/** A part of the agent and how it is. */
export type Module = {
  /** Whether it is meant to run. */
  enabled?: boolean;
  /** Why it does not. */
  lastError?: string;
  /** Its name. */
  name?: string;
  /** `disabled`, `starting`, `retrying` or `running`. */
  state?: string;
};

/** A network interface; counters since it came up. */
export type NetworkInterface = {
  /** Its addresses, with prefix length where the agent told it. */
  addresses?: string[];
  /** Its hardware address. */
  mac?: string;
  /** Its name. */
  name?: string;
  /** Received. */
  rxBytes?: Bytes;
  /** Link speed in megabits per second. */
  speedMbps?: number;
  /** Sent. */
  txBytes?: Bytes;
};

/** Where a page stands. */
export type PageMeta = {
  /** Rows per page. */
  limit: number;
  /** From 1. */
  page: number;
  /** Rows that match. */
  total: number;
  /** Pages of them. */
  totalPages: number;
};

/** A ratio times one hundred; 100 is all of it. */
export type Percent = number;

/** Block device rates. */
export type PushDiskIo = {
  /** Read. */
  readRate?: BytesPerSecond;
  /** Written. */
  writeRate?: BytesPerSecond;
};

/** What matching used, short. */
export type PushIdentity = {
  /** First host name. */
  hostname?: string;
  /** Addresses. */
  ips: string[];
  /** Machine id. */
  machineId?: string;
};

/** A value as a percentage with its absolute parts. */
export type PushMetric = {
  /** Percent. */
  current: number;
  /** What is left. */
  free?: Bytes;
  /** What there is. */
  total?: Bytes;
  /** What is taken. */
  used?: Bytes;
};

/** Network rates. */
export type PushNetwork = {
  /** Received. */
  rxBytes?: BytesPerSecond;
  /** Sent. */
  txBytes?: BytesPerSecond;
};

/** A resource in the push form. */
export type PushResource = Facets & {
  /** Open alerts. */
  alerts: Record<string, unknown>[];
  /** Processor use, percent. */
  cpu?: PushMetric;
  /** The fullest file system, percent and bytes. */
  disk?: PushMetric;
  /** Bytes per second over all block devices. */
  diskIO?: PushDiskIo;
  /** The name people see. */
  displayName: string;
  /** Canonical id. */
  id: string;
  /** What matching used. */
  identity: PushIdentity;
  /** Labels of its platform. */
  labels: Record<string, string>;
  /** When its freshest source last saw it, unix milliseconds. */
  lastSeen: number;
  /** Memory use, percent and bytes. */
  memory?: PushMetric;
  /** The key to ask history with. */
  metricsTarget?: MetricsTarget;
  /** Native name. */
  name: string;
  /** Bytes per second over all interfaces. */
  network?: PushNetwork;
  /** What it runs on or belongs to. */
  parentId?: string;
  /** Id within its platform. */
  platformId: string;
  /** The platform it is shown under. */
  platformType: string;
  /** How fresh each contribution is. */
  sourceStatus: Record<string, SourceStatus>;
  /** `agent`, `api` or `hybrid`: how facts arrive. */
  sourceType: string;
  /** Who contributes. */
  sources: SourceKind[];
  /** How it is. */
  status: Status;
  /** Tags of all sources. */
  tags: string[];
  /** What it is made with. */
  technology?: string;
  /** Its leading temperature. */
  temperature?: Celsius;
  /** What it is. */
  type: Kind;
  /** Seconds since it started. */
  uptime?: Seconds;
};

/** The administrator to be. */
export type QuickSetup = {
  /** The text of an API token to accept from now on. */
  apiToken?: Secret;
  /** Whether to replace the credentials there are. */
  force?: boolean;
  /** Whether to make an API token. */
  generateApiToken?: boolean;
  /** Their password, at least 12 characters. */
  password: Secret;
  /** The first run's token; the header `X-Setup-Token` does as well. */
  setupToken?: Secret;
  /** Their name. */
  username: string;
};

/** What became of it. */
export type QuickSetupDone = {
  /** The API token that was asked for, shown this once. */
  apiToken?: string;
  deploymentType: string;
  message: string;
  method: string;
  note: string;
  requiresManualRestart: boolean;
  /** Set-up had been done before, nothing was changed. */
  skipped?: boolean;
  success: boolean;
};

/** A software RAID array. */
export type RaidArray = {
  /** Members in service. */
  activeDevices?: number;
  /** Its device. */
  device?: string;
  /** Members that failed. */
  failedDevices?: number;
  /** Its level. */
  level?: string;
  /** What runs on it (`recovery`, `resync`, `check`, `reshape`). */
  operation?: string;
  /** How far a rebuild or check is. */
  rebuildPercent?: Percent;
  /** Spares. */
  spareDevices?: number;
  /** Its state in the kernel's words. */
  state?: string;
  /** Members it should have. */
  totalDevices?: number;
};

/** A monitored thing with what every source knows of it. */
export type Resource = Facets & {
  /** Canonical id. */
  id: ResourceId;
  /** What matching used. */
  identity?: Identity;
  /** When its freshest source last saw it. */
  lastSeen: string;
  /** What it measures now. */
  metrics?: Metrics;
  /** The key to ask history with. */
  metricsTarget?: MetricsTarget;
  /** The name people see. */
  name: string;
  /** What it runs on or belongs to. */
  parentId?: ResourceId;
  /** How fresh each contribution is. */
  sourceStatus?: Record<string, SourceStatus>;
  /** Who contributes. */
  sources: SourceKind[];
  /** How it is. */
  status: Status;
  /** Tags of all sources. */
  tags?: string[];
  /** What it is made with (qemu, lxc, docker, zfs …). */
  technology?: string;
  /** Its leading temperature (processor package before anything else). */
  temperature?: Celsius;
  /** What it is. */
  type: Kind;
  /** When its facts last changed. */
  updatedAt?: string;
  /** Seconds since it started. */
  uptime?: Seconds;
};

/** The canonical id of a resource: stable under rename, restart and a change of address. */
export type ResourceId = string;

/** A page of resources. */
export type ResourcePage = {
  aggregations: Stats;
  data: Resource[];
  meta: PageMeta;
};

/** A whole number of seconds. */
export type Seconds = number;

export type Secret = string;

/** How one gets in. More members for who may know more. */
export type SecurityStatus = {
  /** Whether there are API tokens. */
  apiTokenConfigured?: boolean;
  /** Who is signed in. */
  authUsername?: string;
  /** Before set-up: where on the server the first run's token is. */
  bootstrapTokenPath?: string;
  /** Where the caller comes from. */
  clientIP?: string;
  /** `public`, `authenticated` or `privileged`. */
  detailLevel: string;
  /** Whether set-up is done. */
  hasAuthentication: boolean;
  /** Whether this server speaks TLS itself. */
  hasHTTPS?: boolean;
  /** Whether the sign-in form is hidden. */
  hideLocalLogin: boolean;
  /** What pages should leave out. */
  presentationPolicy: Record<string, unknown>;
  /** Whether anything but the public routes asks for credentials; always. */
  requiresAuth: boolean;
  /** Whether single sign-on is offered. */
  ssoEnabled: boolean;
  /** The single sign-on providers. */
  ssoProviders: Record<string, unknown>[];
  /** What the presented token allows. */
  tokenScopes?: string[];
};

/** Sensor readings by name. */
export type Sensors = {
  /** Other temperatures (board, memory modules). */
  additional?: Record<string, number>;
  /** Fans, revolutions per minute. */
  fanRpm?: Record<string, number>;
  /** Power, watts. */
  powerWatts?: Record<string, number>;
  /** Temperatures of processors, disks and graphics. */
  temperatureCelsius?: Record<string, Celsius>;
};

/** The little an installer needs to know. */
export type ServerInfo = {
  isDevelopment: boolean;
  version: string;
};

/** The kind of place facts come from; the word on the wire. */
export type SourceKind = "proxmox" | "agent" | "docker" | "pbs" | "pmg" | "kubernetes" | "truenas";

/** How fresh one source's view of a resource is. */
export type SourceState = "online" | "stale" | "offline";

/** One source's view of a resource. */
export type SourceStatus = {
  /** Why the source cannot see it, when it says so. */
  error?: string;
  /** When the source last saw the resource. */
  lastSeen: string;
  /** How fresh it is. */
  status: SourceState;
};

/** The state as documented; written member by member from what is encoded already. */
export type State = {
  /** Open alerts. */
  activeAlerts: Record<string, unknown>[];
  /** One row per attached system. */
  connectedInfrastructure: Connected[];
  /** Whether each configured connection answers. */
  connectionHealth: Record<string, boolean>;
  /** Machines with an agent. */
  hosts: Host[];
  /** Unix milliseconds. */
  lastUpdate: number;
  /** Alerts resolved in the last minutes. */
  recentlyResolved: Record<string, unknown>[];
  /** Everything monitored. */
  resources: PushResource[];
  /** The server itself. */
  stats: Stats;
};

/** Counts over the whole estate, kept as it changes. */
export type Stats = {
  /** How many each kind of source contributes to. */
  bySource: Record<string, number>;
  /** How many in each status. */
  byStatus: Record<string, number>;
  /** How many of each kind. */
  byType: Record<string, number>;
  /** How many resources there are. */
  total: number;
};

/** How a resource is, in one word. */
export type Status = "online" | "offline" | "warning" | "unknown";

/** One way a system is attached. */
export type Surface = {
  id: string;
  kind: SourceKind;
  label: string;
};

/** Every API token. */
export type TokenList = {
  tokens: TokenRecord[];
};

/** A token without its text. */
export type TokenRecord = {
  /** The only agent it may speak for. */
  boundAgentId?: string;
  createdAt: string;
  expiresAt?: string;
  /** Set by the environment and changed only there. */
  fromEnvironment?: boolean;
  id: string;
  lastUsedAt?: string;
  name: string;
  ownerUserId?: string;
  /** The first characters of its text. */
  prefix: string;
  /** What it allows; `*` is everything. */
  scopes: string[];
  /** The last characters of its text. */
  suffix: string;
};

/** What this server is. */
export type Version = {
  build: string;
  channel: string;
  containerized: boolean;
  deploymentType: string;
  isDevelopment: boolean;
  isDocker: boolean;
  isSourceBuild: boolean;
  runtime: string;
  updateAvailable: boolean;
  version: string;
};

/** A token to make. */
export type WantedToken = {
  /** How long it lives, as `720h`; for ever when left out. */
  expiresIn?: string;
  /** What to call it. */
  name?: string;
  /** What it may do; everything when left out. */
  scopes?: string[];
};

/** Every operation: what it takes and what it answers. */
export interface Operations {
  "GET /api/agent/version": {
    response: AgentVersion;
  };
  "POST /api/agents/agent/enroll": {
    response: void;
  };
  "POST /api/agents/agent/report": {
    response: void;
  };
  "POST /api/agents/host/enroll": {
    response: void;
  };
  "POST /api/agents/host/report": {
    response: void;
  };
  "GET /api/docs": {
    response: void;
  };
  "GET /api/health": {
    response: Health;
  };
  "POST /api/login": {
    request: Login;
    response: Done;
  };
  "POST /api/logout": {
    response: Done;
  };
  "GET /api/metrics-store/history": {
    response: History;
  };
  "GET /api/openapi.json": {
    response: void;
  };
  "GET /api/resources": {
    response: ResourcePage;
  };
  "GET /api/resources/stats": {
    response: Stats;
  };
  "GET /api/resources/{id}": {
    response: Resource;
  };
  "GET /api/resources/{id}/children": {
    response: Children;
  };
  "GET /api/resources/{id}/metrics": {
    response: Metrics;
  };
  "POST /api/security/quick-setup": {
    request: QuickSetup;
    response: QuickSetupDone;
  };
  "GET /api/security/status": {
    response: SecurityStatus;
  };
  "GET /api/security/tokens": {
    response: TokenList;
  };
  "POST /api/security/tokens": {
    request: WantedToken;
    response: MintedToken;
  };
  "DELETE /api/security/tokens/{id}": {
    response: void;
  };
  "POST /api/security/validate-bootstrap-token": {
    request: BootstrapToken;
    response: void;
  };
  "GET /api/server/info": {
    response: ServerInfo;
  };
  "GET /api/state": {
    response: State;
  };
  "GET /api/version": {
    response: Version;
  };
  "GET /metrics": {
    response: void;
  };
  "GET /simple-stats": {
    response: void;
  };
  "GET /ws": {
    response: void;
  };
}
