/** A real server and the real agent of this machine, on a throw-away data directory and a free port. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const binaries = process.env.PULSE_BINARIES ?? join(import.meta.dirname, "../../target/debug");

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Asks again until `holds` gives something true; another process can only be asked. */
async function until(what, holds) {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const found = await holds();
    if (found) return found;
    await pause(50);
  }
  throw new Error(`${what}: not within 30 s`);
}

export class Site {
  static async start() {
    const site = new Site();
    site.data = mkdtempSync(join(tmpdir(), "pulse-browser-"));
    site.port = await freePort();
    site.base = `http://127.0.0.1:${site.port}`;
    await site.startServer();
    site.startAgent();
    return site;
  }

  async startServer() {
    const options = ["serve", "--listen", `127.0.0.1:${this.port}`, "--data-dir", this.data];
    this.server = this.#run("pulse", options);
    await until("the server answers", async () => {
      if (this.server.exitCode !== null) throw new Error(`the server ended with ${this.server.exitCode}`);
      return (await fetch(`${this.base}/api/health`).catch(() => undefined))?.ok;
    });
  }

  startAgent() {
    const enrol = ["--enroll", "--token-file", join(this.data, "local-agent.token")];
    const options = ["--url", this.base, "--state-dir", join(this.data, "agent"), "--interval", "2s"];
    this.agent = this.#run("pulse-agent", [...enrol, ...options]);
  }

  bootstrapToken() {
    const file = join(this.data, ".bootstrap_token");
    return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  }

  async stopServer() {
    await end(this.server);
  }

  async stop() {
    await end(this.agent);
    await end(this.server);
    rmSync(this.data, { recursive: true, force: true });
  }

  #run(name, options) {
    const env = { ...process.env, LOG_LEVEL: "warn", PULSE_HEALTH_ADDR: "off" };
    return spawn(join(binaries, name), options, { stdio: ["ignore", "inherit", "inherit"], env });
  }
}

async function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const stubborn = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(stubborn);
}
