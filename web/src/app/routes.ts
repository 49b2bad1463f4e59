/**
 * Which page a path shows, and where older paths went.
 */
import type { AreaId } from "./areas";

export type PageId =
  | "overview"
  | "machines"
  | "platform"
  | "workloads"
  | "storage"
  | "engine"
  | "cluster"
  | "fleet"
  | "general"
  | "network"
  | "diagnostics"
  | "logs"
  | "api-access"
  | "login"
  | "setup-complete"
  | "docs"
  | "absent"
  | "missing";

/** What container engines keep beside containers, page by page. */
export type EnginePart = "images" | "storage" | "networks" | "swarm";

/** What a Kubernetes cluster holds, page by page. */
export type ClusterPart = "overview" | "nodes" | "workloads" | "services" | "storage" | "configuration" | "events";
const CLUSTER_PARTS: readonly ClusterPart[] = ["overview", "nodes", "workloads", "services", "storage", "configuration", "events"];

export interface Route {
  page: PageId;
  /** The area of a platform's page. */
  area?: AreaId;
  /** Which page of a container platform. */
  part?: EnginePart;
  /** Which page of a cluster. */
  holds?: ClusterPart;
  /** What is not set up, for honest empty pages. */
  subject?: string;
}

const PAGES: Record<string, PageId> = {
  "/": "overview",
  "/infrastructure": "overview",
  "/login": "login",
  "/preview/setup-complete": "setup-complete",
  "/standalone/machines": "machines",
  "/workloads": "workloads",
  "/storage": "storage",
  "/settings/infrastructure": "fleet",
  "/settings/infrastructure/install": "fleet",
  "/settings/system-general": "general",
  "/settings/system-network": "network",
  "/settings/security/api": "api-access",
  "/settings/support/diagnostics": "diagnostics",
  "/settings/support/logs": "logs",
};

const SETTINGS: ReadonlySet<PageId> = new Set(["fleet", "general", "network", "api-access", "diagnostics", "logs"]);

export function isSettingsPage(page: PageId): boolean {
  return SETTINGS.has(page);
}

/** Pages whose data this version cannot have yet. */
const ABSENT: Record<string, readonly string[]> = {
  proxmox: ["overview", "storage", "replication", "backups", "ceph", "mail"],
  docker: ["overview", "images", "storage", "networks", "swarm"],
  kubernetes: CLUSTER_PARTS,
  truenas: ["overview", "storage", "services", "apps", "vms", "shares", "protection"],
  vmware: ["overview", "storage", "networks", "health", "activity"],
  standalone: ["availability"],
  recovery: [""],
  alerts: ["overview", "history", "thresholds", "destinations", "schedule"],
  actions: ["", "approvals", "running", "log"],
  settings: [
    "infrastructure/platforms",
    "infrastructure/agent-doctor",
    "system-updates",
    "system-recovery",
    "security-overview",
    "security-auth",
    "security-sso",
    "security-users",
    "security-roles",
    "security-audit",
    "security-webhooks",
    "security-data-handling",
    "monitoring/availability",
    "organization",
    "organization/access",
    "organization/sharing",
    "support/reporting",
  ],
};

/** Pages of a platform that list what runs on it. */
const PLATFORMS: Record<string, AreaId> = {
  "/proxmox/overview": "proxmox",
  "/docker/overview": "docker",
  "/truenas/overview": "truenas",
};

/** Pages of the whole estate as a platform shows them. */
const SECTIONS: Record<string, Route> = {
  "/proxmox/storage": { page: "storage", area: "proxmox" },
  "/docker/images": { page: "engine", area: "docker", part: "images" },
  "/docker/storage": { page: "engine", area: "docker", part: "storage" },
  "/docker/networks": { page: "engine", area: "docker", part: "networks" },
  "/docker/swarm": { page: "engine", area: "docker", part: "swarm" },
  ...Object.fromEntries(CLUSTER_PARTS.map((part): [string, Route] => [`/kubernetes/${part}`, { page: "cluster", area: "kubernetes", holds: part }])),
  "/truenas/storage": { page: "storage", area: "truenas" },
};

const MOVED: Record<string, string> = {
  "/hosts": "/standalone/machines",
  "/machines": "/standalone/machines",
  "/standalone": "/standalone/machines",
  "/backups": "/recovery",
  "/proxmox/backups": "/recovery?platform=proxmox",
  "/proxmox": "/proxmox/overview",
  "/docker": "/docker/overview",
  "/kubernetes": "/kubernetes/overview",
  "/truenas": "/truenas/overview",
  "/vmware": "/vmware/overview",
  "/alerts": "/alerts/overview",
  "/settings": "/settings/infrastructure",
  "/settings/workloads": "/settings/infrastructure",
  "/settings/operations": "/settings/support/diagnostics",
  "/settings/integrations": "/settings/infrastructure",
  "/settings/security": "/settings/security-overview",
  "/settings/organization/overview": "/settings/organization",
};

const MOVED_PREFIXES: readonly [string, string][] = [
  ["/settings/workloads/", "/settings/infrastructure"],
  ["/settings/operations/", "/settings/support/diagnostics"],
  ["/settings/integrations/", "/settings/infrastructure"],
];

const LISTS: ReadonlySet<PageId> = new Set(["overview", "machines", "platform", "workloads", "storage", "engine", "cluster", "fleet"]);

/** Pages whose rows open beside them. */
export function hasDrawer(page: PageId): boolean {
  return LISTS.has(page);
}

/** The pages of a platform that show something, in their order. */
export function subpagesOf(area: AreaId): { name: string; path: string }[] {
  return (ABSENT[area] ?? []).map((name) => ({ name, path: `/${area}/${name}` })).filter((entry) => routeOf(entry.path).page !== "absent");
}

function tidy(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

/** Where an older path lives now; undefined when it is current. Understands the `#/` links of early versions. */
export function movedTo(path: string, hash = ""): string | undefined {
  if (path === "/" && /^#\/\w/.test(hash)) {
    const old = tidy(hash.slice(1));
    return movedTo(old) ?? old;
  }
  const plain = tidy(path);
  if (MOVED[plain]) return MOVED[plain];
  const prefix = MOVED_PREFIXES.find(([start]) => plain.startsWith(start));
  if (prefix) return prefix[1];
  return plain === path ? undefined : plain;
}

export function routeOf(path: string): Route {
  const page = PAGES[path];
  if (page) return { page };
  const platform = PLATFORMS[path];
  if (platform) return { page: "platform", area: platform };
  const section = SECTIONS[path];
  if (section) return section;
  const [, area = "", ...rest] = path.split("/");
  if (area === "docs") return { page: "docs" };
  const below = rest.join("/");
  const known = ABSENT[area];
  if (known?.some((name) => below === name || (name && below.startsWith(`${name}/`)))) {
    return { page: "absent", subject: area === "settings" || area === "standalone" ? `${area}/${below}` : area };
  }
  return { page: "missing" };
}
