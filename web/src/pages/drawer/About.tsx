/** What it is, by group of facts, and what its sensors say. */
import { Index, Show } from "solid-js";
import { ticking } from "../../live/clock";
import { resource } from "../../live/estate";
import { estateNow } from "../../live/socket";
import { figure, iso, span } from "../../text/format";
import { t } from "../../text/en";
import { type Fact, factGroups } from "./facts";

export function FactList(props: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      <Index each={props.facts}>
        {(fact) => (
          <>
            <dt>{fact()[0]}</dt>
            <dd title={fact()[2]}>{fact()[1]}</dd>
          </>
        )}
      </Index>
    </dl>
  );
}

function Sensors(props: { title: string; values: Record<string, number> | undefined; unit: string }) {
  const facts = (): Fact[] => Object.entries(props.values ?? {}).map(([name, value]) => [name, `${figure(value)} ${props.unit}`]);
  return (
    <Show when={facts().length > 0}>
      <section class="drawer-section">
        <h3>{props.title}</h3>
        <FactList facts={facts()} />
      </section>
    </Show>
  );
}

export function About(props: { id: string }) {
  const entry = () => resource(props.id);
  const groups = () => {
    const present = entry();
    return present ? factGroups(present) : [];
  };
  const seen = () => entry()?.lastSeen;
  const report = (): Fact[] => [[t.drawer.lastReport, seen() ? t.drawer.ago(span(estateNow(ticking()) - (seen() ?? 0))) : undefined, seen() ? iso(seen() ?? 0) : undefined]];
  const sensors = () => entry()?.agent?.sensors;
  return (
    <>
      <Index each={groups()}>
        {(group, at) => (
          <section class="drawer-section">
            <h3>{group().title}</h3>
            <FactList facts={at === groups().length - 1 && seen() ? [...group().facts, ...report()] : group().facts} />
          </section>
        )}
      </Index>
      <Sensors title={t.drawer.sensors} values={sensors()?.temperatureCelsius} unit="°C" />
      <Sensors title={t.drawer.fans} values={sensors()?.fanRpm} unit="rpm" />
      <Sensors title={t.drawer.power} values={sensors()?.powerWatts} unit="W" />
    </>
  );
}
