/** Processor, memory and disk of a row: a figure with its bar, or with its last hour as a line. */
import { createMemo, Show } from "solid-js";
import { createHour, type Hour } from "../../live/hours";
import { latestOf, resource } from "../../live/estate";
import { isFresh } from "../../live/standing";
import { coresOf } from "../../live/sums";
import { standing } from "../../live/tally";
import type { Trail } from "../../live/trail";
import { cacheShare, fullest } from "./machine";
import { capacity, DASH, memory, memoryPair, percent } from "../../text/format";
import { t } from "../../text/en";
import { Meter, steady } from "../Meter";
import { Spark } from "../Spark";
import { useLines } from "./lines";

export const isOld = (id: string) => !isFresh(standing(id));

/** A trail as points, drawn again when it grew. */
export function createPoints(id: () => string, pick: (hour: Hour) => Trail): () => Float32Array {
  const read = createHour(id);
  return createMemo(() => {
    const { hour, now } = read();
    return hour ? pick(hour).read(now) : new Float32Array(0);
  });
}

/** The largest value of the last hour as a whole number, so that a bar is drawn again only when it shows. */
export function createPeak(id: () => string, pick: (hour: Hour) => Trail): () => number | undefined {
  const read = createHour(id);
  return createMemo(() => {
    const { hour, now } = read();
    const peak = hour && pick(hour).peak(now);
    return peak === undefined ? undefined : Math.round(peak);
  });
}

/** A figure beside its last hour, from 0 to 100. */
function Line(props: { id: string; label: string; short: string; value: number | undefined; pick: (hour: Hour) => Trail }) {
  const points = createPoints(() => props.id, props.pick);
  const shown = steady(() => props.value);
  return (
    <span class="meter lined" classList={{ stale: isOld(props.id) }} role="img" aria-label={shown() === undefined ? t.meter.unknown(props.label) : t.meter.value(props.label, percent(shown()))} data-short={props.short}>
      {percent(shown())}
      <Spark values={points()} top={100} collecting={t.board.collecting} />
    </span>
  );
}

function CpuBar(props: { id: string }) {
  const peak = createPeak(() => props.id, (hour) => hour.cpu);
  return <Meter label={t.drawer.cpu} short={t.board.shortLabels.cpu} value={resource(props.id)?.cpu?.current} peak={isOld(props.id) ? undefined : peak()} stale={isOld(props.id)} />;
}

export function cpuHint(id: string): string | undefined {
  const entry = latestOf(id);
  const cores = entry ? (entry.cpu?.total ?? coresOf(entry)) : 0;
  return cores ? t.drawer.cores(cores) : undefined;
}

export function CpuCell(props: { id: string }) {
  const lines = useLines();
  return (
    <Show when={lines()} fallback={<CpuBar id={props.id} />}>
      <Line id={props.id} label={t.drawer.cpu} short={t.board.shortLabels.cpu} value={resource(props.id)?.cpu?.current} pick={(hour) => hour.cpu} />
    </Show>
  );
}

export function memoryHint(id: string): string | undefined {
  const use = latestOf(id)?.memory;
  return use?.total ? `${memory(use.used)} ${t.summary.of(memory(use.total))}` : undefined;
}

export function MemoryCell(props: { id: string }) {
  const lines = useLines();
  const value = () => resource(props.id)?.memory?.current;
  return (
    <Show when={lines()} fallback={<Meter label={t.drawer.memory} short={t.board.shortLabels.memory} value={value()} extra={cacheShare(resource(props.id))} stale={isOld(props.id)} />}>
      <Line id={props.id} label={t.drawer.memory} short={t.board.shortLabels.memory} value={value()} pick={(hour) => hour.memory} />
    </Show>
  );
}

/** "10.6 / 16" in one unit. */
export function MemoryAmountCell(props: { id: string }) {
  const use = () => resource(props.id)?.memory;
  return <>{use()?.used === undefined ? DASH : memoryPair(use()?.used ?? 0, use()?.total)}</>;
}

export function diskHint(id: string): string | undefined {
  const disk = fullest(latestOf(id));
  return disk && `${disk.mount}: ${capacity(disk.used)} ${t.summary.of(capacity(disk.total))}`;
}

export function DiskCell(props: { id: string }) {
  const worst = createMemo(() => fullest(resource(props.id)), undefined, {
    equals: (a, b) => a?.percent === b?.percent && a?.mount === b?.mount,
  });
  return <Meter label={`${t.drawer.disk} ${worst()?.mount ?? ""}`} short={t.board.shortLabels.disk} value={worst()?.percent} stale={isOld(props.id)} />;
}
