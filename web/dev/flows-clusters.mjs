// What a person does with clusters, and decides about what reports. Same shape as in flows.mjs.
import assert from "node:assert/strict";

const query = (page) => new URL(page.url()).searchParams;
const kindly = (type) => (entry) => entry.type === type;

export const CLUSTER_FLOWS = [
  ["g and k lead to Kubernetes; a cluster and a namespace stay chosen from page to page", { scene: "clusters", signedIn: true }, async (page, fake) => {
    await page.goto(fake.url);
    await page.waitForSelector("tr[data-id]");
    await page.keyboard.press("g");
    await page.keyboard.press("k");
    await page.waitForSelector("text=2 of 2 shown");
    await page.getByRole("combobox", { name: "Cluster", exact: true }).selectOption("id-edge-fra");
    await page.waitForSelector("text=1 of 2 shown");
    await page.click(".tabs >> text=Workloads");
    await page.getByRole("combobox", { name: "Namespace", exact: true }).selectOption("shop");
    const pods = fake.state.hosts.filter(kindly("pod"));
    const chosen = pods.filter((pod) => pod.kubernetes.clusterName === "edge-fra" && pod.kubernetes.namespace === "shop");
    await page.waitForSelector(`text=${chosen.length} of ${pods.length} shown`);
    await page.click(".tabs >> text=Nodes");
    await page.waitForSelector("text=3 of 8 shown");
    assert.equal(query(page).get("namespace"), "shop");
  }],
  ["a pod that keeps starting anew says why, and leads to what made it", { scene: "estate", signedIn: true }, async (page, fake) => {
    const looping = fake.state.hosts.find((entry) => entry.kubernetes?.podReason === "CrashLoopBackOff");
    await page.goto(`${fake.url}/kubernetes/workloads?resource=${encodeURIComponent(looping.id)}`);
    await page.waitForSelector(".drawer >> text=back-off 5m0s restarting failed container");
    await page.click(`.drawer .inside-row >> text=${looping.kubernetes.ownerName}`);
    await page.waitForSelector(".drawer >> text=Ready of wanted");
    await page.waitForSelector(`.drawer .inside-row >> text=${looping.name.slice(0, 18)}`);
  }],
  ["an engine is renamed, hidden with a way back, and asked for updates", { scene: "estate", signedIn: true }, async (page, fake) => {
    const engine = fake.state.hosts.find(kindly("docker-host"));
    await page.goto(`${fake.url}/docker/overview?kind=hosts&resource=${encodeURIComponent(engine.id)}`);
    const choose = async (item) => {
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("button", { name: item, exact: true }).click();
    };
    await choose("Check for updates");
    await page.waitForSelector(".drawer >> text=waits for its next report");
    await choose("Rename…");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("arm builder");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".drawer h2 >> text=arm builder");
    await choose("Hide");
    await page.getByRole("dialog").getByRole("button", { name: "Hide", exact: true }).click();
    await page.waitForSelector("text=5 of 5 shown");
    await page.getByRole("button", { name: "Hidden by an operator" }).click();
    await page.getByRole("button", { name: "arm builder Show again" }).click();
    await page.waitForSelector("text=6 of 6 shown");
  }],
  ["removing asks for the name, says what goes, and can be taken back from the list of what was removed", { scene: "clusters", signedIn: true }, async (page, fake) => {
    await page.goto(`${fake.url}/kubernetes/overview?resource=${encodeURIComponent("k8s:edge-fra")}`);
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("button", { name: "Remove…" }).click();
    const button = page.getByRole("button", { name: "Remove", exact: true });
    assert.equal(await button.isDisabled(), true);
    await page.getByLabel("Type edge-fra to go on").fill("edge-fra");
    await button.click();
    await page.waitForSelector("text=edge-fra is removed");
    await page.goto(`${fake.url}/settings/infrastructure`);
    await page.click("text=Show what was removed");
    await page.getByRole("button", { name: "Allow again: edge-fra" }).click();
    await page.waitForSelector("text=Nothing is refused.");
    assert.deepEqual(fake.state.removed, []);
  }],
];
