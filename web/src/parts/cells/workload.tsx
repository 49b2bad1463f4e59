/** Facts of workloads, one cell each, and the words they say. */
import { createMemo, For, Match, Switch } from "solid-js";
import { facetsOf } from "../../api/facets";
import type { Kubernetes } from "../../api/schema";
import { ticking } from "../../live/clock";
import { latestOf, resource } from "../../live/estate";
import { standing } from "../../live/tally";
import { updateWord } from "../../search/facts";
import { DASH, span, uptimeShort } from "../../text/format";
import { t } from "../../text/en";
import { whyPod } from "./cluster";

const facets = (id: string) => facetsOf(resource(id));
const MOST_TAGS = 3;

export function KindCell(props: { id: string }) {
  return <>{t.platform.kinds[resource(props.id)?.type ?? ""] ?? DASH}</>;
}

/** Age of a moment in the largest unit; a dash where there is none. */
export function SinceCell(props: { at: string | undefined }) {
  const age = createMemo(() => {
    const at = Date.parse(props.at ?? "");
    return Number.isNaN(at) ? DASH : uptimeShort((ticking() - at) / 1000);
  });
  return <>{age()}</>;
}

export function BackupCell(props: { id: string }) {
  return <SinceCell at={facets(props.id).proxmox?.lastBackup} />;
}

export function TagsCell(props: { id: string }) {
  return (
    <span class="tags">
      <For each={(resource(props.id)?.tags ?? []).slice(0, MOST_TAGS)}>{(tag) => <span class="badge">{tag}</span>}</For>
    </span>
  );
}

/** "Up 30 d · healthy", "Exited 0 · 9 d". */
export function stateOf(id: string): string {
  const { docker, uptime } = facets(id);
  if (!docker) return t.standing[standing(id)];
  const ended = docker.finishedAt && span(ticking() - Date.parse(docker.finishedAt));
  if (docker.containerState === "exited") return [t.platform.exited(docker.exitCode ?? 0), docker.oomKilled && t.platform.outOfMemory, ended].filter(Boolean).join(" · ");
  if (docker.containerState === "restarting") return [t.platform.runStates.restarting, docker.restartCount && t.platform.restarted(docker.restartCount)].filter(Boolean).join(" · ");
  if (docker.containerState && docker.containerState !== "running") return t.platform.runStates[docker.containerState] ?? docker.containerState;
  const health = docker.health && docker.health !== "none" ? docker.health : "";
  return [t.platform.up(uptimeShort(uptime)), health].filter(Boolean).join(" · ");
}

export function StateCell(props: { id: string }) {
  return <span class="cut">{stateOf(props.id)}</span>;
}

/** Ports it can be reached at from outside. */
export function portsOf(id: string): string | undefined {
  return [...new Set((facetsOf(latestOf(id)).docker?.ports ?? []).flatMap((port) => port.publicPort ?? []))].join(", ") || undefined;
}

/** Whether a newer image or release is on offer; undefined where nobody asked. */
function updateOf(id: string): ReturnType<typeof updateWord> {
  const { docker, truenas } = facets(id);
  const available = truenas?.app?.upgradeAvailable;
  return updateWord(docker?.updateStatus) ?? (available === undefined ? undefined : available ? "ready" : "current");
}

/** Why it is not known, or when that was asked. */
export function updateHint(id: string): string | undefined {
  const status = facetsOf(latestOf(id)).docker?.updateStatus;
  if (status?.error) return t.platform.updateUnknown(status.error);
  return status?.lastChecked ? t.platform.updateAsked(span(ticking() - Date.parse(status.lastChecked))) : undefined;
}

export function UpdateCell(props: { id: string }) {
  const update = createMemo(() => updateOf(props.id));
  return (
    <Switch fallback={<span class="dim">{DASH}</span>}>
      <Match when={update() === "unknown"}>
        <span class="badge outline cut">{t.platform.updateUnknown(facets(props.id).docker?.updateStatus?.error ?? "")}</span>
      </Match>
      <Match when={update() === "ready"}>
        <span class="badge accent">{t.platform.updateReady}</span>
      </Match>
      <Match when={update() === "current"}>
        <span class="dim">{t.platform.current}</span>
      </Match>
    </Switch>
  );
}

/** "2/3" containers of a pod. */
export function ReadyCell(props: { id: string }) {
  const words = () => {
    const containers = facets(props.id).kubernetes?.podContainers;
    return containers ? `${containers.filter((entry) => entry.ready).length}/${containers.length}` : DASH;
  };
  return <>{words()}</>;
}

const phaseOf = (k: Kubernetes | undefined) => k && (whyPod(k) ?? k.podPhase);

export function PhaseCell(props: { id: string }) {
  const words = () => phaseOf(facets(props.id).kubernetes) ?? t.standing[standing(props.id)];
  return <span class="cut">{words()}</span>;
}

/** The second line on a phone: kind, number, where. */
export function LineCell(props: { id: string }) {
  const words = () => {
    const { type, tags, proxmox, docker, kubernetes, truenas } = facets(props.id);
    const kind = t.platform.kinds[type ?? ""];
    if (proxmox?.vmid !== undefined) return [`${kind} ${proxmox.vmid}`, (tags ?? []).join(" ")].filter(Boolean).join(" · ");
    return [kubernetes?.namespace, phaseOf(kubernetes), docker?.image, truenas?.app?.version].filter(Boolean).join(" · ");
  };
  return <span class="cut">{words()}</span>;
}

export const restartsOf = (id: string) => {
  const { docker, kubernetes } = facetsOf(latestOf(id));
  return docker?.restartCount ?? kubernetes?.restarts;
};

export function RestartsCell(props: { id: string }) {
  return <>{(resource(props.id), restartsOf(props.id)) ?? DASH}</>;
}
