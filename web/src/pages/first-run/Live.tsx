/** Step 4: the first real values, moving. */
import { createEffect, createMemo, createSignal, Show } from "solid-js";
import { go } from "../../app/place";
import { setSettingUp } from "../../app/session";
import { resource } from "../../live/estate";
import { Glyph } from "../../parts/Glyph";
import { Bar, steady } from "../../parts/Meter";
import { bitRate, byteRate, capacity, DASH, memory, percent } from "../../text/format";
import { t } from "../../text/en";
import { nameOf } from "../../live/names";
import { fullest } from "../../parts/cells/machine";
import { createFirstHost } from "./Add";

/** How many figures one report brought, counted in what is known of it. */
export function countValues(value: unknown): number {
  if (typeof value === "number") return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countValues(item), 0);
  if (value && typeof value === "object") return Object.values(value).reduce<number>((sum, item) => sum + countValues(item), 0);
  return 0;
}

function Tile(props: { label: string; value: number | undefined; detail: string }) {
  const shown = steady(() => props.value);
  return (
    <div class="live-tile">
      <span class="dim">{props.label}</span>
      <b>
        {percent(shown())} <small>%</small>
      </b>
      <Bar value={shown()} />
      <small>{props.detail}</small>
    </div>
  );
}

export function Live() {
  const first = createFirstHost();
  const entry = () => resource(first() ?? "");
  const [reports, setReports] = createSignal(0);
  createEffect(() => {
    if (entry()?.lastSeen) setReports((count) => count + 1);
  });
  const values = createMemo(() => (entry()?.lastSeen ? countValues(entry()?.agent) : 0));
  const worst = () => fullest(entry());
  const leave = () => {
    setSettingUp(false);
    go("/", { replace: true });
  };
  return (
    <div class="step-form">
      <div>
        <h1 tabindex="-1">{t.setup.liveTitle}</h1>
        <p class="lead">{entry() ? t.setup.liveText : t.setup.liveWaiting}</p>
      </div>
      <Show when={entry()}>
        {(host) => (
          <section class="panel live-panel" aria-label={nameOf(host())}>
            <h2>
              <Glyph standing="running" silent /> {nameOf(host())}
            </h2>
            <div class="live-tiles">
              <Tile label={t.drawer.cpu} value={host().cpu?.current} detail={host().agent?.cpuCount ? t.drawer.cores(host().agent?.cpuCount ?? 0) : DASH} />
              <Tile label={t.drawer.memory} value={host().memory?.current} detail={`${memory(host().memory?.used)} ${t.summary.of(memory(host().memory?.total))}`} />
              <Tile label={`${t.drawer.diskUse} ${worst()?.mount ?? ""}`} value={worst()?.percent} detail={`${capacity(worst()?.used)} ${t.summary.of(capacity(worst()?.total))}`} />
            </div>
            <dl class="facts">
              <dt>{t.drawer.network}</dt>
              <dd>
                {bitRate(host().network?.rxBytes)} {t.drawer.received}, {bitRate(host().network?.txBytes)} {t.drawer.sent}
              </dd>
              <dt>{t.drawer.diskIo}</dt>
              <dd>
                {byteRate(host().diskIO?.readRate)} {t.drawer.read}, {byteRate(host().diskIO?.writeRate)} {t.drawer.written}
              </dd>
              <dt>{t.drawer.load}</dt>
              <dd>{host().agent?.loadAverage?.map((value) => value.toFixed(2)).join("  ") ?? DASH}</dd>
            </dl>
            <ul class="ticks">
              <li>
                <Glyph standing="done" silent /> {nameOf(host())} {t.setup.enrolled}
              </li>
              <li>
                <Glyph standing="done" silent /> {t.setup.values(values())}
              </li>
              <li>
                <Glyph standing={reports() > 1 ? "done" : "pending"} silent /> {reports() > 1 ? t.setup.moving : t.setup.movingNot}
              </li>
            </ul>
          </section>
        )}
      </Show>
      <div class="step-do">
        <button type="button" class="button primary tall" onClick={leave}>
          {t.setup.open}
        </button>
      </div>
    </div>
  );
}
