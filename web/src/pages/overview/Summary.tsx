/** The whole estate in four figures: sums of hosts that report now, nothing guessed for the others. */
import { createMemo, type JSX, Show } from "solid-js";
import { serverNow } from "../../live/clock";
import { growthOf } from "../../live/growth";
import { seeded, strips, stripped } from "../../live/strips";
import { type Filling, tally } from "../../live/tally";
import type { Trail } from "../../live/trail";
import { Bar, steady } from "../../parts/Meter";
import { Spark } from "../../parts/Spark";
import { bitRate, DASH, growthTime, percent, usedOf } from "../../text/format";
import { t } from "../../text/en";

function Cell(props: { label: string; fact: string; figure: JSX.Element; unit: JSX.Element; children: JSX.Element }) {
  return (
    <div class="summary-cell">
      <dt>
        <span>{props.label}</span>
        <small>{props.fact}</small>
      </dt>
      <dd>
        <span class="summary-figure">
          <b>{props.figure}</b> <small>{props.unit}</small>
        </span>
        <span class="summary-picture">{props.children}</span>
      </dd>
    </div>
  );
}

/** Read anew per point, so that the spark is drawn again when it grew. */
function createStripReader(strip: Trail): () => Float32Array {
  return createMemo(() => (stripped(), strip.read(serverNow())));
}

export function Summary() {
  const sums = () => tally().sums;
  const cpu = steady(() => sums().cpu);
  const memory = () => usedOf(sums().memoryUsed, sums().memoryTotal, "memory");
  const storage = () => usedOf(sums().storageUsed, sums().storageTotal, "capacity");
  const storageShare = () => (sums().storageUsed === undefined ? undefined : ((sums().storageUsed ?? 0) / sums().storageTotal) * 100);
  const cpuStrip = createStripReader(strips.cpu);
  const memoryStrip = createStripReader(strips.memory);
  const networkStrip = createStripReader(strips.network);
  const peak = () => networkStrip().reduce((most, value) => (value > most ? value : most), 0);
  // A pool is known by its name; a file system needs its host.
  const where = (disk: Filling) => (tally().hosts.total > 1 && disk.mount.startsWith("/") ? `${disk.resource} ${disk.mount}` : disk.mount);
  const fullest = () => {
    const worst = sums().fullest[0];
    if (!worst) return "";
    const soonest = sums().fullest.map((disk) => ({ disk, days: growthOf(disk.id) })).filter((entry) => typeof entry.days === "number").sort((a, b) => Number(a.days) - Number(b.days))[0];
    if (soonest) return t.summary.full(where(soonest.disk), growthTime(Number(soonest.days)));
    return t.summary.fullest(where(worst), percent(worst.percent));
  };
  return (
    <dl class="panel summary" aria-label={t.summary.label}>
      <Cell label={t.summary.cpu} fact={sums().cpu === undefined ? "" : seeded() ? t.summary.lastHour : t.summary.sinceOpened} figure={cpu() === undefined ? DASH : percent(cpu())} unit={cpu() === undefined ? t.summary.unknown : t.summary.cores(sums().cores)}>
        <Spark values={cpuStrip()} top={100} accent collecting={t.summary.collecting} />
      </Cell>
      <Cell label={t.summary.memory} fact={sums().memoryCache > 0 ? t.summary.cacheNotCounted : ""} figure={memory()[0]} unit={memory()[1] ? t.summary.of(memory()[1]) : t.summary.unknown}>
        <Spark values={memoryStrip()} top={100} accent collecting={t.summary.collecting} />
      </Cell>
      <Cell label={t.summary.storage} fact={fullest()} figure={storage()[0]} unit={storage()[1] ? t.summary.of(storage()[1]) : t.summary.unknown}>
        <Bar value={storageShare()} />
      </Cell>
      <Cell
        label={t.summary.network}
        fact={peak() > 0 ? t.summary.peak(bitRate(peak())) : ""}
        figure={<Rates rx={sums().rx} tx={sums().tx} />}
        unit={sums().rx === undefined ? t.summary.unknown : ""}
      >
        <Spark values={networkStrip()} accent collecting={t.summary.collecting} />
      </Cell>
      <Cell label={t.summary.recovery} fact={t.summary.recoveryFact} figure={<span class="dim">{t.summary.recoveryNone}</span>} unit="">
        <Bar value={undefined} />
      </Cell>
    </dl>
  );
}

function Rates(props: { rx: number | undefined; tx: number | undefined }) {
  const split = (text: string) => text.split(" ");
  const Rate = (rate: { value: number | undefined; arrow: string; word: string }) => (
    <span class="rate">
      {split(bitRate(rate.value))[0]}
      <small>
        <span aria-hidden="true"> {rate.arrow} </span>
        {split(bitRate(rate.value))[1]}
        <span class="sr"> {rate.word}</span>
      </small>
    </span>
  );
  return (
    <Show when={props.rx !== undefined} fallback={DASH}>
      <Rate value={props.rx} arrow="↓" word={t.summary.down} /> <Rate value={props.tx} arrow="↑" word={t.summary.up} />
    </Show>
  );
}
