/** File systems, and the devices below them. */
import { Index, Show } from "solid-js";
import { resource } from "../../live/estate";
import { standing } from "../../live/tally";
import { isFresh } from "../../live/standing";
import { roomOf, usageOf } from "../../live/storage";
import { Meter } from "../../parts/Meter";
import { capacity, DASH } from "../../text/format";
import { t } from "../../text/en";

export function Disks(props: { id: string }) {
  const agent = () => resource(props.id)?.agent;
  const disks = () => agent()?.disks ?? [];
  const devices = () => agent()?.diskIo ?? [];
  return (
    <>
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
    </>
  );
}
