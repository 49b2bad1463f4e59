/** What it is: system, agent, sensors. */
import { createMemo, Index, Show } from "solid-js";
import { ticking } from "../../live/clock";
import { resource } from "../../live/estate";
import { estateNow } from "../../live/socket";
import { DASH, figure, iso, memory, span } from "../../text/format";
import { t } from "../../text/en";
import { systemOf, uptimeOf } from "../machines/machine";

function Sensors(props: { title: string; values: Record<string, number> | undefined; unit: string }) {
  const entries = () => Object.entries(props.values ?? {});
  return (
    <section class="drawer-section">
      <h3>{props.title}</h3>
      <Show when={entries().length > 0} fallback={<p class="not-offered">{t.drawer.notOffered}</p>}>
        <dl class="facts">
          <Index each={entries()}>
            {(sensor) => (
              <>
                <dt>{sensor()[0]}</dt>
                <dd>
                  {figure(sensor()[1])} {props.unit}
                </dd>
              </>
            )}
          </Index>
        </dl>
      </Show>
    </section>
  );
}

export function About(props: { id: string }) {
  const entry = () => resource(props.id);
  const agent = () => entry()?.agent;
  const seen = () => entry()?.lastSeen;
  const age = createMemo(() => (seen() ? t.drawer.ago(span(estateNow(ticking()) - (seen() ?? 0))) : DASH));
  const facts = (): (readonly [string, string, string?])[] => [
    [t.drawer.system, systemOf(entry()) ?? DASH],
    [t.drawer.kernel, agent()?.kernelVersion ?? DASH],
    [t.drawer.architecture, agent()?.architecture ?? DASH],
    [t.drawer.cpu, agent()?.cpuCount ? t.drawer.cores(agent()?.cpuCount ?? 0) : DASH],
    [t.drawer.memory, memory(entry()?.memory?.total)],
    [t.drawer.uptime, uptimeOf(entry()) === undefined ? DASH : span((uptimeOf(entry()) ?? 0) * 1000)],
    [t.drawer.addresses, entry()?.identity?.ips?.join(", ") || DASH],
    [t.drawer.machineId, agent()?.machineId ?? DASH],
  ];
  const agentFacts = (): (readonly [string, string, string?])[] => [
    [t.drawer.agent, agent()?.agentVersion ?? DASH],
    [t.drawer.agentId, agent()?.agentId ?? DASH],
    [t.drawer.interval, agent()?.intervalSeconds ? t.drawer.every(agent()?.intervalSeconds ?? 0) : DASH],
    [t.drawer.lastReport, age(), seen() ? iso(seen() ?? 0) : undefined],
    [t.drawer.commands, agent()?.commandsEnabled ? t.drawer.commandsOn : t.drawer.commandsOff],
  ];
  const List = (list: { facts: (readonly [string, string, string?])[] }) => (
    <dl class="facts">
      <Index each={list.facts}>
        {(fact) => (
          <>
            <dt>{fact()[0]}</dt>
            <dd title={fact()[2]}>{fact()[1]}</dd>
          </>
        )}
      </Index>
    </dl>
  );
  return (
    <>
      <section class="drawer-section">
        <h3>{t.drawer.system}</h3>
        <List facts={facts()} />
      </section>
      <section class="drawer-section">
        <h3>{t.drawer.agent}</h3>
        <List facts={agentFacts()} />
      </section>
      <Sensors title={t.drawer.sensors} values={agent()?.sensors?.temperatureCelsius} unit="°C" />
      <Show when={Object.keys(agent()?.sensors?.fanRpm ?? {}).length > 0}>
        <Sensors title={t.drawer.fans} values={agent()?.sensors?.fanRpm} unit="rpm" />
      </Show>
      <Show when={Object.keys(agent()?.sensors?.powerWatts ?? {}).length > 0}>
        <Sensors title={t.drawer.power} values={agent()?.sensors?.powerWatts} unit="W" />
      </Show>
    </>
  );
}
