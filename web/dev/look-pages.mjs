// Shots of the drawer, the settings, workloads and storage. Same shape as in look.mjs.

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const at = (path, id, query = "") => `${path}?resource=${encodeURIComponent(id)}${query}`;
const scrolled = (selector, top) => async (page) => {
  await page.evaluate(([where, to]) => document.querySelector(where)?.scrollTo(0, to), [selector, top]);
  await wait(300);
};

export const PAGE_SHOTS = [
  ["drawer-host", "estate", at("/", "pve:rack-a:node/pve-borealis")],
  ["drawer-host-below", "estate", at("/", "pve:rack-a:node/pve-borealis"), scrolled(".drawer", 620)],
  ["drawer-guest", "estate", at("/", "pve:rack-a:122")],
  ["drawer-guest-6h", "estate", at("/", "pve:rack-a:122", "&range=6h")],
  ["drawer-history-90d", "estate", at("/", "pve:rack-a:122", "&range=90d&tab=history"), async (page) => { await page.hover(".u-over >> nth=0", { position: { x: 260, y: 30 } }); await wait(200); }],
  ["drawer-zoomed", "estate", at("/", "pve:rack-a:122", "&range=24h&tab=history"), async (page) => {
    const box = await (await page.$(".u-over")).boundingBox();
    await page.mouse.move(box.x + 250, box.y + 30); await page.mouse.down(); await page.mouse.move(box.x + 330, box.y + 34, { steps: 4 }); await page.mouse.up(); await wait(300);
  }],
  ["drawer-container", "estate", at("/", "docker:agent-nas-containers:jellyfin")],
  ["drawer-pod", "estate", "/", async (page) => { await openFirst(page, "pod"); }],
  ["drawer-storage", "estate", at("/", "storage:truenas:truenas-basement:apps")],
  ["drawer-disk", "estate", at("/", "disk:truenas:truenas-basement:sdk", "&tab=disks")],
  ["drawer-disk-history", "estate", at("/", "disk:truenas:truenas-basement:sdk", "&tab=history&range=90d")],
  ["drawer-pbs", "estate", at("/", "pbs:pbs-vault")],
  ["drawer-pmg", "estate", at("/", "pmg:pmg-relay")],
  ["drawer-notes", "many", at("/standalone/machines", "agent-4", "&tab=notes")],
  ["drawer-notes-wrong", "many", at("/standalone/machines", "agent-4", "&tab=notes"), async (page) => { await page.fill(".notes input[type=url]", "nas.example.net"); await page.click(".notes [type=submit]"); await wait(200); }],
  ["drawer-notes-saved", "many", at("/standalone/machines", "agent-4", "&tab=notes"), async (page) => { await page.fill(".notes textarea", "Moved to rack 3."); await page.click(".notes [type=submit]"); await wait(400); }],
  ["drawer-link", "many", at("/standalone/machines", "agent-4"), async (page) => { await page.click("text=Same as another"); await page.fill(".dialog input[type=search]", "edge"); await wait(200); }],
];

/** Opens the first resource of a kind, whatever its id. */
async function openFirst(page, type) {
  const id = await page.evaluate(async (wanted) => (await (await fetch("/api/state")).json()).resources.find((entry) => entry.type === wanted)?.id, type);
  await page.goto(`${new URL(page.url()).origin}/?resource=${encodeURIComponent(id)}`);
  await page.waitForSelector(".drawer h2");
  await wait(900);
}

PAGE_SHOTS.push(
  ["settings-system", "one", "/settings/system-general", async (page) => { await page.evaluate(() => scrollTo(0, 320)); await wait(200); }],
  ["settings-changed", "one", "/settings/system-general", async (page) => {
    const field = page.getByLabel("Proxmox VE");
    await field.scrollIntoViewIfNeeded(); await field.fill("3");
    await page.getByLabel("Longest answer").fill("90");
    await page.click(".save-bar [type=submit]"); await wait(300);
  }],
  ["settings-sample", "one", "/settings/system-general", async (page) => { await page.locator("#sample-data").scrollIntoViewIfNeeded(); await page.click("#sample-data .chip >> nth=1"); await page.evaluate(() => scrollBy(0, 400)); await wait(200); }],
  ["settings-network", "one", "/settings/system-network"],
  ["settings-diagnostics", "one", "/settings/support/diagnostics"],
  ["settings-logs", "one", "/settings/support/logs", async () => wait(900)],
  ["settings-logs-filtered", "one", "/settings/support/logs?level=warn&q=late", async () => wait(900)],
);

PAGE_SHOTS.push(
  ["workloads", "estate", "/workloads"],
  ["workloads-drawer", "estate", at("/workloads", "pve:rack-a:122")],
  ["workloads-flat-lines", "estate", "/workloads?group=flat&view=lines&sort=cpu&order=desc"],
  ["workloads-namespace", "estate", "/workloads?type=pod&group=namespace"],
  ["workloads-nothing", "estate", "/workloads?q=zzz"],
  ["workloads-none", "one", "/workloads"],
  ["workloads-silent", "silent", "/workloads"],
  ["workloads-large", "large", "/workloads?group=flat", async (page) => { await page.evaluate(() => scrollTo(0, 60_000)); await wait(700); }],
  ["storage", "estate", "/storage"],
  ["storage-flat", "estate", "/storage?group=flat&sort=usage&order=desc"],
  ["storage-disks", "estate", "/storage?kind=disks"],
  ["storage-disks-drawer", "estate", at("/storage", "disk:truenas:truenas-basement:sdk", "&kind=disks&tab=disks")],
  ["storage-proxmox", "estate", "/proxmox/storage"],
  ["storage-none", "one", "/storage"],
  ["storage-silent", "silent", "/storage?group=flat"],
);
