/** Cells of a machine's row, shared by the board and the list. */
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from "solid-js";
import { serverNow, ticking } from "../../live/clock";
import { removedAt, resource } from "../../live/estate";
import { estateNow } from "../../live/socket";
import { isFresh } from "../../live/standing";
import { usageOf } from "../../live/storage";
import { networkTrail, sampled, standing } from "../../live/tally";
import { Glyph } from "../../parts/Glyph";
import { Meter } from "../../parts/Meter";
import { Name } from "../../parts/Name";
import { Spark } from "../../parts/Spark";
import { withQuery } from "../../app/place";
import { phone } from "../../app/viewport";
import { bitRate, capacity, DASH, iso, memory, moment, percent, span, uptimeShort } from "../../text/format";
import { t } from "../../text/en";
import { cacheShare, fullest, loadOf, mega, nameOf, realFileSystems, systemOf, temperatureOf, uptimeOf } from "./machine";

const isStale = (id: string) => !isFresh(standing(id));

/** Time since the last report, as words; changes only when the words do. */
export function createAge(id: () => string): () => string {
  return createMemo(() => {
    const seen = resource(id())?.lastSeen;
    return !seen ? DASH : span(estateNow(ticking()) - seen);
  });
}

const MARK_FOR = 2000;

/** True for a moment after the standing changed, never because a row was drawn. */
function createChangeMark(id: () => string): () => boolean {
  const [marked, setMarked] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      () => [id(), standing(id())] as const,
      ([shown], before) => {
        clearTimeout(timer);
        setMarked(before?.[0] === shown);
        timer = setTimeout(() => setMarked(false), MARK_FOR);
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));
  return marked;
}

export function NameCell(props: { id: string; current: boolean; onFocus: () => void }) {
  const age = createAge(() => props.id);
  const late = () => standing(props.id) === "stale" && !phone();
  const changed = createChangeMark(() => props.id);
  return (
    <span class="name-cell" classList={{ changed: changed() }}>
      <Glyph standing={standing(props.id)} />
      <a href={withQuery({ resource: props.id })} tabindex={props.current ? 0 : -1} onFocus={props.onFocus} aria-label={nameOf(resource(props.id))}>
        <Name text={nameOf(resource(props.id))} labelled />
      </a>
      <Show when={removedAt[props.id]}>
        <span class="badge">{t.row.removed}</span>
      </Show>
      <Show when={late() && !removedAt[props.id]}>
        <span class="age" title={iso(resource(props.id)?.lastSeen ?? 0)}>
          {t.board.age(age())}
        </span>
      </Show>
    </span>
  );
}

/** On a phone the second line has room for the age. */
function LineAge(props: { id: string }) {
  const age = createAge(() => props.id);
  return (
    <Show when={phone() && standing(props.id) === "stale"}>
      <span class="age">{t.board.age(age())}</span>
    </Show>
  );
}

export function CpuCell(props: { id: string }) {
  const cores = () => resource(props.id)?.agent?.cpuCount;
  return (
    <Meter
      label={t.drawer.cpu}
      short={t.board.shortLabels.cpu}
      value={resource(props.id)?.cpu?.current}
      stale={isStale(props.id)}
      title={cores() ? t.drawer.cores(cores() ?? 0) : undefined}
    />
  );
}

export function MemoryCell(props: { id: string }) {
  const use = () => resource(props.id)?.memory;
  const title = () => (use()?.total ? `${memory(use()?.used)} ${t.summary.of(memory(use()?.total))}` : undefined);
  return (
    <Meter
      label={t.drawer.memory}
      short={t.board.shortLabels.memory}
      value={use()?.current}
      extra={cacheShare(resource(props.id))}
      stale={isStale(props.id)}
      title={title()}
    />
  );
}

export function DiskCell(props: { id: string }) {
  const worst = createMemo(() => fullest(resource(props.id)), undefined, {
    equals: (a, b) => a?.percent === b?.percent && a?.mount === b?.mount,
  });
  const title = () => {
    const disk = worst();
    return disk ? `${disk.mount}: ${capacity(disk.used)} ${t.summary.of(capacity(disk.total))}` : undefined;
  };
  return (
    <Meter label={`${t.drawer.disk} ${worst()?.mount ?? ""}`} short={t.board.shortLabels.disk} value={worst()?.percent} stale={isStale(props.id)} title={title()} />
  );
}

export function NetSparkCell(props: { id: string }) {
  const values = createMemo(() => {
    sampled();
    return networkTrail(props.id)?.read(serverNow()) ?? new Float32Array(0);
  });
  const title = () => {
    const now = resource(props.id)?.network;
    return now ? `${bitRate(now.rxBytes)} ${t.summary.down}, ${bitRate(now.txBytes)} ${t.summary.up}` : undefined;
  };
  return (
    <span class="spark-cell" title={title()}>
      <Spark values={values()} collecting={t.board.collecting} />
    </span>
  );
}

function Pair(props: { first: string | undefined; second: string | undefined }) {
  return (
    <>
      <span>{props.first ?? DASH}</span>
      <span>{props.second ?? DASH}</span>
    </>
  );
}

export function NetCell(props: { id: string }) {
  const now = () => resource(props.id)?.network;
  return <Pair first={mega(now()?.rxBytes, true)} second={mega(now()?.txBytes, true)} />;
}

export function IoCell(props: { id: string }) {
  const now = () => resource(props.id)?.diskIO;
  return <Pair first={mega(now()?.readRate, false)} second={mega(now()?.writeRate, false)} />;
}

export function TemperatureCell(props: { id: string }) {
  const value = () => temperatureOf(resource(props.id));
  return (
    <Show when={value() !== undefined} fallback={<span class="dim" title={t.drawer.notOffered}>{DASH}</span>}>
      {percent(value())}
    </Show>
  );
}

export function UptimeCell(props: { id: string }) {
  return <>{uptimeShort(uptimeOf(resource(props.id)))}</>;
}

export function LoadCell(props: { id: string }) {
  return <>{loadOf(resource(props.id))?.toFixed(2) ?? DASH}</>;
}

export function SystemCell(props: { id: string }) {
  return (
    <>
      {systemOf(resource(props.id)) ?? DASH} <LineAge id={props.id} />
    </>
  );
}

/** File systems as inhabitants: the fuller, the darker. */
export function DisksCell(props: { id: string }) {
  const disks = createMemo(() => realFileSystems(resource(props.id)).map(usageOf), undefined, {
    equals: (a, b) => a.length === b.length && a.every((use, at) => Math.round(use ?? -1) === Math.round(b[at] ?? -1)),
  });
  const tone = (use: number | undefined) => {
    if (use === undefined || isStale(props.id)) return "unknown";
    return use >= 75 ? "busy" : use >= 40 ? "" : "idle";
  };
  const sentence = () => {
    const worst = fullest(resource(props.id));
    return worst ? t.board.fileSystemStrip(disks().length, worst.mount, percent(worst.percent)) : t.board.fileSystems(disks().length);
  };
  return (
    <Show when={resource(props.id)?.agent?.disks} fallback={<span class="dim">{DASH}</span>}>
      <span class="cells">
        <span class="cells-strip" role="img" aria-label={sentence()} title={sentence()}>
          <For each={disks().slice(0, 16).toSorted((a, b) => (b ?? 0) - (a ?? 0))}>{(use) => <i class={tone(use)} />}</For>
        </span>
        <span class="cells-words">{t.board.fileSystems(disks().length)}</span>
        <LineAge id={props.id} />
      </span>
    </Show>
  );
}

/** Instead of values: since when, last seen when, and why. */
export function Words(props: { id: string }) {
  const age = createAge(() => props.id);
  const seen = () => resource(props.id)?.lastSeen;
  return (
    <Show when={seen()} fallback={<span>{t.row.unknownReason}</span>}>
      {(at) => (
        <span title={iso(at())}>
          <b class="crit-ink">{t.row.offline(age())}</b>
          <span> · {t.row.lastSeen(moment(at(), ticking()))}</span>
        </span>
      )}
    </Show>
  );
}

/** Offline and never heard of: figures would be a lie. */
export function isWordy(id: string): boolean {
  const now = standing(id);
  return now === "offline" || (now === "unknown" && resource(id)?.cpu?.current === undefined);
}

export function rowClass(id: string): Record<string, boolean> {
  const now = standing(id);
  return {
    crit: now === "critical" || now === "offline",
    warn: now === "warning",
    off: now === "offline" || now === "unknown",
    late: now === "stale",
    removed: !!removedAt[id],
  };
}
