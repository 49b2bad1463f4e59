/** Draws silences as a hatched band with words, so that a gap never looks like a value. */
import type uPlot from "uplot";
import type { Gap } from "./samples";

function pattern(context: CanvasRenderingContext2D, color: string, ratio: number): CanvasPattern | null {
  const tile = document.createElement("canvas");
  const size = Math.round(6 * ratio);
  tile.width = size;
  tile.height = size;
  const draw = tile.getContext("2d");
  if (!draw) return null;
  draw.strokeStyle = color;
  draw.lineWidth = ratio;
  draw.beginPath();
  for (const shift of [-size, 0, size]) {
    draw.moveTo(shift, size);
    draw.lineTo(shift + size, 0);
  }
  draw.stroke();
  return context.createPattern(tile, "repeat");
}

/** Bands narrower than the words stay without words. */
export function drawGaps(chart: uPlot, gaps: readonly Gap[], words: string, hatch: string, ink: string): void {
  if (gaps.length === 0) return;
  const context = chart.ctx;
  const ratio = devicePixelRatio || 1;
  const { left, top, width, height } = chart.bbox;
  const fill = pattern(context, hatch, ratio);
  if (!fill) return;
  context.save();
  context.font = `${11 * ratio}px Inter, system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const room = context.measureText(words).width + 6 * ratio;
  for (const gap of gaps) {
    const from = Math.max(left, chart.valToPos(gap.from, "x", true));
    const to = Math.min(left + width, chart.valToPos(gap.to, "x", true));
    if (to - from < 1) continue;
    context.globalAlpha = 0.7;
    context.fillStyle = fill;
    context.fillRect(from, top, to - from, height);
    context.globalAlpha = 1;
    if (to - from < room) continue;
    context.fillStyle = ink;
    context.clearRect((from + to - room) / 2, top + height / 2 - 9 * ratio, room, 18 * ratio);
    context.fillText(words, (from + to) / 2, top + height / 2);
  }
  context.restore();
}
