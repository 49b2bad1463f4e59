/** How a machine keeps its data: software RAID, ZFS pools, an Unraid array, and disks no list of its own has. */
import { Index, Show } from "solid-js";
import type { DiskSmart, ZfsDevice } from "../../api/schema";
import { resource } from "../../live/estate";
import { capacity, DASH, figure, percent } from "../../text/format";
import { t } from "../../text/en";
import { errorsOf, isCalm, membersOf, rebuildOf, scanOf } from "./machineFacts";
import { PlainTable } from "./PlainTable";

const m = t.machine;

function State(props: { word: string | undefined }) {
  return <span classList={{ "warn-ink": isCalm(props.word) === false }}>{props.word || DASH}</span>;
}

function lifeOf(disk: DiskSmart): string {
  const used = disk.attributes?.percentageUsed;
  const words = [disk.standby ? m.asleep : disk.health && (t.smart.healths[disk.health.toUpperCase()] ?? disk.health), used === undefined ? undefined : t.storage.lifeLeft(percent(Math.max(0, 100 - used)))];
  return words.filter(Boolean).join(" · ") || DASH;
}

function Pools(props: { id: string }) {
  const pools = () => resource(props.id)?.agent?.zfsPools ?? [];
  const depth = (device: ZfsDevice) => (device.parent ? "  " : "");
  return (
    <Index each={pools()}>
      {(pool) => (
        <section class="drawer-section">
          <h3>
            {m.pool} {pool().name} <State word={pool().state} />
          </h3>
          <p class="dim">{[pool().status, scanOf(pool()), errorsOf(pool()) && `${m.counts}: ${errorsOf(pool())}`].filter(Boolean).join(" · ")}</p>
          <Show when={(pool().devices ?? []).length > 0}>
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">{m.device}</th>
                  <th scope="col">{m.role}</th>
                  <th scope="col">{m.state}</th>
                  <th scope="col" class="numeric">{m.counts}</th>
                </tr>
              </thead>
              <tbody>
                <Index each={pool().devices}>
                  {(device) => (
                    <tr title={device().message}>
                      <th scope="row" class="break">{depth(device())}{device().name ?? device().path ?? DASH}</th>
                      <td class="second">{device().role ?? device().type ?? DASH}</td>
                      <td><State word={device().missing ? m.missing : device().state} /></td>
                      <td class="numeric">{errorsOf(device()) ?? DASH}</td>
                    </tr>
                  )}
                </Index>
              </tbody>
            </table>
          </Show>
        </section>
      )}
    </Index>
  );
}

/** `listed` says that disks stand above as resources of their own. */
export function Arrays(props: { id: string; listed: boolean }) {
  const agent = () => resource(props.id)?.agent;
  const smart = () => (props.listed ? [] : (agent()?.sensors?.smart ?? []));
  return (
    <>
      <PlainTable title={m.smart} heads={[m.disk, m.health, m.heat, t.drawer.size]} rows={smart()} cells={(disk) => [[disk.device, disk.model].filter(Boolean).join(" · "), lifeOf(disk), disk.temperature === undefined ? DASH : figure(disk.temperature), capacity(disk.sizeBytes)]} />
      <PlainTable
        title={m.raid}
        heads={[m.array, m.level, m.state, m.members, m.work]}
        rows={agent()?.raid ?? []}
        cells={(array) => [array.name ?? array.device ?? DASH, array.level ?? DASH, <State word={array.state} />, membersOf(array) || DASH, rebuildOf(array) ?? DASH]}
      />
      <Pools id={props.id} />
      <PlainTable
        title={m.unraid}
        heads={[m.slot, m.role, m.state, m.room, m.heat]}
        rows={agent()?.unraid?.disks ?? []}
        cells={(disk) => [disk.name ?? disk.device ?? DASH, disk.role ?? DASH, <State word={disk.spunDown ? m.asleep : (disk.status ?? disk.rawStatus)} />, disk.usedBytes === undefined ? capacity(disk.sizeBytes) : `${capacity(disk.usedBytes)} / ${capacity(disk.sizeBytes)}`, disk.temperature === undefined ? DASH : figure(disk.temperature)]}
      />
    </>
  );
}
