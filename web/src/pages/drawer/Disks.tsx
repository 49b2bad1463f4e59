/** File systems and devices of a host, the disks below it, the devices of a pool, SMART of a disk. */
import { createMemo, For, Index, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import type { FileSystem } from "../../api/schema";
import { withQuery } from "../../app/place";
import { latest, resource, revision } from "../../live/estate";
import type { Resource } from "../../live/frames";
import { isFresh } from "../../live/standing";
import { roomOf, usageOf } from "../../live/storage";
import { standing } from "../../live/tally";
import { Glyph } from "../../parts/Glyph";
import { Meter } from "../../parts/Meter";
import { capacity, DASH, figure, percent } from "../../text/format";
import { t } from "../../text/en";
import { nameOf } from "../../live/names";
import { Arrays } from "./Arrays";
import { lifeOf } from "./infrastructure";
import { Smart } from "./Smart";

export function fileSystemsOf(entry: Resource | undefined): readonly FileSystem[] {
  return entry?.agent?.disks ?? facetsOf(entry).proxmox?.disks ?? [];
}

/** Ids of the physical disks in or below it. */
function disksBelow(id: string): string[] {
  return latest().filter((entry) => entry.type === "physical_disk" && entry.parentId === id).map((entry) => entry.id);
}

export function hasDisks(entry: Resource | undefined): boolean {
  if (!entry) return false;
  const { physicalDisk, storage } = facetsOf(entry);
  return entry.type === "agent" || !!physicalDisk || !!storage?.zfsPool?.devices?.length || fileSystemsOf(entry).length > 0 || disksBelow(entry.id).length > 0;
}

export function Disks(props: { id: string }) {
  const entry = () => resource(props.id);
  const below = createMemo(() => (revision(), disksBelow(props.id)), undefined, { equals: (a, b) => a.join() === b.join() });
  const isHost = () => !!entry()?.agent || fileSystemsOf(entry()).length > 0;
  return (
    <>
      <Show when={facetsOf(entry()).physicalDisk}>
        <Smart id={props.id} />
      </Show>
      <Show when={below().length > 0}>
        <PhysicalDisks ids={below()} />
      </Show>
      <PoolDevices id={props.id} />
      <Show when={entry()?.agent}>
        <Arrays id={props.id} listed={below().length > 0} />
      </Show>
      <Show when={isHost() || entry()?.type === "agent"}>
        <FileSystems id={props.id} />
      </Show>
      <Show when={entry()?.agent}>
        <Devices id={props.id} />
      </Show>
    </>
  );
}

function PhysicalDisks(props: { ids: readonly string[] }) {
  return (
    <section class="drawer-section">
      <h3>
        {t.storage.disksTitle} <span class="dim">{props.ids.length}</span>
      </h3>
      <ul class="inside">
        <For each={props.ids}>
          {(id) => {
            const disk = () => facetsOf(resource(id)).physicalDisk;
            const life = () => lifeOf(disk());
            return (
              <li>
                <a class="inside-row" href={withQuery({ resource: id, tab: undefined })}>
                  <Glyph standing={standing(id)} />
                  <span class="cut">{nameOf(resource(id))}</span>
                  <span class="dim push">{[capacity(disk()?.sizeBytes), life() === undefined ? undefined : t.storage.lifeLeft(percent(life()))].filter(Boolean).join(" · ")}</span>
                  <span class="inside-figure">{disk()?.spunDown ? t.facts.asleep : resource(id)?.temperature === undefined ? "" : `${figure(resource(id)?.temperature ?? 0)} °C`}</span>
                </a>
              </li>
            );
          }}
        </For>
      </ul>
    </section>
  );
}

function PoolDevices(props: { id: string }) {
  const devices = () => facetsOf(resource(props.id)).storage?.zfsPool?.devices ?? [];
  return (
    <Show when={devices().length > 0}>
      <section class="drawer-section">
        <h3>{t.smart.pool}</h3>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t.drawer.device}</th>
              <th scope="col">{t.facts.role}</th>
              <th scope="col">{t.facts.state}</th>
              <th scope="col" class="numeric">{t.smart.poolErrors}</th>
            </tr>
          </thead>
          <tbody>
            <Index each={devices()}>
              {(device) => (
                <tr>
                  <th scope="row" class="break">{device().name}</th>
                  <td class="second">{device().role ?? device().type ?? DASH}</td>
                  <td classList={{ "crit-ink": !!device().state && device().state !== "ONLINE" && device().state !== "AVAIL" }}>{device().state ?? DASH}</td>
                  <td class="numeric">{[device().readErrors, device().writeErrors, device().checksumErrors].map((count) => count ?? DASH).join("  ")}</td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </Show>
  );
}

function FileSystems(props: { id: string }) {
  const disks = () => fileSystemsOf(resource(props.id));
  return (
    <section class="drawer-section">
      <h3>{t.drawer.fileSystems}</h3>
      <Show when={disks().length > 0} fallback={<p class="not-offered">{t.drawer.notOffered}</p>}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t.drawer.mount}</th>
              <th scope="col" class="w-meter">{t.drawer.used}</th>
              <th scope="col" class="numeric">{t.drawer.size}</th>
              <th scope="col">{t.drawer.kind}</th>
            </tr>
          </thead>
          <tbody>
            <Index each={disks()}>
              {(disk) => (
                <tr title={t.drawer.diskTitle(disk().device, capacity(disk().total))}>
                  <th scope="row" class="break">{disk().mountpoint ?? disk().device ?? DASH}</th>
                  <td>
                    <Meter label={disk().mountpoint ?? ""} value={usageOf(disk())} stale={!isFresh(standing(props.id))} />
                  </td>
                  <td class="numeric">
                    {capacity(disk().used)} / {capacity(roomOf(disk()))}
                  </td>
                  <td class="second">{disk().type ?? DASH}</td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </Show>
    </section>
  );
}

function Devices(props: { id: string }) {
  const devices = () => resource(props.id)?.agent?.diskIo ?? [];
  return (
    <section class="drawer-section">
      <h3>
        {t.drawer.devices} <span class="dim">{t.drawer.sinceBoot}</span>
      </h3>
      <Show when={devices().length > 0} fallback={<p class="not-offered">{t.drawer.notOffered}</p>}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t.drawer.device}</th>
              <th scope="col" class="numeric">{t.drawer.readTotal}</th>
              <th scope="col" class="numeric">{t.drawer.writtenTotal}</th>
            </tr>
          </thead>
          <tbody>
            <Index each={devices()}>
              {(device) => (
                <tr>
                  <th scope="row">{device().device}</th>
                  <td class="numeric">{capacity(device().readBytes)}</td>
                  <td class="numeric">{capacity(device().writeBytes)}</td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </Show>
    </section>
  );
}
