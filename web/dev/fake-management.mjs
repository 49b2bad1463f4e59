// What operators decide about engines, clusters and agents, for the fake server.

const ROUTE = /^\/api\/agents\/(docker\/runtimes|kubernetes\/clusters|agent)\/([^/]+)(?:\/([a-z-]+))?$/;
const LISTS = { "docker/runtimes": "removedDockerHosts", "kubernetes/clusters": "removedKubernetesClusters", agent: "removedHostAgents" };

const idOf = (entry, family) => (family === "agent" ? entry.agent?.agentId : family === "docker/runtimes" ? (entry.docker?.hostSourceId ?? entry.id) : entry.kubernetes?.clusterId);

function find(hosts, family, id) {
  const isKind = (entry) => (family === "agent" ? !!entry.agent : family === "docker/runtimes" ? !!entry.docker && ["docker-host", "agent"].includes(entry.type) : entry.type === "k8s-cluster");
  return hosts.find((entry) => isKind(entry) && idOf(entry, family) === id);
}

/** Answers when the call is one of its own. */
export function answerManagement({ state, json, fail, publish }, method, url, body, answer) {
  const [, family, id, verb] = decodeURIComponent(url.pathname).match(ROUTE) ?? [];
  if (!family) return false;
  state.removed ??= [];
  const key = family === "kubernetes/clusters" ? "clusterId" : "agentId";
  const done = (message, more = {}) => (json(answer, 200, { success: true, [key]: id, message, ...more }), true);
  if (method === "POST" && verb === "allow-reenroll") {
    state.removed = state.removed.filter((entry) => entry.id !== id);
    return done("It may report again.");
  }
  const entry = find(state.hosts, family, id);
  if (!entry) return fail(answer, 404, "not_found", "Nothing is known under that id."), true;
  const facet = family === "kubernetes/clusters" ? "kubernetes" : "docker";
  const change = (patch) => (Object.assign(entry[facet], patch), publish([{ id: entry.id, [facet]: patch }], []));
  if (method === "POST" && verb === "check-updates") {
    change({ command: { id: "c1", type: "check_updates", status: "queued", createdAt: new Date().toISOString() } });
    return done("Asked.", { commandId: "c1" });
  }
  if (method === "PUT" && verb === "display-name") {
    entry.displayName = body.displayName || entry.name;
    publish([{ id: entry.id, displayName: entry.displayName }], []);
    return done("Renamed.");
  }
  if (method === "PUT" && verb === "unhide") return change({ hidden: null }), delete entry[facet].hidden, done("Shown.");
  if (method === "DELETE" && url.searchParams.get("hide") === "true") return change({ hidden: true }), done("Hidden.");
  if (method !== "DELETE") return false;
  state.removed.push({ list: LISTS[family], id, displayName: entry.displayName, removedAt: new Date().toISOString() });
  const gone = new Set([entry.id]);
  for (let before = 0; before !== gone.size; ) {
    before = gone.size;
    for (const other of state.hosts) if (gone.has(other.parentId)) gone.add(other.id);
  }
  state.hosts = state.hosts.filter((other) => !gone.has(other.id));
  publish([], [...gone]);
  return done("Removed.");
}

/** The lists of the state of what was removed. */
export const removedLists = (state) => Object.fromEntries(Object.values(LISTS).map((list) => [list, (state.removed ?? []).filter((entry) => entry.list === list)]));
