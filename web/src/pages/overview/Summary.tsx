/** The whole estate in four figures: sums of hosts that report now, nothing guessed for the others. */
import { createMemo, type JSX, Show } from "solid-js";
import { sampled, seeded, strips, tally } from "../../live/tally";
import { Bar, steady } from "../../parts/Meter";
import { Spark } from "../../parts/Spark";
import { bitRate, DASH, percent, usedOf } from "../../text/format";
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

/** A copy per sample, so that the spark is drawn again when points were added. */
function createStripReader(strip: { read(): readonly number[] }): () => readonly number[] {
  return createMemo(() => (sampled(), [...strip.read()]));
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
  const peak = () => networkStrip().reduce((most, value) => Math.max(most, value), 0);
  const fullest = () => {
    const worst = sums().fullest[0];
    if (!worst) return "";
    const where = tally().total > 1 ? `${worst.resource} ${worst.mount}` : worst.mount;
    return t.summary.fullest(where, percent(worst.percent));
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
