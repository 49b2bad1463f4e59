/** Cells every list has: the name with its sign, words in place of values, ages, rates, small facts. */
import { createEffect, createMemo, createRenderEffect, createSignal, onCleanup, Show } from "solid-js";
import { resourceHref } from "../../app/place";
import { phone } from "../../app/viewport";
import { ticking } from "../../live/clock";
import { removedAt, resource } from "../../live/estate";
import { linkOf, nameOf } from "../../live/names";
import { estateNow } from "../../live/socket";
import type { Standing } from "../../live/standing";
import { standing } from "../../live/tally";
import { loadOf, mega, systemOf, temperatureOf, uptimeOf } from "./machine";
import { DASH, iso, moment, percent, span, uptimeShort } from "../../text/format";
import { t } from "../../text/en";
import { Glyph } from "../Glyph";
import { Icon } from "../Icon";
import { Name } from "../Name";
import { Spark } from "../Spark";
import { createPoints, isOld } from "./figures";

/** Time since the last report, as words. Reading it ticks once a second: most rows never show it and never do. */
export function createAge(id: () => string): () => string {
  return () => {
    const seen = resource(id())?.lastSeen;
    return !seen ? DASH : span(estateNow(ticking()) - seen);
  };
}

const MARK_FOR = 2000;

/** True for a moment after the standing changed, never because a row was drawn. */
function createChangeMark(id: () => string): () => boolean {
  const [marked, setMarked] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect<readonly [string, Standing] | undefined>((before) => {
    const now = [id(), standing(id())] as const;
    const isChange = before?.[0] === now[0] && before[1] !== now[1];
    if (isChange || timer) clearTimeout(timer);
    timer = isChange ? setTimeout(() => setMarked(false), MARK_FOR) : undefined;
    setMarked(isChange);
    return now;
  });
  onCleanup(() => clearTimeout(timer));
  return marked;
}

interface NameProps {
  id: string;
  /** Tab reaches this row. */
  current: boolean;
  marked?: boolean;
  /** A fact beside the name, such as waiting updates. */
  badge?: string;
  /** Shown in place of how it stands: for what happened rather than is. */
  sign?: Standing;
  onFocus: () => void;
}

export function NameCell(props: NameProps) {
  const age = createAge(() => props.id);
  const late = () => standing(props.id) === "stale" && !phone();
  const changed = createChangeMark(() => props.id);
  const name = createMemo(() => nameOf(resource(props.id)));
  return (
    <span class="name-cell" classList={{ changed: changed() }}>
      <Glyph standing={props.sign ?? standing(props.id)} />
      <a href={resourceHref(props.id)} tabindex={props.current ? 0 : -1} onFocus={() => props.onFocus()} aria-label={props.marked ? t.list.markedName(name()) : name()}>
        <Name text={name()} labelled />
      </a>
      <Show when={linkOf(resource(props.id))}>
        {(url) => (
          <a class="out" href={url()} target="_blank" rel="noopener noreferrer" tabindex={props.current ? 0 : -1} aria-label={t.row.link(name())} title={t.drawer.openLinkTitle(url())}>
            <Icon name="link" />
          </a>
        )}
      </Show>
      <Show when={removedAt[props.id]}>
        <span class="badge">{t.row.removed}</span>
      </Show>
      <Show when={props.badge && !phone()}>
        <span class="badge outline">{props.badge}</span>
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
export function LineAge(props: { id: string }) {
  const age = createAge(() => props.id);
  return (
    <Show when={phone() && standing(props.id) === "stale"}>
      <span class="age">{t.board.age(age())}</span>
    </Show>
  );
}

export function NetSparkCell(props: { id: string }) {
  const points = createPoints(() => props.id, (hour) => hour.network);
  return (
    <Show when={resource(props.id)?.network} fallback={<span class="dim">{DASH}</span>}>
      <span class="spark-cell">
        <Spark values={points()} collecting={t.board.collecting} />
      </span>
    </Show>
  );
}

/** Two figures beside each other, in one effect. */
function Pair(props: { read: () => readonly [string | undefined, string | undefined] }) {
  const first = document.createTextNode("");
  const second = document.createTextNode("");
  createRenderEffect(() => {
    const [one = DASH, two = DASH] = props.read();
    if (first.data !== one) first.data = one;
    if (second.data !== two) second.data = two;
  });
  return (
    <>
      <span>{first}</span>
      <span>{second}</span>
    </>
  );
}

export function NetCell(props: { id: string }) {
  const read = () => {
    const now = resource(props.id)?.network;
    return [mega(now?.rxBytes, true), mega(now?.txBytes, true)] as const;
  };
  return <Pair read={read} />;
}

export function IoCell(props: { id: string }) {
  const read = () => {
    const now = resource(props.id)?.diskIO;
    return [mega(now?.readRate, false), mega(now?.writeRate, false)] as const;
  };
  return <Pair read={read} />;
}

export function TemperatureCell(props: { id: string }) {
  const value = () => temperatureOf(resource(props.id));
  return (
    <span classList={{ dim: value() === undefined }}>{percent(value())}</span>
  );
}

export function UptimeCell(props: { id: string }) {
  return <>{uptimeShort(uptimeOf(resource(props.id)))}</>;
}

export function LoadCell(props: { id: string }) {
  return <>{loadOf(resource(props.id))?.toFixed(2) ?? DASH}</>;
}

export function SeenCell(props: { id: string }) {
  const age = createAge(() => props.id);
  // What reports as it should was seen just now: seconds that run in every row say nothing.
  return <span>{isOld(props.id) ? age() : t.list.now}</span>;
}

export function SystemCell(props: { id: string }) {
  return (
    <>
      <span>{systemOf(resource(props.id)) ?? DASH}</span> <LineAge id={props.id} />
    </>
  );
}

/** Instead of values: since when, last seen when, and why. */
export function Words(props: { id: string }) {
  const age = createAge(() => props.id);
  const seen = () => resource(props.id)?.lastSeen;
  const plain = () => {
    const now = standing(props.id);
    if (now === "stopped" || now === "done" || now === "pending") return t.standing[now];
    if (now === "unknown") return seen() ? t.row.hostSilent : t.row.unknownReason;
    return undefined;
  };
  return (
    <Show when={!plain() && seen()} fallback={<span>{plain() ?? t.row.neverSeen}</span>}>
      {(at) => (
        <span title={iso(at())}>
          <b class="crit-ink">{t.row.offline(age())}</b>
          <span> · {t.row.lastSeen(moment(at(), ticking()))}</span>
        </span>
      )}
    </Show>
  );
}

/** Offline, stopped and never heard of: figures would be a lie. */
export function isWordy(id: string): boolean {
  const now = standing(id);
  if (now === "offline" || now === "stopped") return true;
  return (now === "unknown" || now === "pending" || now === "done") && resource(id)?.cpu?.current === undefined;
}

const STANDING_CLASS: Partial<Record<Standing, string>> = { critical: "crit", warning: "warn", offline: "crit off", unknown: "off", stopped: "off", done: "off", stale: "late" };

/** The classes of a row, for how it stands. */
export function rowClass(id: string): string {
  return `${STANDING_CLASS[standing(id)] ?? ""}${removedAt[id] ? " removed" : ""}`;
}
