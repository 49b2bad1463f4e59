// What a person does in the drawer, the settings and the lists of the whole estate. Same shape as in flows.mjs.
import assert from "node:assert/strict";

const query = (page) => new URL(page.url()).searchParams;
const guest = (query = "") => `/workloads?resource=${encodeURIComponent("pve:rack-a:122")}${query}`;

function countRequests(page, part) {
  const seen = [];
  page.on("request", (request) => request.url().includes(part) && seen.push(request.url()));
  return seen;
}

export const PAGE_FLOWS = [
  ["a theme chosen for everyone shows at once, and what this browser chose stays", { scene: "one", signedIn: true }, async (page, fake) => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? "");
    await page.goto(fake.url);
    await page.waitForSelector("tr[data-id]");
    for (const word of ["dark", "light"]) {
      fake.announce("settingsUpdate", { theme: word, fullWidthMode: false });
      await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, word);
    }
    await page.getByRole("button", { name: /^Theme/ }).click();
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    fake.announce("settingsUpdate", { theme: "light", fullWidthMode: false });
    await page.waitForTimeout(200);
    assert.equal(await theme(), "dark");
  }],
  ["a link given to a host stands in its row and opens beside the dashboard", { scene: "many", signedIn: true }, async (page, fake) => {
    await page.goto(`${fake.url}/standalone/machines?resource=agent-5&tab=notes`);
    await page.getByLabel("Link").fill("https://build.example.net");
    await page.click(".notes [type=submit]");
    const link = page.locator('tr[data-id="agent-5"] a.out');
    await link.waitFor();
    assert.deepEqual([await link.getAttribute("href"), await link.getAttribute("rel"), await link.getAttribute("target")], ["https://build.example.net", "noopener noreferrer", "_blank"]);
  }],
  ["Docker's pages list what engines keep, and a row opens with its facts", { scene: "estate", signedIn: true }, async (page, fake) => {
    const asked = countRequests(page, "/metrics-store/history");
    await page.goto(`${fake.url}/docker/overview`);
    for (const [tab, kind] of [["Images", "docker-image"], ["Storage", "docker-volume"], ["Networks", "docker-network"], ["Swarm", "docker-service"]]) {
      await page.click(`.tabs >> text=${tab}`);
      const expected = fake.state.hosts.filter((entry) => entry.type === kind).length;
      await page.waitForSelector(`text=${expected} of ${expected} shown`);
    }
    await page.click(".kind-tabs >> text=Tasks");
    await page.click("tr[data-id] >> text=worker.1");
    await page.waitForSelector(".drawer >> text=No such image");
    assert.equal(asked.length, 0);
  }],
  ["keys 1 to 6 choose the range: one request each, and the address says it", { scene: "estate", signedIn: true }, async (page, fake) => {
    const asked = countRequests(page, "/metrics-store/history");
    await page.goto(fake.url + guest());
    await page.waitForSelector(".uplot");
    await page.keyboard.press("3");
    await page.waitForSelector("text=Last 24 hours");
    await page.keyboard.press("6");
    await page.waitForSelector("text=Last 90 days");
    assert.equal(query(page).get("range"), "90d");
    assert.deepEqual(asked.map((url) => new URL(url).searchParams.get("range")), ["1h", "24h", "90d"]);
    await page.reload();
    await page.waitForSelector("text=Last 90 days");
    await page.locator(".plot").first().focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForSelector(".plot-tip");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".plot-tip", { state: "detached" });
    await page.keyboard.press("Escape");
    await page.waitForSelector(".drawer", { state: "detached" });
    assert.equal(new URL(page.url()).search, "");
  }],
  ["notes: nothing typed is lost, a refusal stands at its field, saving can be undone", { scene: "estate", signedIn: true }, async (page, fake) => {
    await page.goto(fake.url + guest("&tab=notes"));
    const text = page.getByLabel("Notes", { exact: true }).and(page.locator("textarea"));
    await text.fill("Ask Nina first.");
    await page.getByLabel("Link").fill("https://refuse.example");
    await page.click(".notes [type=submit]");
    await page.waitForSelector(".field small.error");
    await page.click(".drawer-tabs >> text=History");
    await page.click(".drawer-tabs >> text=Notes");
    assert.equal(await text.inputValue(), "Ask Nina first.");
    await page.getByLabel("Link").fill("");
    await page.click(".notes [type=submit]");
    await page.click(".toast >> text=Undo");
    await page.waitForFunction(() => document.querySelector(".notes textarea").value === "");
  }],
  ["making two resources one is explained, and can be undone", { scene: "estate", signedIn: true }, async (page, fake) => {
    const asked = countRequests(page, "link");
    await page.goto(fake.url + guest());
    await page.click("text=Same as another…");
    await page.waitForSelector("text=Nothing on the machines changes");
    await page.fill(".dialog input[type=search]", "nextcloud");
    await page.click(".dialog .menu-check >> nth=0");
    await page.click(".dialog [type=submit]");
    await page.click(".toast >> text=Undo");
    await page.waitForSelector(".toast >> text=Undone");
    assert.deepEqual(asked.filter((url) => url.endsWith("link")).map((url) => url.split("/").pop()), ["link", "unlink"]);
  }],
  ["settings keep their draft, save only what changed, and say what is fixed", { scene: "one", signedIn: true }, async (page, fake) => {
    await page.goto(`${fake.url}/settings/system-general`);
    assert.ok(await page.getByLabel("Public address").isDisabled());
    await page.getByLabel("Longest answer").fill("90");
    await page.click(".settings-nav >> text=Logs");
    await page.waitForSelector(".log-line");
    await page.click(".settings-nav >> text=General");
    await page.waitForSelector("text=1 change not saved");
    const [saved] = await Promise.all([page.waitForRequest("**/api/system/settings/update"), page.click(".save-bar [type=submit]")]);
    assert.deepEqual(saved.postDataJSON(), { connectionTimeout: 90 });
    await page.waitForSelector(".save-bar", { state: "detached" });
  }],
  ["the log holds still while paused", { scene: "one", signedIn: true }, async (page, fake) => {
    await page.goto(`${fake.url}/settings/support/logs`);
    await page.waitForSelector(".log-line");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    const count = await page.locator(".log-line").count();
    await page.waitForSelector("text=/[1-9]\\d* waiting/");
    assert.equal(await page.locator(".log-line").count(), count);
    await page.getByRole("button", { name: /Resume/ }).last().click();
    await page.waitForFunction((before) => document.querySelectorAll(".log-line").length > before, count);
  }],
  ["workloads: filters live in the address, lines come with the page and never per row", { scene: "estate", signedIn: true }, async (page, fake) => {
    const asked = countRequests(page, "/metrics-store/");
    await page.goto(`${fake.url}/workloads?group=flat&view=lines`);
    await page.waitForSelector(".meter.lined .spark");
    await page.click(".chip >> text=VM");
    await page.waitForFunction(() => location.search.includes("type=vm"));
    await page.waitForTimeout(600);
    assert.ok(asked.length <= 3, `${asked.length} requests`);
    assert.ok(asked.every((url) => url.includes("/sparks?")), asked.join(" "));
    const rows = await page.locator("tr[data-id]").count();
    await page.reload();
    await page.waitForSelector("tr[data-id]");
    assert.equal(await page.locator("tr[data-id]").count(), rows);
  }],
];
