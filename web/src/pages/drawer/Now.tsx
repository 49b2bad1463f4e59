/** Now and the last hour: figures, then charts. */
import { resource } from "../../live/estate";
import { DASH, memory, percent, span } from "../../text/format";
import { t } from "../../text/en";
import { cacheShare, fullest, uptimeOf } from "../machines/machine";
import Charts from "./Charts";

/** The few figures that have no chart. */
function Figures(props: { id: string }) {
  const entry = () => resource(props.id);
  const agent = () => entry()?.agent;
  const swap = () => {
    const { swapTotal, swapUsed } = agent()?.memory ?? {};
    if (swapTotal === undefined) return DASH;
    return swapTotal === 0 ? t.drawer.noSwap : `${memory(swapUsed)} ${t.summary.of(memory(swapTotal))}`;
  };
  const uptime = () => {
    const seconds = uptimeOf(entry());
    return seconds === undefined ? DASH : span(seconds * 1000);
  };
  const worst = () => fullest(entry());
  return (
    <dl class="figures">
      <div>
        <dt>{t.drawer.load}</dt>
        <dd title={t.drawer.loadDetail}>{agent()?.loadAverage?.map((value) => value.toFixed(2)).join("  ") ?? DASH}</dd>
      </div>
      <div>
        <dt>{t.drawer.uptime}</dt>
        <dd>{uptime()}</dd>
      </div>
      <div>
        <dt>{t.drawer.swap}</dt>
        <dd>{swap()}</dd>
      </div>
      <div>
        <dt>{t.drawer.disk}</dt>
        <dd>{worst() ? `${worst()?.mount} ${percent(worst()?.percent)} %` : DASH}</dd>
      </div>
      <div>
        <dt>{t.drawer.cache}</dt>
        <dd>{cacheShare(entry()) === undefined ? DASH : memory(agent()?.memory?.cache)}</dd>
      </div>
      <div>
        <dt>{t.drawer.kernel}</dt>
        <dd class="cut" title={agent()?.kernelVersion}>
          {agent()?.kernelVersion ?? DASH}
        </dd>
      </div>
    </dl>
  );
}

export function Now(props: { id: string }) {
  return (
    <>
      <Figures id={props.id} />
      <Charts id={props.id} />
    </>
  );
}
