// Shots of Kubernetes. Same shape as in look.mjs.

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const open = (path, id) => `${path}${path.includes("?") ? "&" : "?"}resource=${encodeURIComponent(`k8s:homelab-prod${id}`)}`;
const below = (top) => async (page) => {
  await page.evaluate((to) => document.querySelector(".drawer")?.scrollTo(0, to), top);
  await wait(300);
};

/** Opens the pod that keeps starting anew. */
async function openLooping(page) {
  const id = await page.evaluate(async () => (await (await fetch("/api/state")).json()).resources.find((entry) => entry.kubernetes?.podReason === "CrashLoopBackOff")?.id);
  await page.goto(`${new URL(page.url()).origin}/kubernetes/workloads?resource=${encodeURIComponent(id)}`);
  await page.waitForSelector(".drawer h2");
  await wait(900);
}

export const CLUSTER_SHOTS = [
  ["k8s-clusters", "clusters", "/kubernetes/overview"],
  ["k8s-cluster-drawer", "clusters", open("/kubernetes/overview", "")],
  ["k8s-cluster-below", "clusters", open("/kubernetes/overview", ""), below(700)],
  ["k8s-namespaces", "clusters", "/kubernetes/overview?kind=namespaces"],
  ["k8s-nodes", "clusters", "/kubernetes/nodes"],
  ["k8s-node-drawer", "estate", open("/kubernetes/nodes", ":node/homelab-prod-worker-1"), below(520)],
  ["k8s-pods", "clusters", "/kubernetes/workloads"],
  ["k8s-pods-chosen", "clusters", "/kubernetes/workloads?cluster=id-homelab-prod&namespace=shop&group=owner"],
  ["k8s-pod-drawer", "estate", "/", openLooping],
  ["k8s-pod-below", "estate", "/", async (page) => { await openLooping(page); await below(700)(page); }],
  ["k8s-deployments", "estate", "/kubernetes/workloads?kind=deployments"],
  ["k8s-deployment-drawer", "estate", open("/kubernetes/workloads?kind=deployments", ":deploy/checkout")],
  ["k8s-jobs", "estate", "/kubernetes/workloads?kind=jobs"],
  ["k8s-crons", "estate", "/kubernetes/workloads?kind=cronJobs"],
  ["k8s-services", "clusters", "/kubernetes/services"],
  ["k8s-service-drawer", "estate", open("/kubernetes/services", ":Service/shop/checkout")],
  ["k8s-claims", "estate", "/kubernetes/storage"],
  ["k8s-claim-drawer", "estate", open("/kubernetes/storage", ":PersistentVolumeClaim/shop/data-postgres-0")],
  ["k8s-secrets", "clusters", "/kubernetes/configuration?kind=secrets"],
  ["k8s-quotas", "estate", "/kubernetes/configuration?kind=quotas"],
  ["k8s-quota-drawer", "estate", open("/kubernetes/configuration?kind=quotas", ":ResourceQuota/shop/team")],
  ["k8s-events", "clusters", "/kubernetes/events"],
  ["k8s-event-drawer", "estate", open("/kubernetes/events", ":Event/shop/event-0")],
  ["machine-agent", "estate", "/standalone/machines?resource=agent-nas-containers&tab=agent"],
  ["machine-disks", "estate", "/standalone/machines?resource=agent-nas-containers&tab=disks"],
  ["machine-below", "estate", "/standalone/machines?resource=agent-nas-containers", below(900)],
  ["manage-menu", "estate", "/docker/overview?kind=hosts&resource=docker%3Abuild-runner-arm64-01", async (page) => { await page.getByRole("button", { name: "Actions" }).click(); await wait(200); }],
  ["manage-remove", "estate", "/docker/overview?kind=hosts&resource=docker%3Abuild-runner-arm64-01", async (page) => { await page.getByRole("button", { name: "Actions" }).click(); await page.getByRole("button", { name: "Remove…" }).click(); await wait(200); }],
  ["manage-link", "estate", "/standalone/machines?resource=agent-opnsense-edge", async (page) => { await page.getByRole("button", { name: "Actions" }).click(); await page.getByRole("button", { name: "Link to a node…" }).click(); await wait(200); }],
  ["manage-removed", "clusters", "/settings/infrastructure", async (page) => { await page.evaluate(() => fetch("/api/agents/kubernetes/clusters/id-edge-fra", { method: "DELETE", headers: { "X-CSRF-Token": "fake-csrf" } })); await page.click("text=Show what was removed"); await page.locator("#removed-title").scrollIntoViewIfNeeded(); await wait(300); }],
  ["k8s-nothing", "estate", "/kubernetes/workloads?q=zzz"],
  ["k8s-silent", "silent", "/kubernetes/nodes"],
  ["k8s-silent-pods", "silent", "/kubernetes/workloads"],
  ["k8s-absent", "one", "/kubernetes/overview"],
];
