// What the invented resources of the fake server are made of.

export const GIB = 2 ** 30;

/** The same sequence for the same seed. */
export function dice(seed) {
  let state = seed * 2654435761 + 97;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A resource of a kind; children take platform and source from what they run on. */
export function resource(type, id, name, { parent, ...facts } = {}) {
  const sources = facts.sources ?? parent?.sources?.slice(-1) ?? ["agent"];
  return {
    id,
    type,
    name,
    displayName: name,
    platformId: id,
    platformType: parent?.platformType ?? "agent",
    sourceType: sources.length > 1 ? "hybrid" : "api",
    sources,
    status: "online",
    tags: [],
    labels: {},
    alerts: [],
    lastSeen: Date.now() - 2000,
    identity: { hostname: name, ips: [] },
    sourceStatus: Object.fromEntries(sources.map((source) => [source, { status: "online", lastSeen: new Date().toISOString() }])),
    ...(parent ? { parentId: parent.id, parentName: parent.name } : {}),
    metricsTarget: { resourceType: type, resourceId: id },
    ...facts,
  };
}

/** Present figures: what a guest, a container or a host measures. */
export function hostFigures(entry, next, memoryTotal, cores, { disk = true } = {}) {
  const used = memoryTotal * (0.08 + next() * 0.7);
  const room = 256e9 * (1 + Math.floor(next() * 4));
  const share = 0.1 + next() * 0.65;
  entry.cpu = { current: next() ** 2 * 80 + 1, total: cores };
  entry.memory = { current: (used / memoryTotal) * 100, total: memoryTotal, used, free: memoryTotal - used };
  if (disk) entry.disk = { current: share * 100, total: room, used: room * share, free: room * (1 - share) };
  entry.network = { rxBytes: next() * 4e6, txBytes: next() * 1e6 };
  entry.diskIO = { readRate: next() * 3e6, writeRate: next() * 9e6 };
  entry.uptime ??= Math.floor(next() * 120 * 86_400);
}
