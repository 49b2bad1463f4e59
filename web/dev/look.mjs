// Takes a picture of every page in every state and runs axe on it: node dev/look.mjs [output folder] [only these shots]
// Needs a build (npm run build) and a Chromium; CHROMIUM names another one than /usr/bin/chromium.
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startFake, TOKEN } from "./fake-server.mjs";
import { CLUSTER_SHOTS } from "./look-clusters.mjs";
import { PAGE_SHOTS } from "./look-pages.mjs";

const OUT = process.argv[2] ?? "/tmp/shots";
const ONLY = process.argv[3];
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 }, middle: { width: 1100, height: 800 } };

const MIDDLE = /overview-trouble|machines-drawer|overview-drawer/;
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const AT_ONCE = 4;

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** name, scene, path, what to do before the picture, and what differs from the usual. */
const SHOTS = [
  ["first-run", "first-run", "/"],
  ["first-run-wrong", "first-run", "/", async (page) => { await page.fill("[name=token]", "ab12"); await page.click("[type=submit]"); }],
  ["first-run-secure", "first-run", "/", async (page) => { await prove(page); }],
  ["first-run-add", "first-run", "/", async (page) => { await prove(page); await create(page); await wait(2500); }],
  ["first-run-add-machine", "first-run", "/", async (page) => { await prove(page); await create(page); await wait(1600); await page.click("text=Add a machine"); await page.click("text=Make the token"); await wait(400); }],
  ["first-run-live", "first-run", "/", async (page) => { await prove(page); await create(page); await wait(2500); await page.click("text=Continue"); await wait(3000); }],
  ["login", "many", "/standalone/machines?status=stale", undefined, { out: true }],
  ["login-wrong", "many", "/", async (page) => { await page.fill("[name=username]", "nina"); await page.fill("[name=password]", "nope"); await page.click("[type=submit]"); await wait(300); }, { out: true }],
  ["overview-one", "one", "/"],
  ["overview-one-later", "one", "/", async () => wait(1000), { clockAhead: true, interval: 300 }],
  ["overview-many", "many", "/"],
  ["overview-trouble", "trouble", "/"],
  ["overview-none", "none", "/"],
  ["overview-drawer", "trouble", "/?resource=agent-1"],
  ["overview-kiosk", "trouble", "/?kiosk=1"],
  ["overview-estate", "estate", "/"],
  ["overview-estate-filtered", "estate", "/?status=warning"],
  ["overview-estate-lines", "estate", "/?view=lines"],
  ["overview-silent", "silent", "/"],
  ["overview-mock", "mock", "/"],
  ["overview-large", "large", "/", async () => wait(2500)],
  ["proxmox", "estate", "/proxmox/overview"],
  ["proxmox-drawer", "estate", "/proxmox/overview?sort=cpu&order=desc&resource=pve:rack-a:120"],
  ["proxmox-lines", "estate", "/proxmox/overview?view=lines&group=flat&sort=memory&order=desc"],
  ["proxmox-view", "estate", "/proxmox/overview", async (page) => { await page.click(".tools [popovertarget]"); await wait(200); }],
  ["proxmox-marked", "estate", "/proxmox/overview", async (page) => { for (const key of ["j", "j", "x", "j", "j", "j", "X"]) { await page.keyboard.press(key); await wait(60); } }],
  ["proxmox-suggest", "estate", "/proxmox/overview", async (page) => { await page.keyboard.press("/"); await page.keyboard.type("tag:"); await wait(200); }],
  ["docker", "estate", "/docker/overview"],
  ["docker-large", "large", "/docker/overview", async (page) => { await wait(2500); await page.evaluate(() => scrollTo(0, 40_000)); await wait(600); }],
  ["docker-hosts", "estate", "/docker/overview?kind=hosts"],
  ["docker-images", "estate", "/docker/images"],
  ["docker-volumes", "estate", "/docker/storage"],
  ["docker-networks", "estate", "/docker/networks?group=flat"],
  ["docker-swarm", "estate", "/docker/swarm"],
  ["docker-tasks", "estate", "/docker/swarm?kind=tasks"],
  ["docker-none", "one", "/docker/images"],
  ...CLUSTER_SHOTS,
  ["truenas", "estate", "/truenas/overview"],
  ["machines-estate", "estate", "/standalone/machines"],
  ["palette-estate", "estate", "/", async (page) => { await page.keyboard.press("Control+k"); await page.keyboard.type("bor"); await wait(300); }],
  ["machines-trouble", "trouble", "/standalone/machines"],
  ["machines-many-sorted", "many", "/standalone/machines?sort=-cpu"],
  ["machines-huge-scrolled", "huge", "/standalone/machines", async (page) => { await page.evaluate(() => scrollTo(0, 60_000)); await wait(500); }],
  ["machines-filtered", "many", "/standalone/machines?q=edge"],
  ["machines-nothing", "many", "/standalone/machines?q=zzz"],
  ["machines-drawer", "many", "/standalone/machines?resource=agent-4"],
  ["drawer-hover", "one", "/standalone/machines?resource=agent-0", async (page) => { await page.hover(".u-over >> nth=0", { position: { x: 200, y: 30 } }); await wait(200); }],
  ["drawer-disks", "trouble", "/standalone/machines?resource=agent-4", async (page) => { await page.click(".drawer .segments >> text=Disks"); }],
  ["drawer-stale", "trouble", "/standalone/machines?resource=agent-7"],
  ["drawer-offline", "trouble", "/standalone/machines?resource=agent-9"],
  ["drawer-gone", "trouble", "/standalone/machines?resource=nobody"],
  ...PAGE_SHOTS,
  ["palette", "trouble", "/", async (page) => { await page.keyboard.press("Control+k"); await page.waitForSelector(".palette"); await page.keyboard.type("ed"); await wait(200); }],
  ["palette-start", "trouble", "/", async (page) => { await page.keyboard.press("Control+k"); await page.waitForSelector(".palette"); }],
  ["keys", "one", "/", async (page) => { await page.keyboard.press("?"); await page.waitForSelector(".keys"); }],
  ["view-menu", "many", "/standalone/machines", async (page) => { await page.click(".tools >> text=View"); }],
  ["fleet", "trouble", "/settings/infrastructure"],
  ["fleet-none", "none", "/settings/infrastructure"],
  ["fleet-add", "trouble", "/settings/infrastructure", async (page) => { await page.click("text=Add a machine"); await page.fill(".dialog input", "lab-nuc-07"); await page.click("text=Make the token"); await wait(400); }],
  ["settings-general", "one", "/settings/system-general"],
  ["settings-api", "one", "/settings/security/api"],
  ["settings-api-new", "one", "/settings/security/api?make=1", async (page) => { await page.click("text=Choose scopes"); }],
  ["settings-api-made", "one", "/settings/security/api?make=1", async (page) => { await page.fill(".token-form input", "backup-script"); await page.click("text=Create token"); await wait(300); }],
  ["settings-api-revoke", "one", "/settings/security/api", async (page) => { await page.click("text=Revoke… >> nth=0"); }],
  ["docs", "one", "/docs/keys"],
  ["absent", "one", "/proxmox/overview"],
  ["missing", "one", "/nowhere"],
  ["reconnecting", "trouble", "/", async (page, fake) => { await fake.close(); await wait(4500); }],
  ["paused", "trouble", "/", async (page) => { await page.keyboard.press("."); await wait(2500); }],
];

async function prove(page) {
  await page.fill("[name=token]", TOKEN);
  await page.click("[type=submit]");
  await page.waitForSelector("[name=username]");
}
async function create(page) {
  await page.fill("[name=username]", "nina");
  await page.check("[type=checkbox]");
  await page.click("[type=submit]");
  await page.waitForSelector(".pick");
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"],
});
await mkdir(OUT, { recursive: true });
let troubles = 0;

/** One picture: its own server, its own browser profile. */
async function take([name, scene, path, act, how = {}], width, theme) {
  const phone = width === "phone";
  const fake = await startFake({ scene, signedIn: scene !== "first-run" && !how.out, interval: how.interval });
  const context = await browser.newContext({ viewport: WIDTHS[width], colorScheme: theme, hasTouch: phone });
  await context.addCookies([{ name: "pulse_csrf", value: "fake-csrf", url: fake.url }]);
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  try {
    await page.goto(fake.url + path);
    await page.waitForSelector("h1, h2");
    await wait(700);
    await act?.(page, fake);
    await wait(300);
    await page.screenshot({ path: join(OUT, `${name}-${width}-${theme}.png`) });
    await page.evaluate(axe);
    const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), AXE_TAGS);
    for (const entry of found.violations) {
      const nodes = entry.nodes.slice(0, 2).map((node) => `${node.target} ${node.any[0]?.message ?? node.failureSummary}`);
      said.push(`axe ${entry.id}: ${nodes.join(" | ")}`);
    }
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (await page.getByText("This page stopped").count()) said.push("the page stopped");
    if (sideways > 0) said.push(`scrolls sideways by ${sideways} px`);
  } catch (error) {
    said.push(`failed: ${String(error).split("\n")[0]}`);
  }
  // Refused calls and lost sockets are what these shots are about.
  const expected = name === "reconnecting" || how.out || name.includes("wrong");
  const real = expected ? said.filter((line) => !/Failed to load resource|WebSocket/.test(line)) : said;
  troubles += real.length;
  for (const line of new Set(real)) console.log(`${name} ${width} ${theme}: ${line}`);
  await context.close();
  await fake.close().catch(() => {});
}

const jobs = SHOTS.filter(([name]) => !ONLY || new RegExp(ONLY).test(name)).flatMap((shot) =>
  Object.keys(WIDTHS)
    .filter((width) => width !== "middle" || MIDDLE.test(shot[0]))
    .flatMap((width) => ["dark", "light"].map((theme) => [shot, width, theme])),
);
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await take(...job);
  }),
);
await browser.close();
console.log(`${troubles} findings, pictures in ${OUT}`);
