// Drives the dashboard through what unit tests cannot see: node dev/flows.mjs. Needs a build and a Chromium.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { startFake, TOKEN } from "./fake-server.mjs";

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"],
});

async function flow(name, options, act) {
  const fake = await startFake(options);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
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
  page.on("request", (request) => (calls += request.url().includes("/metrics-store/") ? 1 : 0));
  await page.goto(`${fake.url}/standalone/machines?resource=agent-3`);
  await page.waitForSelector(".uplot");
  await page.waitForTimeout(1500);
  assert.equal(calls, 1);
});

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

await browser.close();
