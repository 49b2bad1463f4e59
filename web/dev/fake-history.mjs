// History, notes and identity for the fake server: series of every range and kind, with a silence in each.
import { makeHistory } from "./fake-hosts.mjs";

const HOUR = 3_600_000;
const RANGES = { "1h": HOUR, "6h": 6 * HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR, "30d": 720 * HOUR, "90d": 2160 * HOUR };
const STEPS = { "1h": 10_000, "6h": 60_000, "24h": 180_000, "7d": 1_260_000, "30d": 5_400_000, "90d": 16_200_000 };

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/** What is recorded of a resource now: metric, value, how much it wanders per point, its limits. */
function recorded(entry) {
  const smart = entry.physicalDisk?.smart;
  if (entry.type === "physical_disk") {
    return [
      ["smart_temp", entry.temperature, 0.8, 18, 60],
      ["smart_percentage_used", entry.physicalDisk.wearout >= 0 ? 100 - entry.physicalDisk.wearout : undefined, 0, 0, 100],
      ["smart_reallocated_sectors", smart?.reallocatedSectors, 0, 0, 1e6],
      ["smart_pending_sectors", smart?.pendingSectors, 0, 0, 1e6],
      ["smart_power_on_hours", smart?.powerOnHours, 0, 0, 1e9],
    ];
  }
  if (entry.type === "storage") return [["usage", entry.disk?.current, 0.1, 0, 100], ["used", entry.disk?.used, 1e8, 0, 1e18], ["total", entry.disk?.total, 0, 0, 1e18]];
  return [
    ["cpu", entry.cpu?.current, 7, 1, 96],
    ["memory", entry.memory?.current, 0.8, 3, 97],
    ["disk", entry.disk?.current, 0.05, 1, 99],
    ["netin", entry.network?.rxBytes, 9e5, 1e3, 9e7],
    ["netout", entry.network?.txBytes, 4e5, 1e3, 3e7],
    ["diskread", entry.diskIO?.readRate, 6e5, 0, 8e7],
    ["diskwrite", entry.diskIO?.writeRate, 9e5, 0, 9e7],
    ["temperature", entry.temperature, 1, 30, 82],
  ];
}

/** Counters only ever rise: the past of each is a little less than now. */
const RISING = { smart_percentage_used: 0.02, smart_reallocated_sectors: 0.01, smart_power_on_hours: 1 };

function series(name, now, spread, low, high, range, end) {
  const step = STEPS[range];
  const count = Math.floor(RANGES[range] / step);
  const points = [];
  let value = now;
  for (let at = 0; at < count; at++) {
    const timestamp = end - at * step;
    const silent = at > count * 0.34 && at < count * 0.46;
    const width = range === "1h" ? 0 : spread * 1.6;
    if (!silent) points.push({ timestamp, value, min: clamp(value - width, low, high), max: clamp(value + width * 2, low, high) });
    if (RISING[name]) value = Math.max(0, now - Math.floor((RISING[name] * at * step) / HOUR));
    else value = clamp(value + (Math.random() - 0.5) * spread, low, high);
  }
  return points.toReversed();
}

export function rangedHistory(entry, range) {
  const end = entry.lastSeen || Date.now();
  const found = recorded(entry).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found.map(([name, value, spread, low, high]) => [name, series(name, value, spread, low, high, range, end)]));
}

/** Routes with an id in their path, and those of the drawer. Answers whether it answered. */
export function answerDrawer({ state, json, fail, publish }, method, url, body, answer) {
  const path = decodeURIComponent(url.pathname);
  if (method === "GET" && path === "/api/metrics-store/history") {
    const range = RANGES[url.searchParams.get("range")] ? url.searchParams.get("range") : "24h";
    const entry = state.hosts.find((host) => host.id === url.searchParams.get("resourceId"));
    const plain = entry?.type === "agent" && range === "1h" && entry.id.startsWith("agent-");
    const metrics = !entry ? {} : plain ? makeHistory(entry, state.scene) : rangedHistory(entry, range);
    state.asked = (state.asked ?? 0) + 1;
    json(answer, 200, { resourceType: url.searchParams.get("resourceType"), resourceId: entry?.id, range, start: Date.now() - RANGES[range], end: Date.now(), metrics, source: range === "1h" ? "memory" : "store" });
    return true;
  }
  const notes = path.match(/^\/api\/(resources|agents|guests|docker|docker\/runtimes)\/metadata\/(.+)$/);
  if (notes) {
    const id = notes[2];
    state.notes ??= { "agent-4": { customUrl: "https://nas.example.net", tags: ["prod", "media"], notes: ["Rack 2, second from the top. Ask Nina before a restart."] } };
    const record = { customUrl: "", description: "", tags: [], notes: [], ...state.notes[id], id };
    if (method === "GET") json(answer, 200, record);
    else if (body.customUrl?.includes("refuse")) fail(answer, 400, "invalid_url", "The link must be an absolute http or https address.", { details: { field: "customUrl" } });
    else {
      state.notes[id] = { ...record, ...body };
      const host = state.hosts.find((entry) => entry.id === id);
      if (host) publish([Object.assign(host, { customUrl: state.notes[id].customUrl || undefined })].map(({ customUrl = null }) => ({ id, customUrl })), []);
      json(answer, 200, state.notes[id]);
    }
    return true;
  }
  const identity = path.match(/^\/api\/resources\/(.+)\/(link|unlink|report-merge)$/);
  if (identity && method === "POST") {
    json(answer, 200, { status: "ok", message: "Done", ...(identity[2] === "report-merge" ? { exclusions: 1 } : {}) });
    return true;
  }
  return false;
}
