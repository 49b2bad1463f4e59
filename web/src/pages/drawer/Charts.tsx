/** The last hour of one resource as charts that grow with every report. */
import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import Plot, { type Line } from "../../charts/Plot";
import { type Metric, METRICS } from "../../charts/samples";
import { ticking } from "../../live/clock";
import { resource } from "../../live/estate";
import { intervalOf } from "../../live/standing";
import { estateNow } from "../../live/socket";
import { copyText } from "../../parts/Copyable";
import { toast } from "../../parts/Toast";
import { bitRate, byteRate, capacity, DASH, figure, iso, memory, timeOfDay } from "../../text/format";
import { t } from "../../text/en";
import { fullest, temperatureOf } from "../machines/machine";
import { createHistory } from "./history";

const percentAxis = (value: number) => `${Math.round(value)} %`;
const degrees = (value: number) => `${figure(value)} °C`;

interface Chart {
  title: string;
  lines: Line[];
  format: (value: number) => string;
  top?: number;
  least?: number;
  scale?: number;
  value: () => string;
}

function chartsOf(id: () => string): Chart[] {
  const entry = () => resource(id());
  const one = (metric: Metric, name: string): Line[] => [{ metric, name, color: "--s1" }];
  const two = (first: Metric, firstName: string, second: Metric, secondName: string): Line[] => [
    { metric: first, name: firstName, color: "--s1" },
    { metric: second, name: secondName, color: "--s2", dash: [6, 3] },
  ];
  const cores = () => entry()?.agent?.cpuCount;
  return [
    { title: t.drawer.cpu, lines: one("cpu", t.drawer.cpu), format: percentAxis, top: 100, value: () => (entry()?.cpu?.current === undefined ? t.drawer.unknown : cores() ? t.drawer.ofCores(figure(entry()?.cpu?.current ?? 0), t.drawer.cores(cores() ?? 0)) : `${figure(entry()?.cpu?.current ?? 0)} %`) },
    { title: t.drawer.memory, lines: one("memory", t.drawer.memory), format: percentAxis, top: 100, value: () => `${memory(entry()?.memory?.used)} ${t.summary.of(memory(entry()?.memory?.total))}` },
    { title: t.drawer.diskUse, lines: one("disk", t.drawer.diskUse), format: percentAxis, top: 100, value: () => `${capacity(fullest(entry())?.used)} ${t.summary.of(capacity(fullest(entry())?.total))}` },
    { title: t.drawer.network, lines: two("netin", t.drawer.received, "netout", t.drawer.sent), format: bitRate, least: 10_000, scale: 8, value: () => `${bitRate(entry()?.network?.rxBytes)} ↓  ${bitRate(entry()?.network?.txBytes)} ↑` },
    { title: t.drawer.diskIo, lines: two("diskread", t.drawer.read, "diskwrite", t.drawer.written), format: byteRate, least: 10_000, value: () => `${byteRate(entry()?.diskIO?.readRate)} ${t.drawer.read}  ${byteRate(entry()?.diskIO?.writeRate)} ${t.drawer.written}` },
    { title: t.drawer.temperature, lines: one("temperature", t.drawer.temperature), format: degrees, least: 100, value: () => degrees(temperatureOf(entry()) ?? 0) },
  ];
}

/** `brief` leaves out what has its place in the drawer only. */
export default function Charts(props: { id: string; brief?: boolean }) {
  const history = createHistory(() => props.id);
  const charts = chartsOf(() => props.id);
  const interval = () => {
    const entry = resource(props.id);
    return entry ? intervalOf(entry) : 10;
  };
  /** The right edge moves in steps of five seconds: a redraw per second would show nothing more. */
  const end = createMemo(() => Math.ceil(estateNow(ticking()) / 5000) * 5);
  const window = createMemo(() => (history.version(), history.samples.windowTo(end())));
  const offered = (chart: Chart) => chart.lines.some((line) => (history.version(), history.samples.has(line.metric)));
  return (
    <div class="charts">
      <div class="history-head">
        <h3>{t.drawer.lastWindow(window() / 60)}</h3>
        <span class="dim push">
          {t.drawer.points(interval())} · {t.drawer.zone}
        </span>
      </div>
      <Switch>
        <Match when={history.state() === "loading"}>
          <p class="dim padded" role="status">
            {t.drawer.loading}
          </p>
        </Match>
        <Match when={history.state() === "failed"}>
          <p class="note">
            {t.drawer.failed}
            <button type="button" class="button small push" onClick={history.reload}>
              {t.drawer.retry}
            </button>
          </p>
        </Match>
      </Switch>
      <Show when={history.state() !== "loading"}>
        <For each={charts}>
          {(chart) => (
            <section class="chart">
              <h3>
                {chart.title}
                <Show when={chart.lines.length > 1 && offered(chart)}>
                  <span class="chart-key" aria-hidden="true">
                    <i class="k1" /> {chart.lines[0]?.name} <i class="k2" /> {chart.lines[1]?.name}
                  </span>
                </Show>
                <span class="push dim">{offered(chart) ? chart.value() : ""}</span>
              </h3>
              <Show when={offered(chart)} fallback={<p class="not-offered">{history.samples.count > 0 ? t.drawer.notOffered : t.drawer.noHistory}</p>}>
                <Plot label={`${chart.title}, ${t.drawer.lastWindow(window() / 60)}`} lines={chart.lines} samples={history.samples} version={history.version()} interval={interval()} end={end()} window={window()} format={chart.format} top={chart.top} least={chart.least} scale={chart.scale} />
              </Show>
            </section>
          )}
        </For>
        <Show when={!props.brief}>
          <SeriesTable history={history} />
        </Show>
      </Show>
    </div>
  );
}

const HEADS: Record<Metric, string> = {
  cpu: "CPU %",
  memory: "Memory %",
  disk: "Disk %",
  netin: "In B/s",
  netout: "Out B/s",
  diskread: "Read B/s",
  diskwrite: "Write B/s",
  temperature: "°C",
};
const TABLE_ROWS = 60;

/** The same points as a table, for readers that see no canvas. */
function SeriesTable(props: { history: ReturnType<typeof createHistory> }) {
  const [open, setOpen] = createSignal(false);
  const metrics = () => (props.history.version(), METRICS.filter((metric) => props.history.samples.has(metric)));
  const rows = createMemo(() => (open() && props.history.version() >= 0 ? props.history.samples.rows(metrics()) : []));
  const csv = async () => {
    const head = ["time", ...metrics()].join(",");
    const lines = props.history.samples.rows(metrics()).map(([time, ...values]) => [iso(time * 1000), ...values.map((value) => value ?? "")].join(","));
    const done = await copyText([head, ...lines].join("\n"));
    toast(done ? t.copy.copied : t.copy.failed, !done);
  };
  return (
    <details class="series" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.drawer.table}</summary>
      <div class="series-tools">
        <span class="dim">{t.drawer.tableShown(Math.min(TABLE_ROWS, rows().length), rows().length)}</span>
        <button type="button" class="button small push" onClick={csv}>
          {t.drawer.csv}
        </button>
      </div>
      <div class="series-scroll" tabindex="0" role="region" aria-label={t.drawer.table}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t.drawer.time}</th>
              <For each={metrics()}>{(metric) => <th scope="col" class="numeric">{HEADS[metric]}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={rows().slice(-TABLE_ROWS).toReversed()}>
              {([time, ...values]) => (
                <tr>
                  <th scope="row">{timeOfDay(time * 1000, true)}</th>
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
