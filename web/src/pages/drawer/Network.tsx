/** Network interfaces with their addresses and counters. */
import { Index, Show } from "solid-js";
import { resource } from "../../live/estate";
import { capacity, DASH, figure } from "../../text/format";
import { t } from "../../text/en";

/** Link speed, "1 Gb/s". */
function speed(mbps: number | undefined): string {
  if (!mbps || mbps < 0) return DASH;
  return mbps >= 1000 ? `${figure(mbps / 1000)} Gb/s` : `${figure(mbps)} Mb/s`;
}

export function Network(props: { id: string }) {
  const interfaces = () => resource(props.id)?.agent?.networkInterfaces ?? [];
  return (
    <Show when={interfaces().length > 0 || resource(props.id)?.agent}>
      <section class="drawer-section">
        <h3>
          {t.drawer.interfaces} <span class="dim">{t.drawer.sinceBoot}</span>
        </h3>
        <Show when={interfaces().length > 0} fallback={<p class="not-offered">{t.drawer.notOffered}</p>}>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">{t.drawer.interfaceName}</th>
                <th scope="col">{t.drawer.addresses}</th>
                <th scope="col" class="numeric">{t.drawer.receivedTotal}</th>
                <th scope="col" class="numeric">{t.drawer.sentTotal}</th>
                <th scope="col" class="numeric">{t.drawer.speed}</th>
              </tr>
            </thead>
            <tbody>
              <Index each={interfaces()}>
                {(entry) => (
                  <tr title={entry().mac}>
                    <th scope="row">{entry().name}</th>
                    <td class="mono break">
                      <Show when={entry().addresses?.length} fallback={<span class="dim">{t.drawer.down}</span>}>
                        {entry().addresses?.join(" ")}
                      </Show>
                    </td>
                    <td class="numeric">{capacity(entry().rxBytes)}</td>
                    <td class="numeric">{capacity(entry().txBytes)}</td>
                    <td class="numeric second">{speed(entry().speedMbps)}</td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
        </Show>
      </section>
    </Show>
  );
}
