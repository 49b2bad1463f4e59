// Settings, sample data and support pages for the fake server.

const SETTINGS = {
  pvePollingInterval: 10, pbsPollingInterval: 60, pmgPollingInterval: 60, backupPollingInterval: 0, backupPollingEnabled: true, adaptivePollingEnabled: false, adaptivePollingBaseInterval: 10, adaptivePollingMinInterval: 5, adaptivePollingMaxInterval: 300,
  connectionTimeout: 60, updateChannel: "stable", autoUpdateEnabled: false, logLevel: "info", discoveryEnabled: false, discoverySubnet: "auto", theme: "", fullWidthMode: false, allowEmbedding: false, allowedEmbedOrigins: "", allowedOrigins: "", frontendPort: 7655,
  temperatureMonitoringEnabled: true, dnsCacheTimeout: 300, webhookAllowedPrivateCIDRs: "", hideLocalLogin: false, publicURL: "https://pulse.example.net", metricsRetentionRawHours: 48, metricsRetentionMinuteHours: 336, metricsRetentionHourlyDays: 90, metricsRetentionDailyDays: 90,
  disableDockerUpdateActions: false, enableProxmoxGuestDockerInventory: false, telemetryEnabled: false,
  envOverrides: { publicURL: true, logLevel: false },
};
const MOCK = { enabled: false, config: { nodeCount: 7, vmsPerNode: 5, lxcsPerNode: 8, dockerHostCount: 3, dockerContainersPerHost: 12, genericHostCount: 4, k8sClusterCount: 2, k8sNodesPerCluster: 4, k8sPodsPerCluster: 30, k8sDeploymentsPerCluster: 12, randomMetrics: true, highLoadNodes: [], stoppedPercent: 0.2 } };
const LEVELS = ["debug", "info", "warn", "error"];
const MESSAGES = ["report taken from pve-atlas in 3 ms", "sealed block 4182 with 512 series", "socket opened by nina", "poll of pbs-vault took 812 ms", "agent edge-hel-2.example.net is late by 31 s", "token homepage-widget read /api/state"];

const line = (at, index) => JSON.stringify({ timestamp: new Date(at).toISOString(), level: LEVELS[[1, 1, 0, 1, 2, 1, 3][index % 7]], target: ["pulse_api", "pulse_history", "pulse_sources"][index % 3], message: MESSAGES[index % MESSAGES.length], fields: { n: index } });

function diagnostics() {
  return {
    version: "6.0.0-dev", runtime: "rust 1.97", uptime: 259_200,
    nodes: [{ id: "n1", name: "pve-atlas", host: "https://10.20.1.1:8006", type: "pve", authMethod: "token", connected: true, details: { node_count: 3, version: "9.0.6" }, lastPoll: new Date().toISOString() }, { id: "n2", name: "pve-lab", host: "https://10.20.9.1:8006", type: "pve", authMethod: "token", connected: false, error: "certificate does not match the stored fingerprint", troubleshooting: "Compare the fingerprint on the node with the stored one, then accept the new one." }],
    pbs: [{ name: "pbs-vault", host: "https://10.20.1.20:8007", connected: true }],
    system: { os: "linux", arch: "x86_64", goVersion: "rust 1.97", numCPU: 4, numGoroutine: 38, memoryMB: 61 },
    metricsStore: { enabled: true, status: "healthy", dbSize: 184_000_000, notes: ["90 days kept for 1,204 series"] },
    apiTokens: { enabled: true, tokenCount: 3, recommendTokenSetup: false, unusedTokenCount: 1, notes: ["old-phone has every scope and ended"] },
    dockerAgents: { agentsTotal: 6, agentsOnline: 4, attention: [{ agent: "pi-garage", issues: ["No report for 2 h 14 m"] }] },
    errors: [],
  };
}

/** Answers whether it answered. */
export function answerSettings({ state, json, fail, announce }, method, url, body, answer) {
  state.settings ??= structuredClone(SETTINGS);
  state.mock ??= structuredClone(MOCK);
  const key = `${method} ${url.pathname}`;
  const routes = {
    "GET /api/system/settings": () => json(answer, 200, state.settings),
    "GET /api/settings": () => json(answer, 200, { theme: state.settings.theme, fullWidthMode: false }),
    "POST /api/system/settings/update": () => {
      if (body.pvePollingInterval < 10) return fail(answer, 400, "validation_error", "pvePollingInterval must be between 10 and 3600 seconds.", { details: { field: "pvePollingInterval" } });
      if (body.allowedEmbedOrigins?.includes("refuse")) return fail(answer, 400, "validation_error", "That origin cannot be allowed.", { details: { field: "allowedEmbedOrigins" } });
      Object.assign(state.settings, body);
      if (body.theme !== undefined) announce("settingsUpdate", { theme: body.theme, fullWidthMode: false });
      json(answer, 200, { success: true });
    },
    "GET /api/system/mock-mode": () => json(answer, 200, state.mock),
    "POST /api/system/mock-mode": () => {
      if (body.enabled !== undefined) state.mock.enabled = body.enabled;
      Object.assign(state.mock.config, body.config);
      json(answer, 200, state.mock);
    },
    "GET /api/metrics-store/stats": () => json(answer, 200, { enabled: true, dbSize: 184_000_000, rawCount: 4_100_000, minuteCount: 900_000, hourlyCount: 120_000, dailyCount: 0, totalWrites: 88_000_000, bufferSize: 0, lastFlush: new Date().toISOString() }),
    "GET /api/diagnostics": () => json(answer, 200, diagnostics(), { "X-Diagnostics-Cached-At": new Date(Date.now() - 12_000).toISOString() }),
    "GET /api/logs/level": () => json(answer, 200, { level: state.settings.logLevel }),
    "POST /api/logs/level": () => {
      state.settings.logLevel = body.level;
      json(answer, 200);
    },
    "GET /api/logs/download": () => {
      answer.writeHead(200, { "Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="pulse-support-bundle.zip"' });
      answer.end("zip");
    },
    "GET /api/logs/stream": () => {
      answer.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
      for (let at = 0; at < 120; at++) answer.write(`data: ${line(Date.now() - (120 - at) * 1700, at)}\n\n`);
      let count = 120;
      const timer = setInterval(() => answer.write(`data: ${line(Date.now(), count++)}\n\n`), 900);
      answer.on("close", () => clearInterval(timer));
    },
  };
  if (key === "PUT /api/system/mock-mode") return routes["POST /api/system/mock-mode"](), true;
  if (!routes[key]) return false;
  routes[key]();
  return true;
}
