// Drives the dashboard through what unit tests cannot see: node dev/flows.mjs [only these]. Needs a build and a Chromium.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { startFake, TOKEN } from "./fake-server.mjs";
import { CLUSTER_FLOWS } from "./flows-clusters.mjs";
import { PAGE_FLOWS } from "./flows-pages.mjs";

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"],
});

const ONLY = process.argv[2] && new RegExp(process.argv[2]);

async function flow(name, options, act) {
  if (ONLY && !ONLY.test(name)) return;
  const fake = await startFake(options);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies([{ name: "pulse_csrf", value: "fake-csrf", url: fake.url }]);
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  try {
    await act(page, fake);
    assert.deepEqual(errors, []);
    console.log(`ok   ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAIL ${name}: ${error.message}`);
  } finally {
    await context.close();
    await fake.close().catch(() => {});
  }
}
const textOf = (page, selector) => page.locator(selector).first().innerText();
const here = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

await flow("first run ends on a dashboard with a live value that changes", { scene: "first-run", interval: 400 }, async (page, fake) => {
  await page.goto(fake.url);
  await page.fill("[name=token]", `  ${TOKEN.toUpperCase()}\n`);
  await page.click("text=Continue");
  await page.fill("[name=username]", "nina");
  await page.check("[type=checkbox]");
  await page.click("text=Create account");
  await page.waitForSelector("text=first report seen");
  await page.click("text=Continue");
  await page.waitForSelector("text=Values have changed");
  await page.click("text=Open the dashboard");
  await page.waitForSelector("tr[data-id]");
  const net = () => textOf(page, ".summary-cell:nth-child(4) .summary-figure");
  const before = await net();
  await page.waitForFunction((old) => document.querySelector(".summary-cell:nth-child(4) .summary-figure").innerText !== old, before);
});

await flow("a session that ends leads to sign-in and back to the same view", { scene: "many", signedIn: true }, async (page, fake) => {
  await page.goto(`${fake.url}/standalone/machines?q=rack-3&sort=-cpu`);
  await page.waitForSelector("tr[data-id]");
  fake.endSessions();
  await page.waitForSelector("text=Your session ended");
  assert.match(here(page), /^\/login\?next=/);
  await page.fill("[name=username]", "nina");
  await page.fill("[name=password]", "wrong");
  await page.click("[type=submit]");
  await page.waitForSelector("text=4 attempts left");
  await page.fill("[name=password]", "correct-horse");
  await page.click("[type=submit]");
  await page.waitForSelector("tr[data-id]");
  assert.equal(here(page), "/standalone/machines?q=rack-3&sort=-cpu");
});

await flow("a lost line comes back without a reload and without blanking", { scene: "trouble", signedIn: true, interval: 300 }, async (page, fake) => {
  await page.goto(fake.url);
  await page.waitForSelector("tr[data-id]");
  await page.evaluate(() => (globalThis.mark = 1));
  fake.dropLine();
  assert.ok((await page.locator("tr[data-id]").count()) > 10);
  await page.waitForFunction(() => /Live · [012] s/.test(document.querySelector(".live").innerText));
  fake.state.epoch = "other";
  fake.state.seq = 0;
  fake.state.kept = [];
  fake.dropLine();
  await page.waitForFunction(() => /Live · [012] s/.test(document.querySelector(".live").innerText));
  assert.equal(await page.evaluate(() => globalThis.mark), 1);
});

await flow("keys move, open, step and close; focus comes back", { scene: "trouble", signedIn: true }, async (page, fake) => {
  await page.goto(fake.url);
  await page.waitForSelector("tr[data-id]");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForSelector("h1:text('Machines')");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".drawer h2");
  const first = await textOf(page, ".drawer h2");
  await page.keyboard.press("]");
  await page.waitForFunction((old) => document.querySelector(".drawer h2").innerText !== old, first);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".drawer", { state: "detached" });
  await page.waitForFunction(() => document.activeElement?.closest("tr[data-id]"));
  await page.keyboard.press("/");
  await page.keyboard.type("edge");
  await page.waitForFunction(() => document.querySelectorAll("tr[data-id]").length < 6);
  assert.match(here(page), /q=edge/);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelectorAll("tr[data-id]").length > 10);
});

await flow("pause holds values and counts; resume shows the latest", { scene: "one", signedIn: true, interval: 200 }, async (page, fake) => {
  await page.goto(fake.url);
  await page.waitForSelector("tr[data-id]");
  await page.keyboard.press(".");
  await page.waitForSelector("text=Updates paused by you, 1 change waiting");
  await page.keyboard.press(".");
  await page.waitForSelector("text=Updates paused", { state: "detached" });
});

await flow("the drawer asks once for all its series", { scene: "many", signedIn: true, interval: 300 }, async (page, fake) => {
  let calls = 0;
  page.on("request", (request) => (calls += request.url().includes("/metrics-store/history") ? 1 : 0));
  await page.goto(`${fake.url}/standalone/machines?resource=agent-3`);
  await page.waitForSelector(".uplot");
  await page.waitForTimeout(1500);
  assert.equal(calls, 1);
});

for (const [name, options, act] of [...PAGE_FLOWS, ...CLUSTER_FLOWS]) await flow(name, options, act);

await flow("5,000 machines: first row, memory of the table, scrolling", { scene: "huge", signedIn: true, interval: 1000 }, async (page, fake) => {
  const started = Date.now();
  await page.goto(`${fake.url}/standalone/machines`);
  await page.waitForSelector("tr[data-id]");
  const first = Date.now() - started;
  const drawn = await page.locator("tr[data-id]").count();
  const scripts = await page.evaluate(async () => {
    const long = [];
    let last = performance.now();
    for (let frame = 0; frame < 120; frame++) {
      scrollBy(0, 280);
      await new Promise(requestAnimationFrame);
      long.push(performance.now() - last);
      last = performance.now();
    }
    return long.sort((a, b) => a - b)[Math.floor(long.length * 0.95)];
  });
  assert.ok(drawn < 100, `${drawn} rows drawn`);
  console.log(`     first row ${first} ms, ${drawn} rows drawn, frame p95 ${scripts.toFixed(1)} ms`);
});

await flow("a platform's list: search terms, sort, fold, marks, lines and columns are kept or shared", { scene: "estate", signedIn: true }, async (page, fake) => {
  await page.goto(`${fake.url}/proxmox/overview`);
  await page.waitForSelector("tr[data-id]");
  const rows = () => page.locator("tr[data-id]").count();
  const all = await rows();
  await page.keyboard.press("/");
  await page.keyboard.type("tag:db -type:vm");
  await page.waitForFunction((most) => document.querySelectorAll("tr[data-id]").length < most, all);
  assert.match(here(page), /q=tag%3Adb/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.waitForFunction((most) => document.querySelectorAll("tr[data-id]").length === most, all);
  const head = page.locator("th.c-cpu");
  for (const [state, address] of [["descending", /sort=cpu&order=desc/], ["ascending", /sort=cpu$/], ["none", /overview$/]]) {
    await head.locator("button").click();
    assert.equal(await head.getAttribute("aria-sort"), state);
    assert.match(here(page), address);
  }
  await page.click("tr[data-group] .group-fold >> nth=0");
  await page.waitForFunction((most) => document.querySelectorAll("tr[data-id]").length < most, all);
  const folded = await rows();
  await page.click(".tools [popovertarget]");
  await page.click("label:text-is('Tags')");
  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  assert.match(here(page), /view=lines/);
  await page.reload();
  await page.waitForSelector("tr[data-id]");
  assert.equal(await rows(), folded);
  assert.equal(await page.locator("th.c-tags").count(), 0);
  await page.waitForSelector(".meter.lined svg");
  for (const key of ["j", "x", "j", "j", "X"]) await page.keyboard.press(key);
  await page.waitForSelector("text=3 rows marked");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".marks-bar", { state: "detached" });
});

await flow("the hours of a view come in as few requests as its hosts and rows need, none per row", { scene: "estate", signedIn: true }, async (page, fake) => {
  let calls = 0;
  page.on("request", (request) => (calls += request.url().includes("/metrics-store/sparks") ? 1 : 0));
  await page.goto(`${fake.url}/proxmox/overview`);
  await page.waitForSelector("td.c-net svg");
  await page.waitForTimeout(1500);
  assert.ok(calls <= 2, `${calls} requests`);
});

await flow("without that route sparks say that they collect", { scene: "estate", signedIn: true, sparks: false }, async (page, fake) => {
  await page.goto(fake.url);
  await page.waitForSelector("text=/\\d of 10 points/");
  await page.waitForSelector("text=collecting a day of history");
});

await flow("a host's strip is one stop for Tab; arrows say who lives there, Enter opens", { scene: "estate", signedIn: true }, async (page, fake) => {
  await page.goto(fake.url);
  await page.focus("tr[data-id] .strip");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const said = await page.locator("[aria-live=polite].sr").last().innerText();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".drawer h2");
  assert.ok(said.startsWith(await textOf(page, ".drawer h2")), said);
});

await browser.close();
