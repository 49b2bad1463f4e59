/** What the agent on a machine knows beside its figures: graphics, further sensors, packages, Ceph, guests. */
import { Index, Show } from "solid-js";
import { resource } from "../../live/estate";
import { isFresh } from "../../live/standing";
import { standing } from "../../live/tally";
import { Meter } from "../../parts/Meter";
import { capacity, DASH, figure, memory, percent } from "../../text/format";
import { t } from "../../text/en";
import { FactList } from "./About";
import type { Fact } from "./facts";
import { cephFacts, isCalm, packageFacts } from "./machineFacts";
import { PlainTable } from "./PlainTable";

const m = t.machine;

function Section(props: { title: string; facts: readonly Fact[] }) {
  const told = () => props.facts.filter(([, value]) => value !== undefined);
  return (
    <Show when={told().length > 0}>
      <section class="drawer-section">
        <h3>{props.title}</h3>
        <FactList facts={told()} />
      </section>
    </Show>
  );
}

function Packages(props: { id: string }) {
  const all = () => resource(props.id)?.agent?.packageUpdates?.packages ?? [];
  return (
    <Show when={all().length > 0}>
      <section class="drawer-section">
        <details>
          <summary>
            {m.packagesTitle} <span class="dim">{all().length}</span>
          </summary>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">{m.package}</th>
                <th scope="col">{m.installed}</th>
                <th scope="col">{m.available}</th>
              </tr>
            </thead>
            <tbody>
              <Index each={all()}>
                {(entry) => (
                  <tr>
                    <th scope="row" class="break">{entry().name}</th>
                    <td class="break second">{entry().installedVersion ?? DASH}</td>
                    <td class="break">{entry().availableVersion ?? DASH}</td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
        </details>
      </section>
    </Show>
  );
}

function Graphics(props: { id: string }) {
  const all = () => resource(props.id)?.agent?.sensors?.gpu ?? [];
  return (
    <Show when={all().length > 0}>
      <section class="drawer-section">
        <h3>{m.gpus}</h3>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{m.gpu}</th>
              <th scope="col" class="w-meter">{m.load}</th>
              <th scope="col" class="numeric">{m.memory}</th>
              <th scope="col" class="numeric">{m.heat}</th>
            </tr>
          </thead>
          <tbody>
            <Index each={all()}>
              {(gpu) => (
                <tr>
                  <th scope="row" class="break">{gpu().name ?? gpu().id ?? DASH}</th>
                  <td>
                    <Meter label={gpu().name ?? m.gpu} value={gpu().utilizationPercent} stale={!isFresh(standing(props.id))} />
                  </td>
                  <td class="numeric">{gpu().memoryTotalBytes === undefined ? DASH : `${memory(gpu().memoryUsedBytes)} / ${memory(gpu().memoryTotalBytes)}`}</td>
                  <td class="numeric">{gpu().temperatureCelsius === undefined ? DASH : figure(gpu().temperatureCelsius ?? 0)}</td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </Show>
  );
}

export function Machine(props: { id: string }) {
  const agent = () => resource(props.id)?.agent;
  const guests = () => [
    ...(agent()?.libvirt?.domains ?? []).map((guest) => [guest.name, guest.state, guest.vcpus, guest.memoryCurrentBytes] as const),
    ...(agent()?.xcpng?.vms ?? []).map((guest) => [guest.name, guest.powerState, guest.vcpus, guest.memoryActualBytes] as const),
  ];
  const mounts = () => (agent()?.proxmoxLxc?.containers ?? []).flatMap((guest) => (guest.disks ?? []).map((disk) => [`${guest.name ?? DASH} (${guest.vmid ?? DASH})`, disk] as const));
  const heat = (): Fact[] => Object.entries(agent()?.sensors?.additional ?? {}).map(([name, value]) => [name, `${figure(value)} °C`]);
  const calm = (word: string | undefined) => isCalm(word) !== false;
  return (
    <Show when={agent()}>
      <Graphics id={props.id} />
      <Section title={m.moreHeat} facts={heat()} />
      <PlainTable
        title={m.custom}
        heads={[m.sensor, m.value, m.state]}
        rows={agent()?.sensors?.custom ?? []}
        cells={(sensor) => [[sensor.group, sensor.name ?? sensor.id].filter(Boolean).join(" · "), sensor.value === undefined ? DASH : `${figure(sensor.value)} ${sensor.unit ?? ""}`, <span classList={{ "warn-ink": !!sensor.error || sensor.stale }}>{sensor.error ?? sensor.status ?? DASH}</span>]}
      />
      <Section title={m.packagesTitle} facts={packageFacts(agent()?.packageUpdates, agent()?.storageCleanup)} />
      <Packages id={props.id} />
      <Section title={m.ceph} facts={cephFacts(agent()?.ceph)} />
      <PlainTable title={m.cephPool} heads={[m.cephPool, m.usedPercent, m.objects]} rows={agent()?.ceph?.pools ?? []} cells={(pool) => [pool.name ?? DASH, percent(pool.percentUsed), pool.objects === undefined ? DASH : pool.objects.toLocaleString()]} />
      <PlainTable title={m.guests} heads={[m.guest, m.state, m.vcpus, m.memory]} rows={guests()} cells={([name, state, vcpus, used]) => [name ?? DASH, <span classList={{ dim: !calm(state) }}>{state ?? DASH}</span>, vcpus ?? DASH, memory(used)]} />
      <PlainTable
        title={m.lxcDisks}
        heads={[m.guest, t.drawer.mount, m.usedPercent, t.drawer.size]}
        rows={mounts()}
        cells={([guest, disk]) => [guest, disk.mountpoint ?? DASH, disk.usage === undefined ? DASH : percent(disk.usage), disk.total === undefined ? DASH : `${capacity(disk.used)} / ${capacity(disk.total)}`]}
      />
    </Show>
  );
}
