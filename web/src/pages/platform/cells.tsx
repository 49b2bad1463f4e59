/** Facts of workloads, one cell each. */
import { createMemo, For, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { ticking } from "../../live/clock";
import { latestOf, resource } from "../../live/estate";
import { standing } from "../../live/tally";
import { DASH, iso, span, uptimeShort } from "../../text/format";
import { t } from "../../text/en";

const facets = (id: string) => facetsOf(resource(id));

export function KindCell(props: { id: string }) {
  return <>{t.platform.kinds[resource(props.id)?.type ?? ""] ?? DASH}</>;
}

/** Age of a moment in the largest unit; a dash where there is none. */
export function SinceCell(props: { at: string | undefined }) {
  const age = createMemo(() => {
    const at = Date.parse(props.at ?? "");
    return Number.isNaN(at) ? undefined : uptimeShort((ticking() - at) / 1000);
  });
  return <span title={props.at ? iso(Date.parse(props.at)) : undefined}>{age() ?? DASH}</span>;
}

export function BackupCell(props: { id: string }) {
  return <SinceCell at={facets(props.id).proxmox?.lastBackup} />;
}

export function TagsCell(props: { id: string }) {
  return (
    <span class="tags">
      <For each={(resource(props.id)?.tags ?? []).slice(0, 3)}>{(tag) => <span class="badge">{tag}</span>}</For>
    </span>
  );
}

/** "Up 30 d · healthy", "Exited 0 · 9 d". */
export function StateCell(props: { id: string }) {
  const words = () => {
    const { docker } = facets(props.id);
    if (!docker) return t.standing[standing(props.id)];
    if (docker.containerState === "exited") return [t.platform.exited(docker.exitCode ?? 0), docker.finishedAt && span(ticking() - Date.parse(docker.finishedAt))].filter(Boolean).join(" · ");
    if (docker.containerState && docker.containerState !== "running") return docker.containerState;
    const health = docker.health && docker.health !== "none" ? docker.health : "";
    return [t.platform.up(uptimeShort(resource(props.id)?.uptime)), health].filter(Boolean).join(" · ");
  };
  return <span class="cut">{words()}</span>;
}

export function PortsCell(props: { id: string }) {
  const words = () =>
    [...new Set((facets(props.id).docker?.ports ?? []).flatMap((port) => port.publicPort ?? []))].join(", ") || DASH;
  return <span class="cut">{words()}</span>;
}

export function UpdateCell(props: { id: string }) {
  const status = () => facets(props.id).docker?.updateStatus;
  const app = () => facets(props.id).truenas?.app;
  return (
    <Show when={status() ?? (app() ? { updateAvailable: app()?.upgradeAvailable, error: undefined } : undefined)} fallback={<span class="dim">{DASH}</span>}>
      {(known) => (
        <Show when={!known().error} fallback={<span class="badge outline">{t.platform.updateUnknown(known().error ?? "")}</span>}>
          <Show when={known().updateAvailable} fallback={<span class="dim">{t.platform.current}</span>}>
            <span class="badge accent">{t.platform.updateReady}</span>
          </Show>
        </Show>
      )}
    </Show>
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

export function PhaseCell(props: { id: string }) {
  const words = () => facets(props.id).kubernetes?.podReason ?? facets(props.id).kubernetes?.podPhase ?? t.standing[standing(props.id)];
  return <span class="cut">{words()}</span>;
}

/** The second line on a phone: kind, number, where. */
export function LineCell(props: { id: string }) {
  const words = () => {
    const { proxmox, docker, kubernetes, truenas } = facets(props.id);
    const kind = t.platform.kinds[resource(props.id)?.type ?? ""];
    if (proxmox?.vmid !== undefined) return [`${kind} ${proxmox.vmid}`, (resource(props.id)?.tags ?? []).join(" ")].filter(Boolean).join(" · ");
    return [kubernetes?.namespace, kubernetes?.podReason ?? kubernetes?.podPhase, docker?.image, truenas?.app?.version].filter(Boolean).join(" · ");
  };
  return <span class="cut">{words()}</span>;
}

export const restartsOf = (id: string) => {
  const { docker, kubernetes } = facetsOf(latestOf(id));
  return docker?.restartCount ?? kubernetes?.restarts;
};

export function RestartsCell(props: { id: string }) {
  const count = () => facets(props.id).docker?.restartCount ?? facets(props.id).kubernetes?.restarts;
  return <>{count() ?? DASH}</>;
}
