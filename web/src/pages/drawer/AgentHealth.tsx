/** How the agent on a machine is: what it reads and how that goes, its parts, and what it may do. */
import { Index, Show } from "solid-js";
import { withQuery } from "../../app/place";
import { ticking } from "../../live/clock";
import { resource } from "../../live/estate";
import { estateNow } from "../../live/socket";
import type { Standing } from "../../live/standing";
import { Glyph } from "../../parts/Glyph";
import { iso, span } from "../../text/format";
import { t } from "../../text/en";
import { FactList } from "./About";
import { agentFacts, collectorsOf, collectorStanding, collectorWords, failingOf, paceOf } from "./machineFacts";

const m = t.machine;

function Since(props: { at: string | undefined }) {
  const at = () => Date.parse(props.at ?? "");
  return (
    <Show when={!Number.isNaN(at())}>
      <span class="dim" title={iso(at())}>
        {m.since(span(estateNow(ticking()) - at()))}
      </span>
    </Show>
  );
}

const moduleStanding = (state: string | undefined, enabled: boolean | undefined): Standing => (enabled === false ? "stopped" : state === "running" ? "running" : state ? "warning" : "unknown");

export function AgentHealth(props: { id: string }) {
  const agent = () => resource(props.id)?.agent;
  const collectors = () => collectorsOf(agent());
  const modules = () => agent()?.modules ?? [];
  const facts = () => {
    const present = agent();
    return present ? agentFacts(present).filter(([, value]) => value !== undefined) : [];
  };
  return (
    <>
      <section class="drawer-section">
        <h3>{m.collectors}</h3>
        <Show when={collectors().length > 0} fallback={<p class="not-offered">{m.collectorsNone}</p>}>
          <ul class="sources">
            <Index each={collectors()}>
              {(collector) => (
                <li>
                  <Glyph standing={collectorStanding(collector())} silent />
                  <b>{collector().name}</b>
                  <span classList={{ "warn-ink": collectorStanding(collector()) === "warning", dim: collectorStanding(collector()) === "stopped" }}>{collectorWords(collector())}</span>
                  <Since at={collectorStanding(collector()) === "warning" ? collector().updatedAt : undefined} />
                  <span class="dim push">{collector().state === "off" || collector().state === "absent" ? "" : paceOf(collector())}</span>
                  <Show when={collector().lastError}>{(why) => <small class="break">{why()}</small>}</Show>
                </li>
              )}
            </Index>
          </ul>
        </Show>
      </section>
      <Show when={modules().length > 0}>
        <section class="drawer-section">
          <h3>{m.modules}</h3>
          <ul class="sources">
            <Index each={modules()}>
              {(part) => (
                <li>
                  <Glyph standing={moduleStanding(part().state, part().enabled)} silent />
                  <b>{part().name}</b>
                  <span>{part().enabled === false ? m.states.off : (m.states[part().state ?? ""] ?? part().state ?? m.states.unknown)}</span>
                  <Show when={part().lastError}>{(why) => <small class="break">{why()}</small>}</Show>
                </li>
              )}
            </Index>
          </ul>
        </section>
      </Show>
      <section class="drawer-section">
        <h3>{m.about}</h3>
        <FactList facts={facts()} />
      </section>
    </>
  );
}

/** Above everything else: that some of it is not read, and where to see why. */
export function FailingNote(props: { id: string }) {
  const names = () => failingOf(resource(props.id)?.agent);
  return (
    <Show when={names().length > 0}>
      <p class="note">
        <Glyph standing="unknown" silent />
        {m.failing(names().join(", "))}
        <a class="link push" href={withQuery({ tab: "agent" })}>
          {m.showFailing}
        </a>
      </p>
    </Show>
  );
}
