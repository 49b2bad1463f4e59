/** What a disk counts of itself, in words; their past is under History. */
import { For, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import type { SmartAttributes } from "../../api/schema";
import { withQuery } from "../../app/place";
import { resource } from "../../live/estate";
import { t } from "../../text/en";

const ORDER = ["reallocatedSectors", "pendingSectors", "offlineUncorrectable", "mediaErrors", "udmaCrcErrors", "percentageUsed", "availableSpare", "powerOnHours", "powerCycles", "unsafeShutdowns"] as const satisfies readonly (keyof SmartAttributes)[];
/** Counters that should stay at zero. */
const BAD: ReadonlySet<keyof SmartAttributes> = new Set(["reallocatedSectors", "pendingSectors", "offlineUncorrectable", "mediaErrors"]);

function written(name: keyof SmartAttributes, value: number): string {
  if (name === "percentageUsed" || name === "availableSpare") return `${value} %`;
  return name === "powerOnHours" ? t.drawer.hours(value.toLocaleString()) : value.toLocaleString();
}

export function Smart(props: { id: string }) {
  const smart = () => facetsOf(resource(props.id)).physicalDisk?.smart;
  const present = () => ORDER.filter((name) => smart()?.[name] !== undefined);
  return (
    <section class="drawer-section">
      <h3 class="with-link">
        {t.smart.title}
        <a class="link push" href={withQuery({ tab: "history" })}>
          {t.drawer.tabs.history}
        </a>
      </h3>
      <Show when={present().length > 0} fallback={<p class="not-offered">{t.smart.none}</p>}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t.smart.attribute}</th>
              <th scope="col" class="numeric">{t.smart.value}</th>
              <th scope="col">{t.smart.meaning}</th>
            </tr>
          </thead>
          <tbody>
            <For each={present()}>
              {(name) => {
                const value = () => smart()?.[name] ?? 0;
                return (
                  <tr>
                    <th scope="row">{t.smart.names[name]?.[0]}</th>
                    <td class="numeric" classList={{ "warn-ink": BAD.has(name) && value() > 0 }}>
                      {written(name, value())}
                    </td>
                    <td class="second">{t.smart.names[name]?.[1]}</td>
                  </tr>
                );
              }}
            </For>
          </tbody>
        </table>
      </Show>
    </section>
  );
}
