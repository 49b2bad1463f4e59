/** The series of one resource as charts that share a cursor, a range and a closer look. */
import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import Plot from "../../charts/Plot";
import { resource } from "../../live/estate";
import { dayAndTime, timeOfDay } from "../../text/format";
import { t } from "../../text/en";
import { type Chart, chartsOf } from "./chartList";
import { createHistory, type DrawerHistory } from "./history";
import { SeriesTable } from "./SeriesTable";

export function stepWords(seconds: number): string {
  if (seconds < 60) return t.drawer.stepSeconds(Math.round(seconds));
  return seconds < 3600 ? t.drawer.stepMinutes(Math.round(seconds / 60)) : t.drawer.stepHours(Math.round(seconds / 3600));
}

/** What the charts show now: the chosen range, or the part of it somebody looks at. */
function windowWords(history: DrawerHistory): string {
  const [from, to] = history.edges();
  if (history.zoom()) {
    const write = to - from > 86_400 ? dayAndTime : (at: number) => timeOfDay(at);
    return t.drawer.zoomed(write(from * 1000), write(to * 1000));
  }
  return t.drawer.rangeWords[history.shown()] ?? t.drawer.lastWindow((to - from) / 60);
}

interface ChartsProps {
  id: string;
  history: DrawerHistory;
  /** Only what one looks at first. */
  leading?: boolean;
  table?: boolean;
}

export function ChartList(props: ChartsProps) {
  const entry = () => resource(props.id);
  const type = createMemo(() => entry()?.type);
  const charts = createMemo(() => chartsOf(type()).filter((chart) => !props.leading || chart.leading));
  const has = (chart: Chart) => (props.history.version(), chart.lines.some((line) => props.history.samples().has(line.metric)));
  const drawn = createMemo(() => charts().filter(has), undefined, { equals: (a, b) => a.length === b.length && a.every((chart, at) => chart === b[at]) });
  const lacking = () => charts().filter((chart) => !has(chart));
  const isEmpty = () => (props.history.version(), props.history.samples().count === 0);
  const metrics = createMemo(() => drawn().flatMap((chart) => chart.lines.map((line) => line.metric)), undefined, { equals: (a, b) => a.join() === b.join() });
  return (
    <div class="charts" aria-busy={props.history.state() === "loading"}>
      <div class="history-head">
        <h3>{windowWords(props.history)}</h3>
        <Show when={props.history.zoom()}>
          <button type="button" class="button small quiet" onClick={() => props.history.setZoom(undefined)}>
            {t.drawer.unzoom}
          </button>
        </Show>
        <Show when={!isEmpty()}>
          <span class="dim push">
            {t.drawer.points(stepWords(props.history.interval(metrics())))} · {t.drawer.zone}
          </span>
        </Show>
      </div>
      <Switch>
        <Match when={props.history.state() === "loading" && isEmpty()}>
          <p class="dim padded" role="status">
            {t.drawer.loading}
          </p>
        </Match>
        <Match when={props.history.state() === "failed"}>
          <p class="note">
            {t.drawer.failed}
            <button type="button" class="button small push" onClick={props.history.reload}>
              {t.drawer.retry}
            </button>
          </p>
        </Match>
        <Match when={isEmpty()}>
          <p class="not-offered">{t.drawer.noHistory}</p>
        </Match>
      </Switch>
      <Show when={!isEmpty()}>
        <For each={drawn()}>{(chart) => <OneChart id={props.id} chart={chart} history={props.history} />}</For>
        <Show when={lacking().length > 0}>
          <p class="not-offered">{t.drawer.notOfferedList(lacking().map((chart) => chart.title).join(", "))}</p>
        </Show>
        <Show when={props.table}>
          <p class="dim how-to">{t.drawer.howTo}</p>
          <SeriesTable history={props.history} metrics={metrics()} />
        </Show>
      </Show>
    </div>
  );
}

function OneChart(props: { id: string; chart: Chart; history: DrawerHistory }) {
  const lines = () => (props.history.version(), props.chart.lines.filter((line) => props.history.samples().has(line.metric)));
  const kept = createMemo(lines, undefined, { equals: (a, b) => a.length === b.length });
  const metrics = () => kept().map((line) => line.metric);
  const [read, setRead] = createSignal<string>();
  return (
    <section class="chart">
      <h3>
        {props.chart.title}
        <Show when={kept().length > 1}>
          <span class="chart-key" aria-hidden="true">
            <For each={kept()}>
              {(line, at) => (
                <>
                  <i class={`k${at() + 1}`} /> {line.name}
                </>
              )}
            </For>
          </span>
        </Show>
        <span class="push" classList={{ dim: !read() }}>
          {read() ?? props.chart.value(resource(props.id))}
        </span>
      </h3>
      <Plot
        label={`${props.chart.title}, ${windowWords(props.history)}`}
        lines={kept()}
        samples={props.history.samples()}
        version={props.history.version()}
        interval={props.history.interval(metrics())}
        from={props.history.edges()[0]}
        to={props.history.edges()[1]}
        format={props.chart.format}
        top={props.chart.top}
        least={props.chart.least}
        scale={props.chart.scale}
        onZoom={props.history.setZoom}
        onRead={setRead}
      />
    </section>
  );
}

/** The last hour alone, for a page of one machine. */
export default function LastHour(props: { id: string }) {
  const history = createHistory(() => props.id);
  return <ChartList id={props.id} history={history} />;
}
