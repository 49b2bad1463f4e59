// An invented estate of every kind for the fake server, always the same one. Shapes as the server pushes them.
import { makePlain } from "./fake-hosts.mjs";
import { addCeph, addKubernetes } from "./fake-clusters.mjs";
import { describe } from "./fake-upkeep.mjs";
import { dice, GIB, hostFigures, resource } from "./fake-parts.mjs";

const GUESTS = ["gitlab-ce-runner-large", "media-transcode-intel-arc-a380-passthrough", "k8s-prod-worker-01", "immich-photos", "grafana-loki-tempo-stack", "home-assistant-os", "unifi-network-application", "traefik-ingress-internal", "paperless-ngx-documents", "adguard-dns-primary", "syncthing-relay", "vaultwarden", "mosquitto-mqtt", "windows-11-remote-desktop-jonas", "elastic-8-hot-data-node-01", "postgresql-16-primary-timescaledb", "nextcloud-aio-production", "plausible-analytics-clickhouse", "minio-s3-gateway", "rabbitmq-cluster-a", "redis-sentinel-ha-1", "opnsense-ha-standby", "postfix-relay-outbound", "frigate-nvr-coral-tpu", "authentik-sso", "netbox-ipam-dcim"];
const CONTAINERS = [["jellyfin", "lscr.io/linuxserver/jellyfin:10.11.2"], ["immich-server", "ghcr.io/immich-app/immich-server:v2.3"], ["paperless-ngx-webserver-1", "ghcr.io/paperless-ngx/paperless-ngx:2.19"], ["postgres-16-paperless", "postgres:16-alpine"], ["gluetun-vpn-gateway", "qmcgaw/gluetun:latest"], ["qbittorrent", "lscr.io/linuxserver/qbittorrent:5.1"], ["db-migrate-once", "registry.example.net/tools/migrate:1.4"], ["frigate", "ghcr.io/blakeblackshear/frigate:0.17"], ["traefik", "traefik:v3.6"], ["crowdsec-bouncer-traefik-plugin-sidecar", "crowdsecurity/crowdsec:v1.7"], ["watchtower", "containrrr/watchtower:1.7"], ["valkey", "valkey/valkey:8-alpine"]];
const TAGS = ["prod", "media", "db", "lab", "ci", "obs", "net"];
const DOCKER_HOSTS = ["nas-containers", "media-box-intel-arc-a380", "edge-fra-1.example.net", "edge-hel-2.example.net", "build-runner-arm64-01", "pi-garage"];
const DISKS = [["Samsung SSD 980 PRO 1TB", "nvme", 1e12, 0], ["WDC WD140EDGZ-11B1PA0", "hdd", 14e12, 5400], ["INTEL SSDSC2KB480G8", "ssd", 480e9, 0]];

export const ESTATE_SCENES = new Set(["estate", "mock", "silent", "large", "clusters"]);

/** A disk of a host, with the SMART figures the drawer shows. */
function addDisk(add, host, index, next, { group, count = 1 } = {}) {
  const [model, diskType, sizeBytes, rpm] = DISKS[index % DISKS.length];
  const worn = index % 11 === 10;
  const dev = diskType === "nvme" ? `nvme${index}n1` : `sd${String.fromCharCode(97 + (index % 26))}`;
  add(
    resource("physical_disk", `disk:${host.id}:${dev}`, dev, {
      parent: host,
      status: worn ? "warning" : "online",
      temperature: 28 + Math.floor(next() * 20),
      physicalDisk: {
        devPath: `/dev/${dev}`, model, serial: `S${host.id.length}${index}X${String(next()).slice(2, 8)}`, diskType, sizeBytes, rpm,
        health: worn ? "WARNING" : "PASSED", wearout: diskType === "hdd" ? -1 : Math.floor(100 - next() * 30), temperature: 28 + Math.floor(next() * 20),
        storageRole: count > 1 ? "data" : "system", ...(group ? { storageGroup: group } : {}), spunDown: diskType === "hdd" && index % 5 === 4,
        smart: { powerOnHours: Math.floor(next() * 50_000), powerCycles: Math.floor(next() * 300), reallocatedSectors: worn ? 16 : 0, pendingSectors: worn ? 2 : 0 },
        ...(worn ? { risk: { level: "warning", reasons: [{ code: "reallocated", severity: "warning", summary: "Reallocated sectors 8 to 16 in a day" }] } } : {}),
      },
    }),
  );
}

/** A pool, a share or a datastore with its room. */
function addStorage(add, host, name, type, total, share, facet = {}) {
  const used = Math.floor(total * share);
  const broken = facet.zfsPoolState === "DEGRADED";
  add(
    resource("storage", `storage:${host.id}:${name}`, name, {
      parent: host, technology: type, status: broken ? "warning" : "online",
      disk: { current: share * 100, total, used, free: total - used },
      ...(broken ? { incidentCount: 1, incidentSeverity: "warning", incidentSummary: "Pool degraded: one disk missing" } : {}),
      storage: { type, content: "images,rootdir", contentTypes: ["images", "rootdir"], shared: false, enabled: true, active: true, isCeph: type === "rbd", isZfs: type === "zfspool", nodes: [host.name], ...facet },
    }),
  );
}

function addGuest(add, node, vmid, name, next, state) {
  const isVm = vmid % 5 < 2;
  const cores = [2, 4, 8, 1][vmid % 4];
  const guest = resource(isVm ? "vm" : "system-container", `pve:${node.proxmox.clusterName}:${vmid}`, name, {
    parent: node, technology: isVm ? "qemu" : "lxc", tags: vmid % 3 ? [TAGS[vmid % TAGS.length]] : [],
    proxmox: { vmid, nodeName: node.name, instance: node.proxmox.clusterName, clusterName: node.proxmox.clusterName, runtimeStatus: state === "stopped" ? "stopped" : "running", cpus: cores, containerType: isVm ? undefined : "lxc", template: false, osName: isVm ? "Debian GNU/Linux 13" : "Alpine Linux 3.23", lastBackup: new Date(Date.now() - (state === "late" ? 41 : 6 + (vmid % 9)) * 3_600_000).toISOString(), guestAgentStatus: isVm ? "running" : undefined, uptime: 5_400_000 },
    identity: { hostname: name, ips: [`10.30.${vmid >> 8}.${vmid & 255}`] },
  });
  if (state === "stopped") Object.assign(guest, { status: "offline", frozen: true });
  else {
    hostFigures(guest, next, [2, 4, 8, 16, 32][vmid % 5] * GIB, cores);
    if (state === "full") Object.assign(guest, { disk: { current: 96, total: 256e9, used: 246e9, free: 10e9 }, incidentCount: 1, incidentSeverity: "critical", incidentSummary: "Disk / at 96 %" });
    if (state === "late") Object.assign(guest, { status: "warning", incidentCount: 1, incidentSeverity: "warning", incidentSummary: "Backup 41 h old, target 24 h" });
  }
  add(guest);
}

function addNode(add, name, cluster, index, guests, state) {
  const next = dice(index + 500);
  const node = resource("agent", `pve:${cluster}:node/${name}`, name, {
    platformType: "proxmox-pve", technology: "proxmox", sources: index % 2 ? ["proxmox"] : ["proxmox", "agent"],
    clusterId: cluster, identity: { hostname: name, ips: [`10.20.1.${index & 255}`] }, temperature: 44 + Math.floor(next() * 34),
    proxmox: { nodeName: name, clusterName: cluster, isClusterMember: true, instance: cluster, pveVersion: "9.0.6", kernelVersion: "6.14.8-2-pve", cpus: 32, loadAverage: [2.1, 2.4, 2.2], pendingUpdates: index % 3 === 2 ? 3 : 0 },
  });
  hostFigures(node, next, [192, 256, 128][index % 3] * GIB, 32);
  if (state === "busy") {
    node.cpu.current = 88;
    Object.assign(node.memory, { current: 91, used: node.memory.total * 0.91 });
    Object.assign(node, { status: "warning", incidentCount: 2, incidentSeverity: "warning", incidentSummary: "Memory 91 %, warns at 85" });
  }
  node.childCount = guests;
  add(node);
  for (let at = 0; at < guests; at++) {
    const vmid = 100 + index * 20 + at;
    const known = GUESTS[index * 13 + at] ?? GUESTS[(index * 7 + at) % GUESTS.length];
    const called = index < 3 && at < 13 && GUESTS[index * 13 + at] ? known : `${known}-${vmid}`;
    const trouble = state === "busy" ? { 2: "full", 3: "late" }[at] : undefined;
    addGuest(add, node, vmid, called, next, at === guests - 1 ? "stopped" : trouble);
  }
  return { node, next };
}

function addContainers(add, host, count, next, index) {
  for (let at = 0; at < count; at++) {
    const [name, image] = CONTAINERS[(index * 3 + at) % CONTAINERS.length];
    const called = at < CONTAINERS.length && index < 6 ? name : `${name}-${at}`;
    const gone = name === "db-migrate-once";
    const sick = at === 5 && index === 0;
    const container = resource("app-container", `docker:${host.id}:${called}`, called, {
      parent: host, technology: host.docker.runtime, uptime: gone ? undefined : Math.floor(next() * 30 * 86_400), status: gone ? "offline" : sick ? "warning" : "online",
      docker: {
        containerId: `${String(next()).slice(2)}${at}`.padEnd(64, "a"), hostname: host.name, image, runtime: host.docker.runtime,
        containerState: gone ? "exited" : "running", health: gone ? undefined : sick ? "unhealthy" : at % 3 ? "none" : "healthy", restartCount: sick ? 3 : 0, exitCode: gone ? 0 : undefined,
        ports: at % 2 ? [] : [{ privatePort: 8000 + at, publicPort: 8000 + at, protocol: "tcp", ip: "0.0.0.0" }], networks: [{ name: "bridge", ipv4: `172.17.0.${at + 2}` }], mounts: at % 3 ? [] : [{ type: "volume", name: "database", source: "/var/lib/docker/volumes/database/_data", destination: "/var/lib/data", rw: true }, { type: "bind", source: "/etc/localtime", destination: "/etc/localtime", rw: false }],
        labels: { "com.docker.compose.project": ["media", "immich", "paperless", "edge"][at % 4], "org.opencontainers.image.source": `https://example.net/${name}` }, cpuCapacityCores: at % 2 ? 2 : undefined, startedAt: new Date(Date.now() - 9e8).toISOString(), createdAt: new Date(Date.now() - 1e9).toISOString(), writableLayerBytes: 1.2e7,
        updateStatus: at % 5 === 1 ? { updateAvailable: true, currentDigest: "sha256:aa", latestDigest: "sha256:bb", lastChecked: new Date().toISOString() } : { updateAvailable: false, ...(at % 7 === 4 ? { error: "rate limit" } : {}) },
      },
    });
    if (!gone) hostFigures(container, next, [2, 4, 1, 8][at % 4] * GIB, 4, { disk: false });
    else container.frozen = true;
    add(container);
  }
}

function addDockerHost(add, name, index, containers, { agent = true } = {}) {
  const next = dice(index + 900);
  const host = agent ? makePlain(index + 4000, name) : resource("docker-host", `docker:${name}`, name, { platformType: "docker" });
  Object.assign(host, { platformType: "docker", sources: agent ? ["agent", "docker"] : ["docker"], technology: index % 4 === 3 ? "podman" : "docker", childCount: containers });
  host.docker = { hostname: name, runtime: host.technology, runtimeVersion: "29.1", dockerVersion: "29.1", os: "Debian 13", cpus: 8, containerCount: containers, imageCount: containers + 4, volumeCount: 7, networkCount: 3, intervalSeconds: 10, updatesAvailableCount: 2, swarm: index < 2 ? { nodeId: `n${index}`, nodeRole: index ? "worker" : "manager", clusterId: "swarm-a" } : undefined };
  if (!agent) hostFigures(host, next, 16 * GIB, 8);
  add(host);
  addContainers(add, host, containers, next, index);
  addObjects(add, host, next);
  return host;
}

/** What an engine keeps beside containers. */
function addObjects(add, host, next) {
  const origin = { hostname: host.name, runtime: host.docker.runtime };
  const object = (type, name, docker, more = {}) => add(resource(type, `${type}:${host.id}:${name}`, name, { parent: host, docker: { ...origin, ...docker }, ...more }));
  const made = () => new Date(Date.now() - Math.floor(next() * 200) * 86_400_000).toISOString();
  for (const [at, [, image]] of CONTAINERS.slice(0, 6).entries()) object("docker-image", image, { repoTags: [image], imageId: `sha256:${String(next()).slice(2).padEnd(64, "c")}`, sizeBytes: 4e7 + next() * 9e8, sharedSizeBytes: -1, imageContainers: at % 4 === 3 ? 0 : 1, objectCreatedAt: made() });
  for (const [at, name] of ["database", "uploads", "media-library"].entries()) object("docker-volume", name, { volumeName: name, driver: "local", scope: "local", mountpoint: `/var/lib/docker/volumes/${name}/_data`, sizeBytes: at === 2 ? -1 : next() * 9e9, refCount: at === 2 ? -1 : 1, objectCreatedAt: made() });
  for (const [at, name] of ["bridge", "backend"].entries()) object("docker-network", name, { networkId: String(next()).slice(2).padEnd(32, "d"), driver: "bridge", scope: "local", enableIpv4: true, internal: at === 1, subnets: [{ subnet: `172.${17 + at}.0.0/16`, gateway: `172.${17 + at}.0.1` }], objectCreatedAt: made() });
  if (host.docker.swarm) object("docker-swarm-node", `node-${host.name}`, { nodeId: host.docker.swarm.nodeId, nodeRole: host.docker.swarm.nodeRole, nodeState: "ready", availability: "active", leader: host.docker.swarm.nodeRole === "manager", address: "10.20.4.2", engineVersion: "29.1", nanoCpus: 8e9, memoryBytes: 16 * GIB });
}

function addServices(add, host) {
  for (const [at, name] of ["web", "api", "worker"].entries()) {
    add(resource("docker-service", `service:${name}`, name, { parent: host, status: at === 2 ? "warning" : "online", docker: { serviceId: `s${at}`, serviceName: name, stack: "shop", image: `registry.example.net/shop/${name}:4`, mode: "replicated", desiredTasks: 3, runningTasks: at === 2 ? 1 : 3, endpointPorts: [{ publishedPort: 8080 + at, targetPort: 80, protocol: "tcp" }] } }));
    add(resource("docker-task", `task:${name}.1`, `${name}.1`, { parent: host, status: at === 2 ? "warning" : "online", docker: { taskId: `t${at}`, serviceName: name, slot: 1, desiredState: "running", currentState: at === 2 ? "rejected" : "running", nodeName: host.name, image: `registry.example.net/shop/${name}:4`, ...(at === 2 ? { error: "No such image: registry.example.net/shop/worker:4" } : {}) } }));
  }
}

function addTrueNas(add, name, index) {
  const next = dice(index + 1300);
  const host = resource("agent", `truenas:${name}`, name, { platformType: "truenas", technology: "truenas", sources: ["truenas"], temperature: 44, truenas: { hostname: name, version: "25.10", uptimeSeconds: 7_600_000, services: [{ service: "ssh", enabled: true, state: "RUNNING" }] } });
  hostFigures(host, next, 64 * GIB, 8);
  add(host);
  addStorage(add, host, "tank", "zfspool", 92e12, 0.71, { platform: "truenas", topology: "raidz2", zfsPoolState: "ONLINE", isZfs: true });
  addStorage(add, host, "apps", "zfspool", 2e12, 0.38, { platform: "truenas", topology: "mirror", zfsPoolState: index ? "ONLINE" : "DEGRADED", isZfs: true });
  for (let at = 0; at < 14; at++) addDisk(add, host, at, next, { group: at < 12 ? "tank" : "apps", count: 14 });
  for (const [at, app] of ["nextcloud", "plex", "syncthing"].entries()) {
    const row = resource("app-container", `truenas:${name}:${app}`, app, { parent: host, technology: "truenas-app", truenas: { app: { id: app, name: app, state: "RUNNING", version: `1.${at}.0`, upgradeAvailable: at === 1, containerCount: at + 1 } } });
    hostFigures(row, next, 4 * GIB, 4, { disk: false });
    add(row);
  }
}

function addPbs(add, name) {
  const next = dice(77);
  const datastores = [{ name: "main", total: 40e12, used: 32.4e12, available: 7.6e12, usagePercent: 81, status: "available", deduplicationFactor: 18.2 }, { name: "offsite", total: 20e12, used: 8e12, available: 12e12, usagePercent: 40, status: "available", deduplicationFactor: 12.1 }];
  const host = resource("pbs", `pbs:${name}`, name, { platformType: "proxmox-pbs", sources: ["pbs"], temperature: 41, pbs: { instanceId: name, hostname: name, version: "4.0.11", uptimeSeconds: 10_400_000, datastoreCount: 2, datastores, connectionHealth: "online", backupJobCount: 3, verifyJobCount: 2, protectedWorkloadCount: 38 } });
  hostFigures(host, next, 32 * GIB, 8);
  add(host);
  for (const store of datastores) addStorage(add, host, store.name, "pbs", store.total, store.usagePercent / 100, { content: "backup", contentTypes: ["backup"], platform: "pbs" });
}

function addPmg(add, name) {
  const host = resource("pmg", `pmg:${name}`, name, { platformType: "proxmox-pmg", sources: ["pmg"], pmg: { instanceId: name, hostname: name, version: "9.0.2", nodeCount: 1, uptimeSeconds: 2_400_000, queueActive: 2, queueDeferred: 14, queueHold: 0, queueIncoming: 1, queueTotal: 17, mailCountTotal: 18_204, spamIn: 4120, virusIn: 12, connectionHealth: "online" } });
  hostFigures(host, dice(78), 8 * GIB, 4);
  add(host);
}

/** The home estate of the design: every kind, something of every state. */
function makeHome(add) {
  for (const [index, name] of ["pve-atlas", "pve-borealis", "pve-cygnus"].entries()) {
    const { node, next } = addNode(add, name, "rack-a", index, [15, 14, 11][index], index === 1 ? "busy" : undefined);
    addStorage(add, node, "local-zfs", "zfspool", 1.8e12, 0.4 + index * 0.12, { pool: "rpool", zfsPoolState: "ONLINE" });
    addStorage(add, node, "local", "dir", 94e9, 0.22 + index * 0.1, { path: "/var/lib/vz", content: "iso,backup" });
    for (let disk = 0; disk < 4; disk++) addDisk(add, node, disk, next);
  }
  addPbs(add, "pbs-vault");
  addPmg(add, "pmg-relay");
  addCeph(add, "rack-a");
  addTrueNas(add, "truenas-basement", 0);
  for (const [index, name] of DOCKER_HOSTS.entries()) {
    const host = addDockerHost(add, name, index, [21, 14, 9, 8, 6, 3][index], { agent: index !== 4 });
    if (index === 0) addServices(add, host);
    if (index === 0) describe(host);
  }
  addKubernetes(add, "homelab-prod", 5, 83, 21);
  for (const [index, name] of ["opnsense-edge", "workstation-nina", "synology-ds923-attic", "macbook-pro-jonas"].entries()) add(makePlain(index + 6000, name, { mac: index === 3 }));
}

/** Freezes what a host that went silent carries with it. */
function silence(all, name, status, ago) {
  const below = (parent) => [parent, ...all.filter((child) => child.parentId === parent.id).flatMap(below)];
  for (const entry of below(all.find((each) => each.name === name))) {
    entry.frozen = true;
    entry.lastSeen = Date.now() - ago;
    for (const source of Object.values(entry.sourceStatus)) source.status = status;
    if (status === "offline") entry.status = "offline";
  }
}

/** 1,000 hosts with 20 inhabitants each. */
function makeLarge(add) {
  for (let index = 0; index < 1000; index++) {
    const label = String(index).padStart(4, "0");
    if (index % 10 < 4) addDockerHost(add, `docker-${label}.rack-${index % 24}.example.net`, index, 20, { agent: index % 3 > 0 });
    else if (index % 10 < 8) addNode(add, `pve-${label}`, `rack-${String(index >> 5).padStart(2, "0")}`, index, 20, index === 4 ? "busy" : undefined);
    else if (index % 10 === 8 && index % 40 === 8) addKubernetes(add, `cluster-${index}`, 4, 80, 12);
    else if (index % 40 > 8) add(makePlain(index, `node-${label}.example.net`));
  }
}

export function makeEstate(scene) {
  const all = [];
  const add = (entry) => all.push(entry);
  if (scene === "large") makeLarge(add);
  else makeHome(add);
  if (scene === "estate" || scene === "mock") {
    silence(all, "edge-hel-2.example.net", "stale", 6 * 60_000);
    silence(all, "pi-garage", "offline", 8_040_000);
    silence(all, "macbook-pro-jonas", "offline", 15 * 3_600_000);
  }
  if (scene === "clusters") addKubernetes(add, "edge-fra", 3, 24, 4);
  if (scene === "silent") for (const entry of all) if (!entry.parentId) silence(all, entry.name, "stale", 4 * 60_000);
  return all;
}
