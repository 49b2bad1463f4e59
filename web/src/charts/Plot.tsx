/** One live chart: hatched gaps, a cursor shared by all charts of the page, and the same with keys. */
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import uPlot from "uplot";
import { preferences } from "../app/preferences";
import { dayAndTime, timeOfDay } from "../text/format";
import { t } from "../text/en";
import { tokenColor } from "./colors";
import { drawGaps } from "./hatch";
import { HEIGHT, optionsOf, type Scales } from "./options";
import type { Samples } from "./samples";
import "./plot.css";

export type { Line } from "./options";

export interface PlotProps extends Scales {
  label: string;
  samples: Samples;
  /** Rises when samples were added. */
  version: number;
  /** Seconds between two points of this chart. */
  interval: number;
  /** Server time, unix seconds, at both edges. */
  from: number;
  to: number;
  onZoom: (edges?: [number, number]) => void;
  /** What the shared cursor reads here while it stands on another chart. */
  onRead: (words: string | undefined) => void;
}

const SYNC = uPlot.sync("drawer");
const DAY = 86_400;
const LEAST_ZOOM = 60;

interface Read {
  left: number;
  time: number;
  values: (number | null | undefined)[];
}

export default function Plot(props: PlotProps) {
  let holder!: HTMLDivElement;
  let plot: uPlot | undefined;
  let top = 0;
  let figure!: HTMLElement;
  const [read, setRead] = createSignal<Read>();
  /** Whether the pointer or the focus is on this chart, not on one beside it. */
  const [near, setNear] = createSignal(false);
  const metrics = () => props.lines.map((line) => line.metric);
  const content = createMemo(() => {
    void props.version;
    return props.samples.aligned(metrics(), props.interval) as uPlot.AlignedData;
  });
  const spread = createMemo(() => content().length > props.lines.length + 1);

  const takeCursor = (chart: uPlot) => {
    const index = chart.cursor.idx;
    const left = chart.cursor.left ?? -1;
    const time = index === null || index === undefined ? undefined : chart.data[0][index];
    if (time === undefined || left < 0) return setRead(undefined);
    setNear(figure.matches(":hover, :focus"));
    setRead({ left: chart.bbox.left / devicePixelRatio + left, time, values: chart.data.slice(1).map((column) => column[index ?? 0]) });
  };
  const build = () => {
    plot?.destroy();
    top = 0;
    plot = new uPlot(
      optionsOf(props, {
        width: Math.max(200, holder.clientWidth),
        sync: SYNC.key,
        spread: spread(),
        edges: () => [props.from, props.to],
        reached: (now) => (top = now ?? top),
        onCursor: takeCursor,
        onZoom: (from, to) => to - from >= LEAST_ZOOM && props.onZoom([from, to]),
        onReset: () => props.onZoom(undefined),
        drawGaps: (chart) => drawGaps(chart, props.samples.gaps(props.from, props.to, props.interval, metrics()), t.drawer.noData, tokenColor("--fill-2"), tokenColor("--ink-3")),
      }),
      content(),
      holder,
    );
  };
  const step = createStepper(() => plot, () => [props.from, props.to]);
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !step(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  onMount(() => {
    build();
    const observer = new ResizeObserver(([entry]) => entry && plot?.setSize({ width: Math.max(200, entry.contentRect.width), height: HEIGHT }));
    observer.observe(holder);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", build);
    onCleanup(() => {
      observer.disconnect();
      dark.removeEventListener("change", build);
      plot?.destroy();
    });
  });
  createEffect(on([content, () => props.from, () => props.to], () => plot?.setData(content()), { defer: true }));
  createEffect(on([() => preferences.theme, spread, () => props.lines], build, { defer: true }));
  const value = (index: number) => {
    const found = read()?.values[index];
    return typeof found === "number" ? props.format(found) : t.drawer.noData;
  };
  const extremes = () => {
    const [low, high] = (spread() ? (read()?.values.slice(props.lines.length) ?? []) : []).map((edge) => (typeof edge === "number" ? props.format(edge) : undefined));
    return low && high && low !== high ? t.drawer.extremes(low, high) : undefined;
  };
  const time = () => {
    const at = (read()?.time ?? 0) * 1000;
    return props.to - props.from > DAY ? dayAndTime(at) : timeOfDay(at, true);
  };
  const sentence = () => (read() ? [time(), ...props.lines.map((line, index) => `${line.name} ${value(index)}`), extremes()].filter(Boolean).join(", ") : "");
  createEffect(() => props.onRead(read() && !near() ? props.lines.map((_, index) => value(index)).join("  ") : undefined));
  return (
    <figure ref={figure} class="plot" role="group" aria-label={props.label} tabindex="0" onKeyDown={onKey} onBlur={() => step("Escape")}>
      <div ref={holder} class="plot-canvas" role="img" aria-label={props.label} />
      <span class="sr" role="status">
        {read() && document.activeElement === figure ? sentence() : ""}
      </span>
      <Show when={near() && read()}>
        {(at) => {
          let tip!: HTMLDivElement;
          createEffect(() => {
            const right = at().left > holder.clientWidth * 0.6;
            tip.style.setProperty("left", right ? "auto" : `${at().left + 10}px`);
            tip.style.setProperty("right", right ? `${holder.clientWidth - at().left + 10}px` : "auto");
          });
          return (
            <div ref={tip} class="plot-tip" aria-hidden="true">
              <span>{time()}</span>
              <For each={props.lines}>
                {(entry, index) => (
                  <b>
                    {props.lines.length > 1 ? `${entry.name} ` : ""}
                    {value(index())}
                  </b>
                )}
              </For>
              <Show when={extremes()}>{(words) => <span>{words()}</span>}</Show>
            </div>
          );
        }}
      </Show>
    </figure>
  );
}

/** Arrows move the cursor point by point, Home and End to the edges, Esc takes it away. */
function createStepper(plot: () => uPlot | undefined, edges: () => [number, number]): (key: string) => boolean {
  let at: number | undefined;
  return (key) => {
    const chart = plot();
    const times = chart?.data[0] ?? [];
    if (!chart || times.length === 0) return false;
    const [from, to] = edges();
    const first = times.findIndex((time) => time >= from);
    const last = times.findLastIndex((time) => time <= to);
    if (key === "Escape") {
      if (at === undefined) return false;
      at = undefined;
      chart.setCursor({ left: -10, top: -10 });
      return true;
    }
    if (key === "ArrowLeft") at = Math.max(first, (at ?? last + 1) - 1);
    else if (key === "ArrowRight") at = Math.min(last, (at ?? first - 1) + 1);
    else if (key === "Home") at = first;
    else if (key === "End") at = last;
    else return false;
    chart.setCursor({ left: chart.valToPos(times[at] ?? 0, "x"), top: 20 });
    return true;
  };
}
