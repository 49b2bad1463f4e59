// What an agent knows of a machine beside its figures, for the fake server: one machine that has everything.
import { GIB } from "./fake-parts.mjs";

const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();

export function describe(host) {
  Object.assign(host.agent, {
    collectors: [
      { name: "cpu", state: "ok", lastDurationMs: 2 },
      { name: "smart", state: "ok", lastError: "1 of 4 disks cannot be read: sdb: no answer", lastDurationMs: 812, everySeconds: 300, updatedAt: ago(2) },
      { name: "zfs", state: "ok", lastDurationMs: 64, everySeconds: 60 },
      { name: "packages", state: "timed out", lastError: "apt did not answer within 60 s", lastDurationMs: 60_000, everySeconds: 21_600, updatedAt: ago(5) },
      { name: "ceph", state: "absent" },
      { name: "gpu", state: "off" },
    ],
    modules: [{ name: "host", enabled: true, state: "running" }, { name: "docker", enabled: true, state: "running" }, { name: "kubernetes", enabled: false }],
    agentPrivilege: { runningAsRoot: false, serviceUser: "pulse-agent", smartctlHelper: true },
    agentUpdate: { autoUpdate: true, availableVersion: "1.0.1", state: "waiting", lastSuccessAt: ago(400) },
    raid: [{ device: "/dev/md0", name: "md0", level: "raid5", state: "degraded", totalDevices: 4, activeDevices: 3, failedDevices: 1, operation: "recovery", rebuildPercent: 41, rebuildSpeed: "120 MB/s" }],
    zfsPools: [{ name: "tank", state: "DEGRADED", status: "One device is unavailable", readErrors: 0, writeErrors: 0, checksumErrors: 3, scanDetails: { function: "scrub", state: "finished", endedAt: ago(60), errors: 0 }, devices: [{ name: "raidz1-0", type: "raidz1", state: "DEGRADED", readErrors: 0, writeErrors: 0, checksumErrors: 0 }, { name: "sda", parent: "raidz1-0", role: "data", state: "ONLINE", readErrors: 0, writeErrors: 0, checksumErrors: 3 }, { name: "sdb", parent: "raidz1-0", role: "data", state: "UNAVAIL", missing: true }] }],
    packageUpdates: { supported: true, manager: "apt", pendingCount: 14, rebootRequired: true, checkedAt: ago(1), packages: [{ name: "linux-image-amd64", installedVersion: "6.12.38-1", availableVersion: "6.12.41-1" }, { name: "openssl", installedVersion: "3.5.1-1", availableVersion: "3.5.1-1+deb13u1" }] },
    storageCleanup: { supported: true, provider: "docker", reclaimableBytes: 18e9 },
  });
  host.agent.sensors = {
    ...host.agent.sensors,
    gpu: [{ name: "Intel Arc A380", utilizationPercent: 34, memoryUsedBytes: 1.2 * GIB, memoryTotalBytes: 6 * GIB, temperatureCelsius: 52 }],
    additional: { "board": 41.5, "memory module 1": 38 },
    custom: [{ id: "door", name: "Rack door", group: "Room", value: 21.4, unit: "°C", status: "ok" }, { id: "ups", name: "UPS", group: "Room", error: "no answer", stale: true }],
  };
}
