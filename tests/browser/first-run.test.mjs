/**
 * The whole product as a person meets it: first run, sign-in, this machine's figures moving, its drawer, sample data with a
 * cluster, a restart of the server. Texts are the interface's own; when one changes, this flow changes with it.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { hostname, release } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, openPage, shoot, shots } from "./page.mjs";
import { Site } from "./site.mjs";

const user = "admin";
const password = "a long password for the flow";
const machine = hostname();
let site, browser, page, complaints;

before(async () => {
  site = await Site.start();
  ({ browser, page, complaints } = await openPage(site.base));
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const heading = (name) => page.getByRole("heading", { name });
const button = (name) => page.getByRole("button", { name, exact: true });
/** The list of machines has one row with a link of this machine's name. */
const row = () => page.getByRole("row").filter({ has: page.getByRole("link", { name: machine }) });
const drawer = () => page.getByRole("complementary", { name: `Details of ${machine}` });

let torn = false;
/** One chapter of one story: after a failure the rest has nothing to stand on. */
function chapter(title, tell) {
  test(title, async (context) => {
    if (torn) return context.skip("an earlier chapter failed");
    try {
      await tell();
    } catch (failure) {
      torn = true;
      await shoot(page, "failed");
      throw failure;
    }
  });
}

/** Waits until what `locator` says is no longer what it says now. */
async function changes(locator) {
  const first = await locator.innerText();
  const element = await locator.elementHandle();
  await page.waitForFunction(([node, text]) => node.isConnected && node.innerText !== text, [element, first]);
}

chapter("a stranger gets the first run and nothing else", async () => {
  assert.equal((await fetch(`${site.base}/api/state`)).status, 503);
  await page.goto(site.base);
  await heading("Prove that this server is yours").waitFor();
  await accessible(page, "the first page");
  await shoot(page, "1-token");
});

chapter("a wrong bootstrap token is refused and the right one goes on", async () => {
  await page.getByLabel("Bootstrap token").fill("0".repeat(48));
  await button("Continue").click();
  await page.getByText("The server does not know this token").waitFor();
  await page.getByLabel("Bootstrap token").fill(site.bootstrapToken());
  await button("Continue").click();
  await heading("Make it safe").waitFor();
  await accessible(page, "the account page");
});

chapter("the administrator is made and this machine reports by itself", async () => {
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("I have stored it").check();
  await shoot(page, "2-account");
  await button("Create account").click();
  await heading("Add what you run").waitFor();
  await page.getByText("first report seen").first().waitFor();
  await accessible(page, "adding machines");
  await shoot(page, "3-add");
  await button("Continue").click();
  await heading("See it live").waitFor();
  await shoot(page, "4-live");
  await page.getByRole("button", { name: "Open the dashboard" }).or(page.getByRole("link", { name: "Open the dashboard" })).click();
  await page.getByRole("navigation", { name: "Areas" }).waitFor();
  assert.equal(site.bootstrapToken(), undefined, "the bootstrap token is gone once it was used");
});

chapter("after signing out a wrong password is refused and the right one lets in", async () => {
  await button(`Signed in as ${user}`).or(button("Your account")).first().click();
  await button("Sign out").click();
  await heading("Sign in").waitFor();
  await accessible(page, "the sign-in page");
  await shoot(page, "5-sign-in");
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await button("Sign in").click();
  await page.getByText("User name or password is wrong").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button("Sign in").click();
  await page.getByRole("navigation", { name: "Areas" }).waitFor();
  await accessible(page, "the overview");
  await shoot(page, "6-overview");
});

chapter("Machines shows this machine with a value that changes by itself", async () => {
  await page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: /Machines/ }).click();
  await row().waitFor();
  await changes(row());
  await accessible(page, "Machines");
  await shoot(page, "7-machines");
});

chapter("the drawer tells this machine's kernel and goes with Escape", async () => {
  await row().getByRole("link", { name: machine }).click();
  await drawer().waitFor();
  await drawer().getByText(release()).first().waitFor();
  // A machine seen for the first time has less than an hour to show, and says how much.
  await drawer().getByText(/^Last (hour|\d+ minutes)$/).first().waitFor();
  await accessible(page, "the drawer");
  await shoot(page, "8-drawer");
  await page.keyboard.press("Escape");
  await drawer().waitFor({ state: "detached" });
});

chapter("sample data has clusters with pods, and goes without a trace", async () => {
  const area = (name) => page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name });
  const sample = async (on) => {
    await page.goto(`${site.base}/settings/system-general`);
    await page.getByRole("switch", { name: "Show sample data" }).setChecked(on);
  };
  await sample(true);
  await area(/Kubernetes/).click();
  const cluster = page.getByRole("link", { name: /-k8s$/ }).first();
  const name = await cluster.innerText();
  await cluster.click();
  const details = page.getByRole("complementary", { name: `Details of ${name}` });
  await details.getByText("API address").waitFor();
  await accessible(page, "a cluster's drawer");
  await shoot(page, "11-cluster");
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Workloads" }).click();
  await page.getByRole("link", { name: /^Pods \d+$/ }).waitFor();
  await page.getByRole("table", { name: "Pods" }).getByText("Running", { exact: true }).first().waitFor();
  await sample(false);
  await area(/Kubernetes/).waitFor({ state: "detached" });
  await area(/Machines/).click();
  await row().waitFor();
});

chapter("it is whole in the dark and on a phone", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "Machines, dark");
  await shoot(page, "9-dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByText(machine).first().waitFor();
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(sideways <= 0, `the page scrolls ${sideways} px sideways`);
  await accessible(page, "Machines at 390 px");
  await shoot(page, "10-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
});

chapter("nothing went wrong in the page and nobody else was asked", () => {
  assert.deepEqual(complaints, []);
});

chapter("the server's own figures are there and name no machine", async () => {
  const text = await (await fetch(`${site.base}/metrics`)).text();
  assert.ok(!text.includes(machine) && !text.includes(user));
  writeFileSync(join(shots, "metrics.txt"), text);
});

chapter("values move again after a restart of the server, without a reload", async () => {
  await page.evaluate(() => (window.sameDocument = true));
  await site.stopServer();
  await page.getByText(/Live updates stopped|Reconnecting/).first().waitFor({ timeout: 60_000 });
  await site.startServer();
  await page.getByText(/Live · /).first().waitFor({ timeout: 60_000 });
  await changes(row());
  assert.equal(await page.evaluate(() => window.sameDocument), true);
});
