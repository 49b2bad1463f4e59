/** A page of the system's Chromium that keeps what went wrong in it, axe, and screenshots. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const shots = process.env.PULSE_SHOTS ?? join(import.meta.dirname, "../../target/browser");
mkdirSync(shots, { recursive: true });

export async function openPage(base) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    // A refused sign-in is part of the flow; the browser logs every status from 400 up.
    const expected = /status of (401|503)/.test(message.text());
    if (message.type() === "error" && !expected) complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob|about):/.test(url)) complaints.push(`asked a stranger: ${url}`);
  });
  return { browser, page, complaints };
}

/** Waits until what comes in has come in: half transparent, nothing has enough contrast. */
async function settled(page) {
  await page.evaluate(async () => {
    const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime);
    const running = document.getAnimations().filter(ends);
    await Promise.allSettled(running.map((animation) => animation.finished));
  });
}

export async function accessible(page, where) {
  await settled(page);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const words = found.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).join("; ")})`);
  assert.deepEqual(words, [], `axe on ${where}`);
}

export async function shoot(page, name) {
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
