/** A figure with its bar. Not known is a hatch and a dash; old values fade; a limit is a tick. */
import { createEffect, createMemo } from "solid-js";
import { percent } from "../text/format";
import { t } from "../text/en";

export interface Limits {
  warn?: number;
  crit?: number;
}

/** Keeps the shown whole number until the value is clearly another one, so that 71 and 72 do not flicker. */
export function steady(read: () => number | undefined): () => number | undefined {
  return createMemo<number | undefined>((shown) => {
    const value = read();
    if (value === undefined) return undefined;
    return shown !== undefined && Math.abs(value - shown) <= 0.6 ? shown : Math.round(value);
  });
}

interface BarProps {
  value: number | undefined;
  /** Share that could be freed at once, drawn in a second tone after the value. */
  extra?: number;
  /** The largest value of the last hour, as a ghost behind; never beside `extra`. */
  peak?: number;
  limits?: Limits;
  stale?: boolean;
}

export function Bar(props: BarProps) {
  let bar!: HTMLSpanElement;
  createEffect(() => {
    bar.style.setProperty("--v", String(Math.max(0, Math.min(100, props.value ?? 0))));
    bar.style.setProperty("--e", String(Math.max(0, Math.min(100, props.peak ?? (props.value ?? 0) + (props.extra ?? 0)))));
    if (props.limits?.warn !== undefined) bar.style.setProperty("--t", String(props.limits.warn));
  });
  return (
    <span
      ref={bar}
      class="bar"
      classList={{
        unknown: props.value === undefined,
        stale: props.stale,
        ticked: props.limits?.warn !== undefined && props.value !== undefined,
        extra: !!props.extra,
        ghost: props.peak !== undefined,
        [level(props.value, props.limits)]: true,
      }}
      aria-hidden="true"
    />
  );
}

export function level(value: number | undefined, limits: Limits | undefined): "calm" | "warn" | "crit" {
  if (value === undefined || !limits) return "calm";
  if (limits.crit !== undefined && value >= limits.crit) return "crit";
  return limits.warn !== undefined && value >= limits.warn ? "warn" : "calm";
}

interface MeterProps extends BarProps {
  label: string;
  /** Shown before the figure on a phone, where there is no column head. */
  short?: string;
  title?: string;
}

export function Meter(props: MeterProps) {
  const shown = steady(() => props.value);
  const sentence = () => {
    if (shown() === undefined) return t.meter.unknown(props.label);
    const words = [t.meter.value(props.label, percent(shown()))];
    if (props.stale) words.push(t.meter.stale);
    const state = level(props.value, props.limits);
    if (state === "warn") words.push(t.meter.warning);
    if (state === "crit") words.push(t.meter.critical);
    if (props.limits?.warn !== undefined) words.push(t.meter.warns(props.limits.warn));
    return words.join(", ");
  };
  return (
    <span class={`meter ${level(props.value, props.limits)}`} classList={{ stale: props.stale }} role="img" aria-label={sentence()} title={props.title} data-short={props.short}>
      {percent(shown())}
      <Bar value={shown()} extra={props.extra} peak={props.peak} limits={props.limits} stale={props.stale} />
    </span>
  );
}
