// A stand-in for the server while working on the dashboard: node dev/fake-server.mjs [scene] [port]
// Scenes: first-run, one, many (300 machines), huge (5,000), trouble (stale, offline, unknown), none; and of every kind:
// estate (as in the design), mock (the same, marked as invented), silent (all of it stale), clusters (two of Kubernetes), large (1,000 hosts × 20).
// Speaks the routes and the socket the dashboard uses, with invented machines. Never part of a build.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { extname, join, normalize } from "node:path";
import { WebSocketServer } from "ws";
import { ESTATE_SCENES, makeEstate } from "./fake-estate.mjs";
import { answerDrawer } from "./fake-history.mjs";
import { makeHosts, makeSparks, move } from "./fake-hosts.mjs";
import { answerManagement, removedLists } from "./fake-management.mjs";
import { answerSettings } from "./fake-settings.mjs";

export const TOKEN = "0123456789abcdef".repeat(3);
const DIST = new URL("../dist/", import.meta.url).pathname;
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".html": "text/html; charset=utf-8" };

export async function startFake({ scene = "one", port = 0, signedIn = false, interval = 2000, sparks = true } = {}) {
  const state = {
    scene,
    hosts: scene === "first-run" ? [] : ESTATE_SCENES.has(scene) ? makeEstate(scene) : makeHosts(scene),
    hasAccount: scene !== "first-run",
    session: signedIn,
    wrong: 0,
    epoch: randomBytes(4).toString("hex"),
    seq: 1,
    kept: [],
    started: Date.now() - 3 * 86_400_000,
    tokens: [
      { id: "t1", name: "homepage-widget", prefix: "pulse_a91c", suffix: "77d0", createdAt: "2026-05-02T10:00:00Z", lastUsedAt: new Date(Date.now() - 130_000).toISOString(), scopes: ["monitoring:read"] },
      { id: "t2", name: "lab-nuc-07", prefix: "pulse_03fe", suffix: "a1b2", createdAt: "2026-10-11T08:30:00Z", lastUsedAt: new Date(Date.now() - 4_000).toISOString(), scopes: ["agent:report"] },
      { id: "t3", name: "old-phone", prefix: "pulse_41dd", suffix: "9c9c", createdAt: "2025-12-01T08:30:00Z", expiresAt: "2026-03-01T00:00:00Z", scopes: ["*"] },
    ],
  };

  const json = (answer, status, body, headers = {}) => {
    answer.writeHead(status, { "Content-Type": "application/json", ...headers });
    answer.end(body === undefined ? "" : JSON.stringify(body));
  };
  const fail = (answer, status, code, message, extra = {}) => json(answer, status, { error: message, code, status_code: status, ...extra });
  const cookies = { "Set-Cookie": ["pulse_session=fake; HttpOnly; Path=/", "pulse_csrf=fake-csrf; Path=/"] };
  const snapshot = () => ({
    resources: state.hosts,
    stats: { startTime: new Date(state.started).toISOString(), webSocketClients: sockets.clients.size, version: "6.0.0-dev" },
    connectionHealth: {},
    lastUpdate: Date.now(),
    ...(state.scene === "mock" ? { mockMode: true } : {}),
    activeAlerts: [],
    recentlyResolved: [],
    ...removedLists(state),
  });

  const routes = {
    "GET /api/security/status": (_, answer) =>
      json(answer, 200, {
        detailLevel: state.session ? "privileged" : "public",
        hasAuthentication: state.hasAccount,
        requiresAuth: true,
        ...(state.hasAccount ? {} : { bootstrapTokenPath: "/var/lib/pulse/.bootstrap_token" }),
        ...(state.session ? { authUsername: "nina" } : {}),
      }),
    "POST /api/security/validate-bootstrap-token": (body, answer) => (body.token === TOKEN ? json(answer, 204) : fail(answer, 401, "invalid_token", "Unknown token")),
    "POST /api/security/quick-setup": (body, answer) => {
      if (body.setupToken !== TOKEN) return fail(answer, 401, "invalid_token", "Unknown token");
      state.hasAccount = true;
      state.session = true;
      setTimeout(() => {
        state.hosts = makeHosts("one");
        publish(state.hosts, []);
      }, 1200);
      json(answer, 200, { success: true, message: "Set up" }, cookies);
    },
    "POST /api/login": (body, answer) => {
      if (state.wrong >= 5) return fail(answer, 403, "account_locked", "Locked", { error: "account_locked", remainingMinutes: 14 });
      if (body.password !== "correct-horse") {
        state.wrong += 1;
        return json(answer, 401, { error: "invalid_credentials", message: "Wrong", attempts: state.wrong, remaining: 5 - state.wrong, maxAttempts: 5 });
      }
      state.session = true;
      state.wrong = 0;
      json(answer, 200, { success: true }, cookies);
    },
    "POST /api/logout": (_, answer) => {
      state.session = false;
      json(answer, 200, { success: true });
    },
    "GET /api/version": (_, answer) => json(answer, 200, { version: "6.0.0-dev", channel: "source" }),
    "GET /api/state": (_, answer) => json(answer, 200, snapshot()),
    "GET /api/security/tokens": (_, answer) => json(answer, 200, { tokens: state.tokens }),
    "POST /api/security/tokens": (body, answer) => {
      const record = { id: randomBytes(4).toString("hex"), name: body.name, prefix: "pulse_77b0", suffix: "1234", createdAt: new Date().toISOString(), scopes: body.scopes ?? ["*"] };
      state.tokens.push(record);
      json(answer, 200, { token: `pulse_77b0${randomBytes(22).toString("hex")}`, record });
    },
    "GET /api/docs": (_, answer) => {
      answer.writeHead(200, { "Content-Type": "text/html" });
      answer.end("<title>API</title>API reference");
    },
    "GET /api/metrics-store/sparks": (_, answer, url) => {
      if (!sparks) return fail(answer, 404, "not_found", "No such route");
      const list = (name) => (url.searchParams.get(name) ?? "").split(",").filter(Boolean);
      const wanted = new Set(list("ids"));
      if (wanted.size > 200) return fail(answer, 400, "invalid_query", "At most 200 ids");
      json(answer, 200, makeSparks(state.hosts.filter((entry) => wanted.has(entry.id)), list("metrics"), Number(url.searchParams.get("maxPoints") ?? 60), url.searchParams.get("range") ?? "1h"));
    },
  };
  const open = new Set(["GET /api/security/status", "POST /api/security/validate-bootstrap-token", "POST /api/security/quick-setup", "POST /api/login", "GET /api/version"]);

  async function serveFile(path, answer) {
    const wanted = normalize(path).replace(/^(\.\.[/\\])+/, "");
    const name = extname(wanted) ? wanted : "index.html";
    const nonce = randomBytes(16).toString("base64");
    try {
      let content = await readFile(join(DIST, name));
      if (name === "index.html") content = content.toString().replaceAll("__CSP_NONCE__", nonce);
      answer.writeHead(200, {
        "Content-Type": TYPES[extname(name)] ?? "application/octet-stream",
        "Content-Security-Policy": `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      });
      answer.end(content);
    } catch {
      fail(answer, 404, "not_found", "No such file");
    }
  }

  const server = createServer(async (incoming, answer) => {
    const url = new URL(incoming.url, "http://fake");
    const key = `${incoming.method} ${url.pathname}`;
    if (!url.pathname.startsWith("/api/")) return serveFile(url.pathname, answer);
    if (!state.session && !open.has(key)) return fail(answer, 401, "unauthorized", "Sign in first");
    if (incoming.method !== "GET" && state.session && !open.has(key) && incoming.headers["x-csrf-token"] !== "fake-csrf") {
      return fail(answer, 403, "csrf_failure", "CSRF", {}, cookies);
    }
    let text = "";
    for await (const chunk of incoming) text += chunk;
    const body = text ? JSON.parse(text) : {};
    const route = routes[key];
    if (route) return route(body, answer, url);
    const tools = { state, json, fail, publish, announce };
    if (answerDrawer(tools, incoming.method, url, body, answer) || answerManagement(tools, incoming.method, url, body, answer) || answerSettings(tools, incoming.method, url, body, answer)) return;
    if (key.startsWith("DELETE /api/security/tokens/")) {
      state.tokens = state.tokens.filter((token) => !key.endsWith(token.id));
      return json(answer, 204);
    }
    fail(answer, 404, "not_found", "No such route");
  });

  const sockets = new WebSocketServer({ noServer: true });
  const frame = (type, data, extra = {}) => JSON.stringify({ type, data, timestamp: new Date().toISOString(), ...extra });
  const whole = (type) => frame(type, snapshot(), { epoch: state.epoch, seq: state.seq });
  server.on("upgrade", (incoming, socket, head) => {
    if (!state.session) return socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    sockets.handleUpgrade(incoming, socket, head, (client) => {
      const since = new URL(incoming.url, "http://fake").searchParams.get("since");
      client.send(frame("welcome", { message: "Welcome", orgId: "default", version: "6.0.0-dev" }));
      const [epoch, seq] = (since ?? "").split(":");
      const missed = state.kept.filter((entry) => entry.seq > Number(seq));
      if (epoch === state.epoch && (missed.length > 0 || Number(seq) === state.seq)) {
        client.send(JSON.stringify({ type: "resumed", epoch: state.epoch, seq: state.seq }));
        for (const entry of missed) client.send(entry.text);
      } else client.send(whole("initialState"));
      client.on("message", (message) => {
        const said = JSON.parse(message);
        if (said.type === "ping") client.send(frame("pong", { timestamp: Math.floor(Date.now() / 1000) }));
        if (said.type === "requestData") client.send(whole("rawData"));
      });
    });
  });

  function publish(upserts, removed) {
    state.seq += 1;
    const text = frame("rawDataDelta", { lastUpdate: Date.now(), resourceDelta: { upserts, removed } }, { epoch: state.epoch, seq: state.seq });
    state.kept.push({ seq: state.seq, text });
    if (state.kept.length > 50) state.kept.shift();
    for (const client of sockets.clients) client.send(text);
  }
  function announce(type, data) {
    for (const client of sockets.clients) client.send(frame(type, data));
  }
  const timer = setInterval(() => {
    // Each reports every tenth second, or thirtieth in the largest estate.
    const turns = state.hosts.length > 10_000 ? 15 : 5;
    const patches = state.hosts.map((host, index) => (Date.now() / interval + index) % turns < 1 || state.hosts.length < 20 ? move(host) : undefined).filter(Boolean);
    if (patches.length > 0) publish(patches, []);
  }, interval);

  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    state,
    url: `http://127.0.0.1:${server.address().port}`,
    publish,
    announce,
    endSessions() {
      state.session = false;
      for (const client of sockets.clients) client.close(4401);
    },
    dropLine() {
      for (const client of sockets.clients) client.terminate();
    },
    silence() {
      clearInterval(timer);
    },
    close() {
      clearInterval(timer);
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const fake = await startFake({ scene: process.argv[2] ?? "one", port: Number(process.argv[3] ?? 7655), signedIn: process.argv[4] === "in" });
  console.log(`${fake.url} (password correct-horse, bootstrap token ${TOKEN})`);
}
