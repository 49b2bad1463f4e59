/** The switch for sample data, and how much of it. */
import { createMemo, createResource, createSignal, For, Match, Show, Switch } from "solid-js";
import { ApiFailure } from "../../api/request";
import { sentenceOf } from "../../api/sentence";
import { type MockConfig, type MockMode, readMockMode, saveMockMode } from "../../api/settings";
import { Field } from "../../parts/Field";
import { toast } from "../../parts/Toast";
import { t } from "../../text/en";

type Sizes = Omit<MockConfig, "randomMetrics">;
type Name = keyof Sizes;

const COUNTS: readonly Name[] = ["nodeCount", "vmsPerNode", "lxcsPerNode", "dockerHostCount", "dockerContainersPerHost", "genericHostCount", "k8sClusterCount", "k8sNodesPerCluster", "k8sPodsPerCluster", "k8sDeploymentsPerCluster"];
const MOST: Record<Name, number> = { nodeCount: 1000, vmsPerNode: 200, lxcsPerNode: 200, dockerHostCount: 1000, dockerContainersPerHost: 200, genericHostCount: 1000, k8sClusterCount: 50, k8sNodesPerCluster: 200, k8sPodsPerCluster: 5000, k8sDeploymentsPerCluster: 1000, stoppedPercent: 1 };

export const PRESETS: Record<"small" | "medium" | "large", Sizes> = {
  small: { nodeCount: 3, vmsPerNode: 5, lxcsPerNode: 8, dockerHostCount: 3, dockerContainersPerHost: 12, genericHostCount: 4, k8sClusterCount: 1, k8sNodesPerCluster: 4, k8sPodsPerCluster: 30, k8sDeploymentsPerCluster: 12, stoppedPercent: 0.1 },
  medium: { nodeCount: 24, vmsPerNode: 14, lxcsPerNode: 10, dockerHostCount: 16, dockerContainersPerHost: 24, genericHostCount: 20, k8sClusterCount: 2, k8sNodesPerCluster: 12, k8sPodsPerCluster: 300, k8sDeploymentsPerCluster: 60, stoppedPercent: 0.1 },
  large: { nodeCount: 500, vmsPerNode: 10, lxcsPerNode: 10, dockerHostCount: 400, dockerContainersPerHost: 20, genericHostCount: 60, k8sClusterCount: 2, k8sNodesPerCluster: 20, k8sPodsPerCluster: 400, k8sDeploymentsPerCluster: 100, stoppedPercent: 0.1 },
};

/** How many resources such an estate has, about: hosts, what runs on them, clusters with what is in them. */
export function estimate(sizes: Partial<Sizes>): number {
  const of = (name: Name) => sizes[name] ?? 0;
  const proxmox = of("nodeCount") * (1 + of("vmsPerNode") + of("lxcsPerNode"));
  const docker = of("dockerHostCount") * (1 + of("dockerContainersPerHost"));
  const clusters = of("k8sClusterCount") * (1 + of("k8sNodesPerCluster") + of("k8sPodsPerCluster") + of("k8sDeploymentsPerCluster"));
  return proxmox + docker + of("genericHostCount") + clusters;
}

export function SampleEstate() {
  const [mode, { mutate, refetch }] = createResource(readMockMode);
  const isMissing = () => mode.error instanceof ApiFailure && mode.error.status === 404;
  return (
    <section class="panel" id="sample-data">
      <header class="panel-head">
        <h2>{t.mock.title}</h2>
        <span class="dim">{t.mock.note}</span>
      </header>
      <Switch>
        <Match when={mode.error}>
          <p class="padded second">
            {isMissing() ? t.mock.missing : sentenceOf(mode.error)}{" "}
            <Show when={!isMissing()}>
              <button type="button" class="button small" onClick={() => void refetch()}>
                {t.failure.again}
              </button>
            </Show>
          </p>
        </Match>
        <Match when={mode.latest}>{(present) => <Controls mode={present()} onChange={mutate} />}</Match>
        <Match when={true}>
          <p class="padded dim">{t.loading}</p>
        </Match>
      </Switch>
    </section>
  );
}

function Controls(props: { mode: MockMode; onChange: (mode: MockMode) => void }) {
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal("");
  const [draft, setDraft] = createSignal<Partial<Record<Name, string>>>({});
  const shown = (name: Name) => draft()[name] ?? String(name === "stoppedPercent" ? Math.round((props.mode.config.stoppedPercent ?? 0) * 100) : (props.mode.config[name] ?? 0));
  const most = (name: Name) => (name === "stoppedPercent" ? 100 : MOST[name]);
  const isGood = (name: Name) => /^\d{1,6}$/.test(shown(name).trim()) && Number(shown(name)) <= most(name);
  const names: readonly Name[] = [...COUNTS, "stoppedPercent"];
  const sizes = createMemo(() => Object.fromEntries(names.map((name) => [name, name === "stoppedPercent" ? Number(shown(name)) / 100 : Number(shown(name))])) as unknown as Sizes);
  const isChanged = () => names.some((name) => sizes()[name] !== (props.mode.config[name] ?? 0));
  const preset = () => (Object.keys(PRESETS) as (keyof typeof PRESETS)[]).find((key) => COUNTS.every((name) => PRESETS[key][name] === sizes()[name]));
  const send = async (change: Parameters<typeof saveMockMode>[0], said: string) => {
    setBusy(true);
    setFailure("");
    try {
      props.onChange(await saveMockMode(change));
      if (change.config) setDraft({});
      toast(said);
    } catch (cause) {
      setFailure(sentenceOf(cause));
    } finally {
      setBusy(false);
    }
  };
  const choose = (key: keyof typeof PRESETS) => setDraft(Object.fromEntries(names.map((name) => [name, String(name === "stoppedPercent" ? PRESETS[key][name] * 100 : PRESETS[key][name])])));
  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    if (names.every(isGood) && isChanged()) void send({ config: sizes() }, t.mock.applied);
  };
  return (
    <>
      <div class="setting">
        <div class="setting-words">
          <label for="sample-switch">{t.mock.toggle}</label>
          <small>{t.mock.explain}</small>
        </div>
        <input id="sample-switch" class="switch" type="checkbox" role="switch" disabled={busy()} checked={props.mode.enabled} onChange={(event) => void send({ enabled: event.currentTarget.checked }, event.currentTarget.checked ? t.mock.on : t.mock.off)} />
      </div>
      <form class="stack padded" onSubmit={apply} noValidate>
        <fieldset class="chips">
          <legend>{t.mock.sizes}</legend>
          <For each={Object.keys(PRESETS) as (keyof typeof PRESETS)[]}>
            {(key) => (
              <button type="button" class="chip" aria-pressed={preset() === key} onClick={() => choose(key)}>
                {t.mock.presets[key]} <b>{estimate(PRESETS[key]).toLocaleString()}</b>
              </button>
            )}
          </For>
        </fieldset>
        <div class="size-grid">
          <For each={names}>
            {(name) => (
              <Field label={name === "stoppedPercent" ? t.mock.stopped : (t.mock.fields[name] ?? name)} error={isGood(name) ? undefined : t.mock.number(0, most(name))}>
                {(control) => <input {...control} class="input" inputmode="numeric" autocomplete="off" value={shown(name)} onInput={(event) => setDraft({ ...draft(), [name]: event.currentTarget.value })} />}
              </Field>
            )}
          </For>
        </div>
        <label class="check">
          <input type="checkbox" checked={props.mode.config.randomMetrics !== false} disabled={busy()} onChange={(event) => void send({ config: { randomMetrics: event.currentTarget.checked } }, t.mock.applied)} />
          {t.mock.moving}
        </label>
        <Show when={failure()}>
          <p class="note bad" role="alert">
            {failure()}
          </p>
        </Show>
        <div class="step-do">
          <button type="submit" class="button" disabled={busy() || !isChanged() || !names.every(isGood)}>
            {busy() ? t.mock.applying : t.mock.apply}
          </button>
          <span class="dim">{t.mock.total(estimate(sizes()) || 0)}</span>
        </div>
      </form>
    </>
  );
}
