// Invented machines for the fake server, always the same ones.
import { dice, GIB } from "./fake-parts.mjs";

const NAMES = ["atlas", "borealis", "cygnus", "vault", "nas-containers", "media-box-intel-arc-a380", "edge-fra-1.example.net", "edge-hel-2.example.net", "build-runner-arm64-01", "pi-garage", "opnsense-edge", "workstation-nina", "ds923-attic", "postgresql-16-primary-timescaledb", "grafana-loki-tempo-stack", "mail-relay-02"];
const SYSTEMS = [["Debian GNU/Linux", "12", "6.1.0-40-amd64"], ["Ubuntu", "24.04.3", "6.8.0-71-generic"], ["Alpine Linux", "3.22", "6.12.41-0-lts"], ["Fedora Linux", "42", "6.15.9-201.fc42.x86_64"]];

const COUNTS = { one: 1, many: 300, huge: 5000, trouble: 16, none: 0 };

function makeHost(index, scene) {
  const next = dice(index + 1);
  const name = NAMES[index] ?? `node-${String(index).padStart(4, "0")}.rack-${index % 24}.example.net`;
  const [osName, osVersion, kernelVersion] = SYSTEMS[index % SYSTEMS.length];
  const cores = [4, 8, 16, 2, 32][index % 5];
  const total = [16, 32, 64, 8, 128][index % 5] * GIB;
  const used = total * (0.2 + next() * 0.6);
  const cache = Math.min(total - used, total * next() * 0.3);
  const disk = (mountpoint, device, size, share) => ({ device, mountpoint, type: "ext4", total: size, used: size * share, free: size * (1 - share), usage: share * 100 });
  const disks = [disk("/", "/dev/nvme0n1p2", 256e9, 0.2 + next() * 0.7), disk("/boot", "/dev/nvme0n1p1", 1e9, 0.3), ...(index % 3 ? [disk("/srv/data", "/dev/sda1", 4e12, next() * 0.95)] : [])];
  const fullest = disks.reduce((most, entry) => (entry.usage > most.usage ? entry : most));
  const cpu = 3 + next() * 70;
  const host = {
    id: `agent-${index}`,
    type: "agent",
    name,
    displayName: name,
    platformId: name,
    platformType: "agent",
    sourceType: "agent",
    sources: ["agent"],
    status: "online",
    cpu: { current: cpu },
    memory: { current: (used / total) * 100, total, used, free: total - used },
    disk: { current: fullest.usage, total: fullest.total, used: fullest.used, free: fullest.free },
    network: { rxBytes: next() * 4e6, txBytes: next() * 1e6 },
    diskIO: { readRate: next() * 3e6, writeRate: next() * 9e6 },
    uptime: Math.floor(next() * 180 * 86400),
    tags: index % 4 ? [] : ["prod"],
    labels: {},
    lastSeen: Date.now() - 2000,
    alerts: [],
    identity: { hostname: name, machineId: `m-${index}`, ips: [`10.20.${(index >> 8) & 255}.${index & 255}`] },
    sourceStatus: { agent: { status: "online", lastSeen: new Date().toISOString() } },
    metricsTarget: { resourceType: "agent", resourceId: `agent-${index}` },
    agent: {
      agentId: `a-${index}`,
      agentVersion: index === 3 ? "0.9.8" : "1.0.0",
      hostname: name,
      machineId: `3f0c9b1e${String(index).padStart(24, "0")}`,
      platform: "linux",
      osName,
      osVersion,
      kernelVersion,
      architecture: index % 9 === 8 ? "aarch64" : "x86_64",
      cpuCount: cores,
      loadAverage: [cpu / 100 * cores, cpu / 110 * cores, cpu / 120 * cores].map((value) => Math.round(value * 100) / 100),
      uptimeSeconds: 1,
      intervalSeconds: 10,
      memory: { total, used, free: total - used - cache, cache, usage: (used / total) * 100, swapTotal: index % 3 ? 4 * GIB : 0, swapUsed: index % 3 ? 0.4 * GIB : 0 },
      disks: [...disks, { device: "tmpfs", mountpoint: "/run", type: "tmpfs", total: 3e9, used: 2e6, free: 2.9e9, usage: 0.1 }],
      networkInterfaces: [
        { name: "eth0", mac: "52:54:00:12:34:56", addresses: [`10.20.0.${index & 255}/24`, "fe80::5054:ff:fe12:3456/64"], rxBytes: 8.2e11, txBytes: 1.1e11, speedMbps: 1000 },
        { name: "wg0", addresses: ["10.99.0.2/32"], rxBytes: 1.2e9, txBytes: 2.2e9 },
        { name: "eth1", mac: "52:54:00:12:34:57", addresses: [], rxBytes: 0, txBytes: 0 },
      ],
      diskIo: [{ device: "nvme0n1", readBytes: 3.1e12, writeBytes: 9.2e12 }, { device: "sda", readBytes: 8.1e11, writeBytes: 2.2e11 }],
      sensors: { temperatureCelsius: {}, fanRpm: {}, powerWatts: {}, additional: {} },
      commandsEnabled: false,
    },
  };
  host.agent.uptimeSeconds = host.uptime;
  if (index % 4 !== 2) {
    host.temperature = 38 + Math.floor(next() * 30);
    host.agent.sensors.temperatureCelsius = { "Package id 0": host.temperature, "nvme Composite": 41.9 };
    host.agent.sensors.fanRpm = { fan1: 1180 };
  }
  if (scene === "trouble" || (scene === "many" && index < 16)) spoil(host, index);
  return host;
}

/** Some late, some gone, some never heard of. */
function spoil(host, index) {
  if (index === 7) {
    host.lastSeen = Date.now() - 6 * 60_000;
    host.frozen = true;
    host.sourceStatus.agent.status = "stale";
  } else if (index === 9) {
    host.status = "offline";
    host.lastSeen = Date.now() - 8_040_000;
    host.frozen = true;
    host.sourceStatus.agent.status = "offline";
  } else if (index === 12) {
    for (const key of ["cpu", "memory", "disk", "network", "diskIO", "temperature", "uptime", "agent"]) delete host[key];
    host.lastSeen = 0;
    host.status = "unknown";
    host.sourceStatus = {};
    host.frozen = true;
  } else if (index === 10) {
    delete host.cpu;
    delete host.agent.disks;
    delete host.disk;
  }
}

/** One machine with a name of its own. */
export function makePlain(index, name, { mac = false } = {}) {
  const host = makeHost(index, "one");
  Object.assign(host, { id: `agent-${name}`, name, displayName: name, platformId: name });
  Object.assign(host.agent, { hostname: name, agentVersion: "1.0.0", ...(mac ? { platform: "macos", osName: "macOS", osVersion: "26.1" } : {}) });
  host.identity.hostname = name;
  host.metricsTarget = { resourceType: "agent", resourceId: host.id };
  if (index % 2) host.agent.raid = [{ device: "/dev/md0", level: "raid1", state: index % 5 ? "clean" : "degraded", totalDevices: 2, activeDevices: index % 5 ? 2 : 1 }];
  if (index % 3 === 1) host.agent.sensors.gpu = [{ name: "NVIDIA RTX 4070", utilizationPercent: 12, memoryUsedBytes: 4.1 * GIB, memoryTotalBytes: 12 * GIB, temperatureCelsius: 51 }];
  return host;
}

export function makeHosts(scene) {
  return Array.from({ length: COUNTS[scene] ?? 1 }, (_, index) => makeHost(index, scene));
}

const near = (value, spread, low, high) => Math.max(low, Math.min(high, value + (Math.random() - 0.5) * spread));

/** The next report of a machine as a merge patch; also changes the machine itself. */
export function move(host) {
  if (host.frozen) return undefined;
  const cpu = host.cpu ? { current: near(host.cpu.current, 8, 1, 97) } : undefined;
  const [source] = host.sources;
  const heard = { id: host.id, lastSeen: Date.now(), sourceStatus: { [source]: { lastSeen: new Date().toISOString() } } };
  host.lastSeen = heard.lastSeen;
  if (!host.network || !host.memory) return heard;
  const patch = {
    ...heard,
    ...(cpu ? { cpu } : {}),
    network: { rxBytes: near(host.network.rxBytes, 8e5, 1e3, 9e7), txBytes: near(host.network.txBytes, 3e5, 1e3, 3e7) },
    diskIO: { readRate: near(host.diskIO.readRate, 6e5, 0, 8e7), writeRate: near(host.diskIO.writeRate, 9e5, 0, 9e7) },
    uptime: host.uptime + 2,
  };
  const used = near(host.memory.used, host.memory.total * 0.01, 1e9, host.memory.total * 0.97);
  patch.memory = { used, free: host.memory.total - used, current: (used / host.memory.total) * 100 };
  if (host.temperature !== undefined) patch.temperature = Math.round(near(host.temperature, 2, 30, 82));
  Object.assign(host, { lastSeen: patch.lastSeen, uptime: patch.uptime, network: patch.network, diskIO: patch.diskIO });
  if (cpu) host.cpu = cpu;
  Object.assign(host.memory, patch.memory);
  if (patch.temperature !== undefined) host.temperature = patch.temperature;
  return patch;
}

/** One hour in 10 s steps that ends at the present values, with one silence in it. */
export function makeHistory(host, scene) {
  const metrics = {};
  const end = host.lastSeen ?? Date.now();
  const series = (name, last, spread, low, high) => {
    if (last === undefined) return;
    let value = last;
    const points = [];
    for (let step = 0; step < 355; step++) {
      const timestamp = end - step * 10_000;
      if (!(step > 120 && step < 165) && (scene !== "one" || step < 340)) points.push({ timestamp, value, min: value, max: value });
      value = near(value, spread, low, high);
      if (name === "cpu" && step % 97 === 50) value = Math.min(96, value + 40);
      if (name === "cpu" && step % 97 === 56) value = last;
    }
    metrics[name] = points.toReversed();
  };
  series("cpu", host.cpu?.current, 7, 2, 96);
  series("memory", host.memory?.current, 0.8, 3, 97);
  series("disk", host.disk?.current, 0.05, 1, 99);
  series("netin", host.network?.rxBytes, 9e5, 1e3, 9e7);
  series("netout", host.network?.txBytes, 4e5, 1e3, 3e7);
  series("diskread", host.diskIO?.readRate, 6e5, 0, 8e7);
  series("diskwrite", host.diskIO?.writeRate, 9e5, 0, 9e7);
  series("temperature", host.temperature, 1, 30, 82);
  return metrics;
}

/** The last hour of many resources at once, on one grid; one of nine was silent for a while. */
export function makeSparks(resources, metrics, points, range) {
  const end = Date.now();
  const width = range === "7d" ? 7 * 86_400_000 : 3_600_000;
  const start = end - width;
  const series = {};
  for (const [at, entry] of resources.entries()) {
    const last = { cpu: entry.cpu?.current, memory: entry.memory?.current, disk: entry.disk?.current, netin: entry.network?.rxBytes, netout: entry.network?.txBytes };
    series[entry.id] = {};
    for (const metric of metrics) {
      if (last[metric] === undefined) continue;
      const top = metric.startsWith("net") ? 1e8 : 97;
      let value = last[metric];
      const values = Array.from({ length: points }, (_, step) => {
        // Over days disks fill slowly, each at its own pace.
        if (range === "7d") value -= (at % 4) * 0.06;
        value = near(value, range === "7d" ? 0.05 : metric === "memory" || metric === "disk" ? 1 : value * 0.3 + 2, 1, top);
        return at % 9 === 8 && step > 20 && step < 29 ? null : Math.round(value * 10) / 10;
      });
      series[entry.id][metric] = values.toReversed();
    }
  }
  return { start, step: width / points, end, series };
}
