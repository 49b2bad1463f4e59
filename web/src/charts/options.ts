/** What uPlot is told: our axes, lines and the shared cursor. */
import type uPlot from "uplot";
import { tokenColor, withAlpha } from "./colors";
import { axisTime, evenTimes } from "./ranges";
import { type Metric, niceTop } from "./samples";

export interface Line {
  metric: Metric;
  name: string;
  color: "--s1" | "--s2" | "--s3" | "--s4" | "--s5";
  dash?: number[];
}

export interface Scales {
  lines: readonly Line[];
  format: (value: number) => string;
  /** Fixed upper edge; others grow their own. */
  top?: number;
  /** Smallest upper edge of a growing axis. */
  least?: number;
  /** Units per stored unit where they differ: eight bits per byte. */
  scale?: number;
}

export const HEIGHT = 92;

interface Wiring {
  width: number;
  sync: string;
  /** Whether the single line brings its extremes. */
  spread: boolean;
  edges: () => [number, number];
  /** The upper edge of the axis, which only grows within a view. */
  reached: (top?: number) => number;
  onCursor: (chart: uPlot) => void;
  onZoom: (from: number, to: number) => void;
  onReset: () => void;
  drawGaps: (chart: uPlot) => void;
}

function axis(ink: string, line: string): uPlot.Axis {
  return { stroke: ink, font: "11px Inter, system-ui, sans-serif", grid: { stroke: line, width: 1 }, ticks: { show: false } };
}

function upperEdge(scales: Scales, wiring: Wiring, highest: number): number {
  if (scales.top !== undefined) return scales.top;
  const scale = scales.scale ?? 1;
  return wiring.reached(niceTop((highest || 0) * scale, wiring.reached(), scales.least)) / scale;
}

function seriesOf(scales: Scales, spread: boolean): uPlot.Series[] {
  const alone = scales.lines.length === 1;
  const lines = scales.lines.map((entry): uPlot.Series => {
    const color = tokenColor(entry.color);
    return { stroke: color, fill: alone && !spread ? withAlpha(color, 0.12) : undefined, width: 1.5, dash: entry.dash, spanGaps: false, points: { show: false } };
  });
  const edge: uPlot.Series = { width: 0, spanGaps: false, points: { show: false } };
  return [{}, ...lines, ...(spread ? [edge, edge] : [])];
}

/** The options of one chart. Lowest and highest of a point become a band behind its line. */
export function optionsOf(scales: Scales, wiring: Wiring): uPlot.Options {
  const ink = tokenColor("--ink-3");
  const line = tokenColor("--line");
  return {
    width: wiring.width,
    height: HEIGHT,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: wiring.sync, setSeries: false },
      drag: { x: true, y: false, setScale: false, dist: 8 },
      lock: true,
      y: false,
      points: { size: 7 },
      bind: { dblclick: () => () => (wiring.onReset(), null) },
    },
    scales: {
      x: { time: true, range: () => wiring.edges() },
      y: { range: (_, __, highest) => [0, upperEdge(scales, wiring, highest)] },
    },
    axes: [
      {
        ...axis(ink, line),
        size: 20,
        gap: 4,
        grid: { show: false },
        splits: (_, __, from, to) => evenTimes(from, to),
        values: (chart, splits) => splits.map((at) => axisTime(at, (chart.scales.x?.max ?? 0) - (chart.scales.x?.min ?? 0))),
      },
      { ...axis(ink, line), size: 58, gap: 6, splits: (_, __, ___, to) => [0, to / 2, to], values: (_, splits) => splits.map(scales.format) },
    ],
    series: seriesOf(scales, wiring.spread),
    bands: wiring.spread ? [{ series: [3, 2], fill: withAlpha(tokenColor(scales.lines[0]?.color ?? "--s1"), 0.22) }] : [],
    hooks: {
      drawAxes: [wiring.drawGaps],
      setCursor: [wiring.onCursor],
      setSelect: [
        (chart) => {
          if (chart.select.width < 8) return;
          const from = chart.posToVal(chart.select.left, "x");
          const to = chart.posToVal(chart.select.left + chart.select.width, "x");
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          wiring.onZoom(from, to);
        },
      ],
    },
  };
}
