/** Is anything wrong, where, since when; how full is everything. */
import { Show } from "solid-js";
import { setOverlay } from "../../app/overlays";
import { EstateTabs } from "../../app/EstateTabs";
import { kiosk } from "../../app/Shell";
import { counted, tally } from "../../live/tally";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { t } from "../../text/en";
import { Board } from "./Board";
import { Fullest } from "./Fullest";
import { NeedsYou } from "./NeedsYou";
import { ThisServer } from "./ThisServer";
import { OnlyMachine } from "./OnlyMachine";
import { Summary } from "./Summary";

export default function Overview() {
  return (
    <div class="page">
      <div class="page-head estate-head">
        <h1>{t.shell.estate}</h1>
        <EstateTabs />
      </div>
      <Show
        when={!counted() || tally().total > 0}
        fallback={
          <section class="panel">
            <Empty title={t.empty.title} text={t.empty.text}>
              <button type="button" class="button primary" onClick={() => setOverlay("add-machine")}>
                <Icon name="plus" />
                {t.empty.add}
              </button>
              <a class="button" href="/settings/infrastructure">
                {t.empty.look}
              </a>
            </Empty>
          </section>
        }
      >
        <Summary />
        <div class="overview" classList={{ whole: kiosk() }}>
          <div class="board-column">
            <Board />
            <OnlyMachine />
          </div>
          <Show when={!kiosk()}>
            <div class="side">
              <NeedsYou />
              <Fullest />
              <ThisServer />
            </div>
          </Show>
        </div>
      </Show>
    </div>
  );
}
