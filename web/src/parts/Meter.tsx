/**
 * A figure with its bar. Not known is a hatch and a dash; old values fade; a limit is a tick. A long list fills dozens per
 * frame while it scrolls, so each is one effect that touches only what changed.
 */
import { createMemo, createRenderEffect } from "solid-js";
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

export function level(value: number | undefined, limits: Limits | undefined): "calm" | "warn" | "crit" {
  if (value === undefined || !limits) return "calm";
  if (limits.crit !== undefined && value >= limits.crit) return "crit";
  return limits.warn !== undefined && value >= limits.warn ? "warn" : "calm";
}

const share = (value: number) => String(Math.max(0, Math.min(100, Math.round(value * 10) / 10)));

/** What was drawn last; text of an attribute or a property by its name. */
type Drawn = Record<string, string>;

/** Writes one thing where it differs from what stands there. */
function put(drawn: Drawn, name: string, text: string, write: (text: string) => void): void {
  if (drawn[name] === text) return;
  drawn[name] = text;
  write(text);
}

function drawBar(bar: HTMLElement, drawn: Drawn, props: BarProps): void {
  const { value, extra, peak, limits } = props;
  const words = ["bar", level(value, limits)];
  if (value === undefined) words.push("unknown");
  if (props.stale) words.push("stale");
  if (limits?.warn !== undefined && value !== undefined) words.push("ticked");
  if (extra) words.push("extra");
  if (peak !== undefined) words.push("ghost");
  put(drawn, "bar", words.join(" "), (text) => (bar.className = text));
  const property = (name: string) => (text: string) => bar.style.setProperty(name, text);
  put(drawn, "--v", share(value ?? 0), property("--v"));
  put(drawn, "--e", share(peak ?? (value ?? 0) + (extra ?? 0)), property("--e"));
  if (limits?.warn !== undefined) put(drawn, "--t", String(limits.warn), property("--t"));
}

export function Bar(props: BarProps) {
  const bar = (<span class="bar" aria-hidden="true" />) as HTMLSpanElement;
  createRenderEffect<Drawn>((drawn) => {
    drawBar(bar, drawn, props);
    return drawn;
  }, {});
  return bar;
}

interface MeterProps extends BarProps {
  label: string;
  /** Shown before the figure on a phone, where there is no column head. */
  short?: string;
}

function sentenceOf(label: string, value: number | undefined, stale: boolean, limits: Limits | undefined): string {
  if (value === undefined) return t.meter.unknown(label);
  const words = [t.meter.value(label, percent(value))];
  if (stale) words.push(t.meter.stale);
  const state = level(value, limits);
  if (state === "warn") words.push(t.meter.warning);
  if (state === "crit") words.push(t.meter.critical);
  if (limits?.warn !== undefined) words.push(t.meter.warns(limits.warn));
  return words.join(", ");
}

export function Meter(props: MeterProps) {
  const figure = document.createTextNode("");
  const bar = (<span class="bar" aria-hidden="true" />) as HTMLSpanElement;
  const meter = (
    <span class="meter" role="img" data-short={props.short}>
      {figure}
      {bar}
    </span>
  ) as HTMLSpanElement;
  const shown = steady(() => props.value);
  createRenderEffect<Drawn>((drawn) => {
    const { extra, peak, limits, label } = props;
    const stale = !!props.stale;
    const value = shown();
    put(drawn, "meter", `meter ${level(value, limits)}${stale ? " stale" : ""}`, (text) => (meter.className = text));
    put(drawn, "label", sentenceOf(label, value, stale, limits), (text) => meter.setAttribute("aria-label", text));
    put(drawn, "figure", percent(value), (text) => (figure.data = text));
    drawBar(bar, drawn, { value, extra, peak, limits, stale });
    return drawn;
  }, {});
  return meter;
}
