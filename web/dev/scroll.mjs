// Measures 5,000 machines in a browser: node dev/scroll.mjs [path] [pixels per frame, more than one with commas] [scene].
// First row: from navigation to the frame that drew it. Work: CPU time of the main thread between two commits while scrolling,
// from a Chromium trace. Needs a build and a Chromium, and a machine that does nothing else.
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startFake } from "./fake-server.mjs";

const path = process.argv[2] ?? "/standalone/machines";
const speeds = (process.argv[3] ?? "28,56,100,280").split(",").map(Number);
const FRAMES = 180;
const TRACE = join(tmpdir(), `scroll-${process.pid}.json`);
const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel", "blink.user_timing"];

const share = (values, part) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))].toFixed(1);

async function scroll([pixels, frames]) {
  performance.mark("from");
  for (let frame = 0; frame < frames; frame++) {
    scrollBy(0, pixels);
    await new Promise(requestAnimationFrame);
  }
  performance.mark("to");
}

/** CPU milliseconds of the main thread per frame: top-level tasks, cut at each commit. */
function workPerFrame(events) {
  const from = events.find((event) => event.name === "from");
  const to = events.find((event) => event.name === "to");
  const main = events
    .filter((event) => event.pid === from.pid && event.tid === from.tid && event.ph === "X" && event.ts >= from.ts && event.ts <= to.ts)
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  let reached = 0;
  const tasks = main.filter((event) => {
    if (!event.name.endsWith("RunTask") || event.ts < reached) return false;
    reached = event.ts + event.dur;
    return true;
  });
  const commits = main.filter((event) => event.name === "Commit").map((event) => event.ts + event.dur);
  return commits.slice(1).map((end, at) => {
    const start = commits[at];
    const within = (task) => Math.max(0, Math.min(task.ts + task.dur, end) - Math.max(task.ts, start));
    return tasks.reduce((sum, task) => sum + within(task) * Math.min(1, (task.tdur ?? task.dur) / (task.dur || 1)), 0) / 1000;
  });
}

const fake = await startFake({ scene: process.argv[4] ?? "huge", signedIn: true, interval: 1000 });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"] });
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
// The first row's own time, not when a question about it was answered.
await page.addInitScript(() => {
  const seen = new MutationObserver(() => {
    if (!document.querySelector("tr[data-id]")) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => (globalThis.firstRowAt = performance.now())));
  });
  seen.observe(document, { childList: true, subtree: true });
});
const first = [];
for (let round = 0; round < 5; round++) {
  await page.goto(fake.url + path);
  await page.waitForFunction(() => globalThis.firstRowAt);
  first.push(await page.evaluate(() => globalThis.firstRowAt));
}
console.log(`first row: ${first.map(Math.round).join(", ")} ms`);

/** Changes the filter field and clicks a head; marks tell how long each took until everything it changes had changed. */
async function filterAndSort() {
  const field = document.querySelector(".filter input");
  const head = document.querySelector("th.c-cpu button");
  const type = (text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const acts = [...["r", "ra", "rac", "rack-1", "status:running rack", "-rack-1", ""].map((text) => () => type(text)), ...[1, 2, 3].map(() => () => head.click())];
  for (const act of acts) {
    performance.mark("act-from");
    act();
    performance.mark("act-to");
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  }
}

/** Thread time between pairs of marks, so that a busy machine does not count. */
function timesOf(events) {
  const marks = (name) => events.filter((event) => event.name === name).sort((a, b) => a.ts - b.ts);
  const ends = marks("act-to");
  return marks("act-from").map((from, at) => (((ends[at]?.tts ?? 0) - (from.tts ?? 0)) / 1000).toFixed(1));
}

if (path !== "/") {
  await browser.startTracing(page, { path: TRACE, categories: CATEGORIES });
  await page.evaluate(filterAndSort);
  await browser.stopTracing();
  console.log(`filter and sort: ${timesOf(JSON.parse(await readFile(TRACE, "utf8")).traceEvents).join(", ")} ms`);
}
for (const pixels of speeds) {
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(1500);
  await browser.startTracing(page, { path: TRACE, categories: CATEGORIES });
  await page.evaluate(scroll, [pixels, FRAMES]);
  await browser.stopTracing();
  const work = workPerFrame(JSON.parse(await readFile(TRACE, "utf8")).traceEvents);
  console.log(`${pixels} px per frame: work p50 ${share(work, 0.5)} ms, p95 ${share(work, 0.95)} ms, most ${share(work, 1)} ms`);
}
await browser.close();
await fake.close().catch(() => {});
