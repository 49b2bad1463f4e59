/** One live chart: uPlot with our axes, hatched gaps, and a cursor shared by all charts of the drawer. */
import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import uPlot from "uplot";
import { preferences } from "../app/preferences";
import { timeOfDay } from "../text/format";
import { t } from "../text/en";
import { drawGaps } from "./hatch";
import { type Gap, type Metric, niceTop, type Samples } from "./samples";
import "./plot.css";

export interface Line {
  metric: Metric;
  name: string;
  color: "--s1" | "--s2" | "--s3";
  dash?: number[];
}

export interface PlotProps {
  label: string;
  lines: readonly Line[];
  samples: Samples;
  /** Rises when samples were added. */
  version: number;
  interval: number;
  /** Server time, unix seconds, at the right edge. */
  end: number;
  /** Seconds to look back. */
  window: number;
  format: (value: number) => string;
  /** Fixed upper edge; rates grow their own. */
  top?: number;
  /** Smallest upper edge of a growing axis. */
  least?: number;
  /** Units per stored unit where they differ: eight bits per byte. */
  scale?: number;
}

const HEIGHT = 92;
const SYNC = uPlot.sync("drawer");

/** Canvas needs real colours: the browser resolves the token for the present theme. */
export function tokenColor(token: string): string {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.setProperty("color", `var(${token})`);
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

interface Read {
  left: number;
  time: number;
  values: (number | null | undefined)[];
}

export default function Plot(props: PlotProps) {
  let holder!: HTMLDivElement;
  let plot: uPlot | undefined;
  let top = 0;
  const [read, setRead] = createSignal<Read>();
  const columns = () => props.lines.map((line) => line.metric);
  const content = () => props.samples.aligned(columns(), props.interval) as uPlot.AlignedData;
  const gaps = (): Gap[] => props.samples.gaps(props.end - props.window, props.end, props.interval);

  const axis = (ink: string, line: string): uPlot.Axis => ({
    stroke: ink,
    font: "11px Inter, system-ui, sans-serif",
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  });
  const yTop = (highest: number) => {
    if (props.top !== undefined) return props.top;
    const scale = props.scale ?? 1;
    top = niceTop((highest || 0) * scale, top, props.least);
    return top / scale;
  };
  const build = () => {
    plot?.destroy();
    const ink = tokenColor("--ink-3");
    const line = tokenColor("--line");
    plot = new uPlot(
      {
        width: Math.max(200, holder.clientWidth),
        height: HEIGHT,
        padding: [6, 8, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: SYNC.key, setSeries: false }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
        scales: {
          x: { time: true, range: () => [props.end - props.window, props.end] },
          y: { range: (_, __, highest) => [0, yTop(highest)] },
        },
        axes: [
          {
            ...axis(ink, line),
            size: 20,
            gap: 4,
            grid: { show: false },
            splits: (_, __, from, to) => evenTimes(from, to),
            values: (_, splits) => splits.map((at) => timeOfDay(at * 1000)),
          },
          {
            ...axis(ink, line),
            size: 58,
            gap: 6,
            splits: (_, __, ___, to) => [0, to / 2, to],
            values: (_, splits) => splits.map(props.format),
          },
        ],
        series: [
          {},
          ...props.lines.map((entry) => ({
            stroke: tokenColor(entry.color),
            fill: props.lines.length === 1 ? withAlpha(tokenColor(entry.color)) : undefined,
            width: 1.5,
            dash: entry.dash,
            spanGaps: false,
            points: { show: false },
          })),
        ],
        hooks: {
          drawAxes: [(chart) => drawGaps(chart, gaps(), t.drawer.noData, tokenColor("--fill-2"), ink)],
          setCursor: [takeCursor],
        },
      },
      content(),
      holder,
    );
  };
  const takeCursor = (chart: uPlot) => {
    const index = chart.cursor.idx;
    const left = chart.cursor.left ?? -1;
    const time = index === null || index === undefined ? undefined : chart.data[0][index];
    if (time === undefined || left < 0) return setRead(undefined);
    setRead({ left: (chart.bbox.left ?? 0) / devicePixelRatio + left, time, values: chart.data.slice(1).map((column) => column[index ?? 0]) });
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
  createEffect(on([() => props.version, () => props.end, () => props.window], () => plot?.setData(content()), { defer: true }));
  createEffect(on(() => preferences.theme, build, { defer: true }));
  return (
    <figure class="plot" aria-label={props.label}>
      <div ref={holder} class="plot-canvas" role="img" aria-label={props.label} />
      <Show when={read()}>
        {(at) => {
          let tip!: HTMLDivElement;
          createEffect(() => {
            const right = at().left > holder.clientWidth * 0.6;
            tip.style.setProperty("left", right ? "auto" : `${at().left + 10}px`);
            tip.style.setProperty("right", right ? `${holder.clientWidth - at().left + 10}px` : "auto");
          });
          return (
            <div ref={tip} class="plot-tip" aria-hidden="true">
              <span>{timeOfDay(at().time * 1000, true)}</span>
              <For each={props.lines}>
                {(entry, index) => (
                  <b>
                    {props.lines.length > 1 ? `${entry.name} ` : ""}
                    {typeof at().values[index()] === "number" ? props.format(at().values[index()] as number) : t.drawer.noData}
                  </b>
                )}
              </For>
            </div>
          );
        }}
      </Show>
    </figure>
  );
}

function evenTimes(from: number, to: number): number[] {
  const step = [60, 120, 300, 600, 900].find((seconds) => (to - from) / seconds <= 5) ?? 900;
  const splits: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) splits.push(at);
  return splits;
}

function withAlpha(color: string): string {
  const parts = color.match(/[\d.]+/g)?.slice(0, 3) ?? [];
  return parts.length === 3 ? `rgba(${parts.join(", ")}, 0.12)` : "transparent";
}
