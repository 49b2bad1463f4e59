/** The same points as a table, for readers that see no canvas, and as CSV to take along. */
import { createMemo, createSignal, For } from "solid-js";
import { copyText } from "../../parts/Copyable";
import { toast } from "../../parts/Toast";
import { DASH, dayAndTime, figure, iso, timeOfDay } from "../../text/format";
import { t } from "../../text/en";
import type { DrawerHistory } from "./history";

const HEADS: Record<string, string> = {
  cpu: "CPU %",
  memory: "Memory %",
  disk: "Disk %",
  usage: "Usage %",
  netin: "In B/s",
  netout: "Out B/s",
  diskread: "Read B/s",
  diskwrite: "Write B/s",
  temperature: "°C",
  smart_temp: "°C",
};
const ROWS = 60;
const DAY = 86_400;

/** Times in ISO, one column per series; a gap is an empty field. */
export function csvOf(metrics: readonly string[], rows: readonly (readonly [number, ...(number | null)[]])[]): string {
  const lines = rows.map(([time, ...values]) => [iso(time * 1000), ...values.map((value) => value ?? "")].join(","));
  return [["time", ...metrics].join(","), ...lines].join("\n");
}

export function SeriesTable(props: { history: DrawerHistory; metrics: readonly string[] }) {
  const [open, setOpen] = createSignal(false);
  const present = () => {
    const [from, to] = props.history.edges();
    return props.history.samples().rows(props.metrics).filter(([time]) => time >= from && time <= to);
  };
  const rows = createMemo(() => (open() && props.history.version() >= 0 ? present() : []));
  const write = (at: number) => (props.history.edges()[1] - props.history.edges()[0] > DAY ? dayAndTime(at) : timeOfDay(at, true));
  const csv = async () => {
    const done = await copyText(csvOf(props.metrics, present()));
    toast(done ? t.copy.copied : t.copy.failed, !done);
  };
  return (
    <details class="series" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.drawer.table}</summary>
      <div class="series-tools">
        <span class="dim">{t.drawer.tableShown(Math.min(ROWS, rows().length), rows().length)}</span>
        <button type="button" class="button small push" onClick={csv}>
          {t.drawer.csv}
        </button>
      </div>
      <div class="series-scroll" tabindex="0" role="region" aria-label={t.drawer.table}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t.drawer.time}</th>
              <For each={props.metrics}>{(metric) => <th scope="col" class="numeric">{HEADS[metric] ?? metric.replace(/^smart_/, "").replaceAll("_", " ")}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={rows().slice(-ROWS).toReversed()}>
              {([time, ...values]) => (
                <tr>
                  <th scope="row">{write(time * 1000)}</th>
                  <For each={values}>{(value) => <td class="numeric">{value === null ? DASH : figure(value)}</td>}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </details>
  );
}
