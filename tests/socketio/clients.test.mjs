/** The real Socket.IO client against the real server and agent, in every way it can connect. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { io } from "socket.io-client";
import { Site } from "../browser/site.mjs";

const PASSWORD = "a password of some length";
/** Longer than the server's heartbeat of 25 s. */
const A_HEARTBEAT = 27_000;

let site;
let token;
const sockets = new Set();

async function call(method, path, body) {
  const headers = { "content-type": "application/json", "x-api-token": token ?? "" };
  const answer = await fetch(site.base + path, { method, headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

function connect(options, credentials = { "x-api-token": token }) {
  const socket = io(site.base, { forceNew: true, reconnection: false, extraHeaders: credentials, ...options });
  sockets.add(socket);
  return socket;
}

/** The first argument of the next event of that name; an event that never comes ends the test. */
async function next(emitter, name, within = 20_000) {
  const [value] = await once(emitter, name, { signal: AbortSignal.timeout(within) });
  return value;
}

/** The next whole state that holds this machine. */
async function stateWithAgent(socket) {
  for (;;) {
    const state = await Promise.race([next(socket, "initialState"), next(socket, "rawData")]);
    if (state.resources.length > 0) return state;
  }
}

before(async () => {
  site = await Site.start();
  const setup = {
    username: "admin", password: PASSWORD, setupToken: site.bootstrapToken(), generateApiToken: true,
  };
  token = (await call("POST", "/api/security/quick-setup", setup)).apiToken;
});

after(async () => {
  for (const socket of sockets) socket.disconnect();
  await site.stop();
});

const WAYS = {
  "by polling": { transports: ["polling"] },
  "by WebSocket": { transports: ["websocket"] },
  "by polling, then WebSocket": { transports: ["polling", "websocket"] },
};

for (const [name, options] of Object.entries(WAYS)) {
  describe(name, { concurrency: true }, () => {
    test("a client is welcomed, gets the state, and what it asks for", async () => {
      const socket = connect(options);
      const welcome = await next(socket, "welcome");
      assert.equal(welcome.orgId, "default");
      const state = await stateWithAgent(socket);
      assert.ok(Array.isArray(state.hosts) && Array.isArray(state.nodes));
      assert.ok(state.hosts.some((host) => host.id === state.resources[0].id));

      const whole = next(socket, "rawData");
      socket.emit("requestData");
      assert.ok((await whole).lastUpdate > 0);

      const pong = next(socket, "pong");
      socket.emit("ping", { timestamp: 1 });
      assert.ok((await pong).timestamp > 1_700_000_000);
      assert.deepEqual(await socket.emitWithAck("anything"), undefined);
      socket.disconnect();
    });

    test("changes come by themselves, and the connection outlives a heartbeat", async () => {
      const socket = connect(options);
      await next(socket, "initialState");
      const gone = once(socket, "disconnect").then(([why]) => assert.fail(`disconnected: ${why}`));
      const pinged = next(socket.io.engine, "ping", A_HEARTBEAT + 5_000);
      const changes = [];
      socket.on("rawData", (state) => changes.push(state.lastUpdate));
      await Promise.race([Promise.all([pinged, pause(A_HEARTBEAT)]), gone]);
      assert.ok(changes.length >= 3, `${changes.length} whole states in ${A_HEARTBEAT} ms`);
      assert.ok(changes.length <= A_HEARTBEAT / 5_000 + 2, "at most one in five seconds");
      const event = next(socket, "node_auto_registered");
      assert.equal((await call("POST", "/api/test-notification", {})).status, "notification sent");
      assert.equal((await event).host, "test-node.example.com");
      if (options.transports.length > 1) assert.equal(socket.io.engine.transport.name, "websocket");
      socket.removeAllListeners("disconnect");
      socket.disconnect();
    });

    test("nobody gets in without a token that may read", async () => {
      const { token: weak } = await call("POST", "/api/security/tokens", { name: "weak", scopes: ["agent:report"] });
      for (const credentials of [{}, { "x-api-token": "pulse_made-up" }, { "x-api-token": weak }]) {
        const socket = connect(options, credentials);
        socket.on("connect", () => assert.fail("it got in"));
        await next(socket, "connect_error");
      }
    });

    test("a page of another site is turned away", async () => {
      const socket = connect(options, { "x-api-token": token, origin: "https://evil.test" });
      socket.on("connect", () => assert.fail("it got in"));
      await next(socket, "connect_error");
    });

    test("a namespace nobody made says so, and a revoked token ends the session", async () => {
      const { token: own, record } = await call("POST", "/api/security/tokens", { name: name, scopes: ["monitoring:read"] });
      const credentials = { "x-api-token": own };
      const other = io(`${site.base}/admin`, { forceNew: true, reconnection: false, extraHeaders: credentials, ...options });
      sockets.add(other);
      assert.equal((await next(other, "connect_error")).message, "Invalid namespace");
      other.io.engine.close();

      const socket = connect(options, credentials);
      await next(socket, "initialState");
      const why = next(socket, "disconnect");
      await call("DELETE", `/api/security/tokens/${record.id}`);
      // A waiting poll, or a WebSocket, hears it; a poll that comes only after it is refused with its token.
      const reasons = options.transports.includes("polling")
        ? ["io server disconnect", "transport error"]
        : ["io server disconnect"];
      assert.ok(reasons.includes(await why), await why);
      await next(connect(options, credentials), "connect_error");
    });
  });
}

test("whoever asks for everything all the time is told to stop", async () => {
  const socket = connect({ transports: ["websocket"] });
  await next(socket, "initialState");
  const refused = next(socket, "error");
  for (let time = 0; time < 12; time += 1) socket.emit("requestData");
  assert.match(await refused, /10 times/);
  socket.disconnect();
});

test("what is not Engine.IO 4 is refused", async () => {
  const headers = { "x-api-token": token };
  for (const query of ["EIO=3&transport=polling", "EIO=4&transport=carrier-pigeon", "EIO=4&transport=polling&sid=made-up"]) {
    const answer = await fetch(`${site.base}/socket.io/?${query}`, { headers });
    assert.equal(answer.status, 400, query);
    assert.ok((await answer.json()).code, query);
  }
});
