/** How the server itself works: what stands out first, then its parts. */
import { createResource, For, Index, type JSX, Match, Show, Switch } from "solid-js";
import { sentenceOf } from "../../api/sentence";
import { type AgentsReport, type Connection, type Diagnostics as Report, readDiagnostics } from "../../api/support";
import { ticking } from "../../live/clock";
import { copyText } from "../../parts/Copyable";
import { Empty } from "../../parts/Empty";
import { Glyph } from "../../parts/Glyph";
import { Skeleton } from "../../parts/Skeleton";
import { toast } from "../../parts/Toast";
import { capacity, DASH, memory, span } from "../../text/format";
import { t } from "../../text/en";

type Fact = readonly [string, string | undefined];

/** Everything a person should look at, in words. */
export function findings(report: Report): string[] {
  const connections = [...(report.nodes ?? []), ...(report.pbs ?? [])].filter(isBroken);
  const agents = attention(report);
  return [
    ...(report.errors ?? []),
    ...connections.map((entry) => [entry.name ?? entry.host, entry.error ?? entry.lastError ?? entry.stateReason ?? t.diagnostics.notConnected].join(": ")),
    ...agents.map(({ name, issues }) => [name, issues.join(", ")].join(": ")),
    ...(report.metricsStore?.error ? [report.metricsStore.error] : []),
    ...(report.log?.linesLost ? [t.diagnostics.lost(report.log.linesLost)] : []),
  ];
}

function isBroken(entry: Connection): boolean {
  return entry.connected === false || !!entry.error || !!entry.lastError;
}

function attention(report: Report): { name: string; issues: string[] }[] {
  const all: (AgentsReport | undefined)[] = [report.agents, report.dockerAgents];
  const seen = new Map<string, { name: string; issues: string[] }>();
  for (const entry of all.flatMap((part) => part?.attention ?? [])) {
    const name = entry.name ?? entry.agent ?? entry.agentId ?? "";
    seen.set(name, { name, issues: entry.issues ?? [] });
  }
  return [...seen.values()];
}

function Facts(props: { facts: readonly Fact[] }) {
  return (
    <dl class="facts padded">
      <Index each={props.facts.filter(([, value]) => value !== undefined)}>
        {(fact) => (
          <>
            <dt>{fact()[0]}</dt>
            <dd>{fact()[1]}</dd>
          </>
        )}
      </Index>
    </dl>
  );
}

function Panel(props: { title: string; note?: string; children: JSX.Element }) {
  return (
    <section class="panel">
      <header class="panel-head">
        <h2>{props.title}</h2>
        <span class="dim">{props.note}</span>
      </header>
      {props.children}
    </section>
  );
}

function serverFacts(report: Report): Fact[] {
  const { system, process } = report;
  const resident = process?.residentBytes ?? (system?.memoryMB === undefined ? undefined : system.memoryMB * 2 ** 20);
  const peak = process?.peakResidentBytes;
  return [
    [t.diagnostics.version, report.version],
    [t.diagnostics.runtime, report.runtime],
    [t.diagnostics.uptime, report.uptime === undefined ? undefined : span(report.uptime * 1000)],
    [t.diagnostics.system, [system?.os, system?.arch].filter(Boolean).join(" ") || undefined],
    [t.diagnostics.processors, system?.numCPU === undefined ? undefined : String(system.numCPU)],
    [t.diagnostics.memory, resident === undefined ? undefined : [memory(resident), peak && t.diagnostics.peak(memory(peak))].filter(Boolean).join(", ")],
    [t.diagnostics.threads, process?.threads?.toString()],
    [t.diagnostics.files, process?.openFiles?.toString()],
    [t.diagnostics.written, process?.writtenBytesToday === undefined ? (process?.writtenBytes === undefined ? undefined : t.diagnostics.writtenAll(capacity(process.writtenBytes))) : capacity(process.writtenBytesToday)],
    [t.diagnostics.resources, report.estate?.resources?.toLocaleString()],
    [t.diagnostics.sockets, report.estate?.liveSockets?.toString()],
  ];
}

/** What there is to say of API tokens: none, all in use, or some that nobody uses. */
export function tokenWords({ tokenCount, unusedTokenCount }: NonNullable<Report["apiTokens"]>): string {
  if (tokenCount === undefined) return DASH;
  if (tokenCount === 0) return t.diagnostics.noTokens;
  return unusedTokenCount ? t.diagnostics.tokensUnused(unusedTokenCount, tokenCount) : t.diagnostics.tokensUsed(tokenCount);
}

export function Diagnostics() {
  let readAt = Date.now();
  const [report, { refetch }] = createResource(async () => {
    const answer = await readDiagnostics();
    readAt = Date.now();
    return answer;
  });
  const copy = async () => {
    const done = await copyText(JSON.stringify(report.latest, null, 2));
    toast(done ? t.copy.copied : t.copy.failed, !done);
  };
  return (
    <div class="settings-main">
      <div class="support-head">
        <h2>{t.diagnostics.title}</h2>
        <Show when={report.latest}>
          <span class="dim">{t.diagnostics.made(span(Math.max(0, ticking() - readAt)))}</span>
        </Show>
        <span class="push" />
        <button type="button" class="button" disabled={!report.latest} onClick={copy}>
          {t.diagnostics.copy}
        </button>
        <button type="button" class="button" disabled={report.loading} onClick={() => void refetch()}>
          {t.diagnostics.again}
        </button>
      </div>
      <Switch>
        <Match when={report.error}>
          <section class="panel">
            <Empty title={t.diagnostics.failed} text={sentenceOf(report.error)}>
              <button type="button" class="button" onClick={() => void refetch()}>
                {t.failure.again}
              </button>
            </Empty>
          </section>
        </Match>
        <Match when={report.latest}>{(present) => <Parts report={present()} />}</Match>
        <Match when={true}>
          <section class="panel">
            <Skeleton rows={6} />
          </section>
        </Match>
      </Switch>
    </div>
  );
}

function Parts(props: { report: Report }) {
  const found = () => findings(props.report);
  const store = () => props.report.metricsStore;
  const agents = () => props.report.agents ?? props.report.dockerAgents;
  const tokens = () => props.report.apiTokens ?? {};
  return (
    <>
      <section class="panel">
        <header class="panel-head">
          <Glyph standing={found().length > 0 ? "warning" : "done"} silent />
          <h2>{t.diagnostics.findings(found().length)}</h2>
        </header>
        <Show when={found().length > 0}>
          <ul class="findings">
            <For each={found()}>{(words) => <li>{words}</li>}</For>
          </ul>
        </Show>
      </section>
      <div class="support-grid">
        <Panel title={t.diagnostics.server}>
          <Facts facts={serverFacts(props.report)} />
        </Panel>
        <Panel title={t.diagnostics.history} note={store()?.status}>
          <Facts facts={[[t.diagnostics.size, store()?.dbSize === undefined ? undefined : capacity(store()?.dbSize)], ...(store()?.files ?? []).slice(0, 6).map((file): Fact => [file.name, capacity(file.bytes)])]} />
          <For each={store()?.notes}>{(note) => <p class="padded second">{note}</p>}</For>
        </Panel>
        <div class="support-column">
          <Panel title={t.diagnostics.agents} note={agents()?.agentsTotal === undefined ? undefined : t.diagnostics.agentsLine(agents()?.agentsOnline ?? 0, agents()?.agentsTotal ?? 0)}>
            <Show when={attention(props.report).length > 0} fallback={<p class="padded second">{agents()?.agentsTotal ? t.diagnostics.allWell : t.diagnostics.noAgents}</p>}>
              <Facts facts={attention(props.report).map(({ name, issues }): Fact => [name, issues.join(", ") || DASH])} />
            </Show>
          </Panel>
          <Panel title={t.diagnostics.tokens} note={tokens().tokenCount === undefined ? undefined : t.diagnostics.tokensLine(tokens().tokenCount ?? 0)}>
            <p class="padded second">{tokenWords(tokens())}</p>
            <For each={tokens().notes}>{(note) => <p class="padded second">{note}</p>}</For>
          </Panel>
        </div>
      </div>
      <Connections list={[...(props.report.nodes ?? []), ...(props.report.pbs ?? [])]} />
    </>
  );
}

function Connections(props: { list: readonly Connection[] }) {
  return (
    <Panel title={t.diagnostics.connections} note={String(props.list.length)}>
      <Show when={props.list.length > 0} fallback={<p class="padded second">{t.diagnostics.noConnections}</p>}>
        <ul class="connections">
          <For each={props.list}>
            {(entry) => (
              <li>
                <Glyph standing={isBroken(entry) ? "offline" : "running"} silent />
                <b>{entry.name ?? entry.id}</b>
                <span class="second">{isBroken(entry) ? t.diagnostics.notConnected : t.diagnostics.connected}</span>
                <span class="dim mono push">{entry.host}</span>
                <Show when={entry.error ?? entry.lastError ?? entry.stateReason}>{(words) => <small class="crit-ink">{words()}</small>}</Show>
                <Show when={entry.troubleshooting}>{(words) => <small class="second">{words()}</small>}</Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Panel>
  );
}
