/** Now and the chosen range: figures, the leading charts, then what it is and who says so. */
import { createMemo, Index, type JSX, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { resource } from "../../live/estate";
import { isMeasured } from "../../live/kinds";
import { isTrouble } from "../../live/standing";
import { standing } from "../../live/tally";
import { memory, percent, span } from "../../text/format";
import { t } from "../../text/en";
import { cacheShare, fullest, uptimeOf } from "../../parts/cells/machine";
import { About } from "./About";
import { Attachments } from "./Attachments";
import { ChartList } from "./Charts";
import { Cluster } from "./Cluster";
import { type Fact, figuresOf } from "./facts";
import type { DrawerHistory } from "./history";
import { Inside } from "./Inside";
import { Machine } from "./Machine";
import { Network } from "./Network";
import { Sources } from "./Sources";

/** What no source said has no place among the figures. */
const told = (facts: readonly Fact[]) => facts.filter(([, value]) => value !== undefined);

/** What a host's charts do not show. */
function hostFigures(id: string): Fact[] {
  const entry = resource(id);
  const agent = entry?.agent;
  const proxmox = facetsOf(entry).proxmox;
  const { swapTotal, swapUsed } = agent?.memory ?? proxmox ?? {};
  const swap = swapTotal === undefined ? undefined : swapTotal === 0 ? t.drawer.noSwap : `${memory(swapUsed)} ${t.summary.of(memory(swapTotal))}`;
  const seconds = uptimeOf(entry);
  const worst = fullest(entry);
  return [
    [t.drawer.load, (agent?.loadAverage ?? proxmox?.loadAverage)?.map((value) => value.toFixed(2)).join("  "), t.drawer.loadDetail],
    [t.drawer.uptime, seconds === undefined ? undefined : span(seconds * 1000)],
    [t.drawer.swap, swap],
    [t.drawer.disk, worst ? `${worst.mount} ${percent(worst.percent)} %` : undefined],
    [t.drawer.cache, cacheShare(entry) === undefined ? undefined : memory(agent?.memory?.cache)],
    [t.drawer.kernel, agent?.kernelVersion ?? proxmox?.kernelVersion],
  ];
}

function Figures(props: { id: string }) {
  const facts = (): readonly Fact[] => {
    const entry = resource(props.id);
    if (!entry) return [];
    const own = figuresOf(entry);
    return told(own.length > 0 ? own : entry.agent || entry.type === "agent" ? hostFigures(props.id) : []);
  };
  return (
    <Show when={facts().length > 0}>
      <dl class="figures">
        <Index each={facts()}>
          {(fact) => (
            <div>
              <dt>{fact()[0]}</dt>
              <dd class="cut" title={fact()[2] ?? fact()[1]}>
                {fact()[1]}
              </dd>
            </div>
          )}
        </Index>
      </dl>
    </Show>
  );
}

export function Now(props: { id: string; history: DrawerHistory; ranges: JSX.Element }) {
  /** What is wrong with a part of it comes before what it is. */
  const hasTrouble = createMemo(() => isTrouble(standing(props.id)));
  return (
    <>
      <Figures id={props.id} />
      <Show when={isMeasured(resource(props.id) ?? { type: "" })}>
        {props.ranges}
        <ChartList id={props.id} history={props.history} leading />
      </Show>
      <Show when={hasTrouble()}>
        <Cluster id={props.id} />
      </Show>
      <About id={props.id} />
      <Show when={!hasTrouble()}>
        <Cluster id={props.id} />
      </Show>
      <Attachments id={props.id} />
      <Machine id={props.id} />
      <Network id={props.id} />
      <Inside id={props.id} />
      <Sources id={props.id} />
    </>
  );
}
