/** The server that says all this, about itself. */
import { createMemo, Show } from "solid-js";
import { ticking } from "../../live/clock";
import { stats } from "../../live/estate";
import { tally } from "../../live/tally";
import { Icon } from "../../parts/Icon";
import { DASH, span } from "../../text/format";
import { t } from "../../text/en";

export function ThisServer() {
  const uptime = createMemo(() => {
    const start = Date.parse(stats().startTime ?? "");
    return Number.isNaN(start) ? DASH : span(ticking() - start);
  });
  return (
    <section class="panel" aria-labelledby="server-title">
      <header class="panel-head">
        <h2 id="server-title">{t.server.title}</h2>
        <a class="push link" href="/api/docs">
          <Icon name="link" />
          {t.server.api}
        </a>
      </header>
      <dl class="facts padded">
        <dt>{t.server.hosts}</dt>
        <dd>{t.server.reporting(tally().hosts.reporting, tally().hosts.total)}</dd>
        <dt>{t.server.version}</dt>
        <dd>{stats().version ?? DASH}</dd>
        <dt>{t.server.uptime}</dt>
        <dd>{uptime()}</dd>
        <Show when={stats().webSocketClients}>
          {(count) => (
            <>
              <dt>{t.server.viewers}</dt>
              <dd>{count()}</dd>
            </>
          )}
        </Show>
      </dl>
    </section>
  );
}
