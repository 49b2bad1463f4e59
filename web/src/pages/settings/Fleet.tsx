/** Every agent: does it report, which version, how often, what may it do. */
import { createMemo, Show } from "solid-js";
import { setOverlay } from "../../app/overlays";
import { query, setQuery, withQuery } from "../../app/place";
import { resource, ids, latestOf, loaded } from "../../live/estate";
import { standing, tally } from "../../live/tally";
import { Empty } from "../../parts/Empty";
import { Glyph } from "../../parts/Glyph";
import { Icon } from "../../parts/Icon";
import { Name } from "../../parts/Name";
import { Skeleton } from "../../parts/Skeleton";
import type { Column } from "../../parts/table/columns";
import { Table } from "../../parts/table/Table";
import { createOrder } from "../../parts/table/order";
import { DASH, iso } from "../../text/format";
import { t } from "../../text/en";
import { sortByName } from "../../live/names";
import { createAge } from "../../parts/cells/rows";
import { createList } from "../../parts/table/list";
import { parseQuery, testOf } from "../../search/query";
import { nameOf } from "../../live/names";
import { systemOf } from "../../parts/cells/machine";
import { footprintWords } from "../drawer/facts";
import { Removed } from "./Removed";

/** The version most agents run; others are worth a look. */
function usualVersion(list: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const id of list) {
    const version = latestOf(id)?.agent?.agentVersion;
    if (version) counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function AgeCell(props: { id: string }) {
  const age = createAge(() => props.id);
  const seen = () => resource(props.id)?.lastSeen;
  return <span title={seen() ? iso(seen() ?? 0) : undefined}>{seen() ? t.drawer.ago(age()) : DASH}</span>;
}

/** What the last report held, in the agent's own terms. */
function collects(id: string): string {
  const agent = resource(id)?.agent;
  if (!agent) return DASH;
  const parts = ["host"];
  if (Object.keys(agent.sensors?.temperatureCelsius ?? {}).length > 0) parts.push("sensors");
  if ((agent.diskIo ?? []).length > 0) parts.push("disk I/O");
  return parts.join(" · ");
}

function commands(enabled: boolean | undefined): string {
  if (enabled === undefined) return DASH;
  return enabled ? t.drawer.commandsOn : t.drawer.commandsOff;
}

function columnsOf(current: () => string | undefined, focus: (id: string) => void, usual: () => string | undefined): Column[] {
  const heads = t.fleet.columns;
  const agent = (id: string) => resource(id)?.agent;
  const isOther = (id: string) => !!agent(id)?.agentVersion && agent(id)?.agentVersion !== usual();
  return [
    {
      id: "name",
      head: heads.agent,
      least: 200,
      grow: 2,
      priority: 1,
      cell: (id) => (
        <span class="name-cell">
          <Glyph standing={standing(id())} />
          <a href={withQuery({ resource: id() })} tabindex={current() === id() ? 0 : -1} onFocus={() => focus(id())} aria-label={nameOf(resource(id()))}>
            <Name text={nameOf(resource(id()))} labelled />
          </a>
        </span>
      ),
    },
    { id: "status", head: heads.status, least: 92, priority: 2, cell: (id) => <>{t.standing[standing(id())]}</> },
    { id: "last", head: heads.last, least: 110, priority: 2, cell: (id) => <AgeCell id={id()} /> },
    {
      id: "version",
      head: heads.version,
      least: 140,
      priority: 3,
      cell: (id) => (
        <>
          {agent(id())?.agentVersion ?? DASH} <Show when={isOther(id())}><span class="badge">{t.fleet.behind}</span></Show>
        </>
      ),
    },
    { id: "interval", head: heads.interval, least: 76, priority: 4, numeric: true, cell: (id) => (agent(id())?.intervalSeconds ? `${agent(id())?.intervalSeconds} s` : DASH) },
    { id: "system", head: heads.system, class: "second cut", least: 204, grow: 1, priority: 4, line: true, cell: (id) => <>{[systemOf(resource(id())), agent(id())?.architecture].filter(Boolean).join(" · ") || DASH}</> },
    { id: "collects", head: heads.collects, class: "second cut", least: 160, grow: 1, priority: 5, cell: (id) => <>{collects(id())}</> },
    {
      id: "uses",
      head: heads.uses,
      class: "second cut",
      least: 204,
      priority: 5,
      cell: (id) => (
        <>
          {footprintWords(agent(id())?.agentFootprint) ?? DASH} <Show when={(agent(id())?.agentFootprint?.shed ?? []).length > 0}><span class="badge">{t.fleet.sheds}</span></Show>
        </>
      ),
    },
    { id: "commands", head: heads.commands, class: "second", least: 84, priority: 5, cell: (id) => <>{commands(agent(id())?.commandsEnabled)}</> },
  ];
}

export function Fleet() {
  let field!: HTMLInputElement;
  const agents = createMemo(() => ids().filter((id) => !!latestOf(id)?.agent));
  const usual = createMemo(() => usualVersion(agents()));
  const text = () => query("q") ?? "";
  const clear = () => {
    if (!text()) return false;
    setQuery({ q: undefined });
    return true;
  };
  const order = createOrder({
    ids: agents,
    wish: text,
    arrange: (all) => {
      const test = testOf(parseQuery(text()));
      const kept = all.filter((id) => {
        const entry = latestOf(id);
        return !!entry && (test(entry, standing(id)) || (entry.agent?.agentVersion ?? "").includes(text()));
      });
      return sortByName(kept);
    },
    held: () => list.held(),
  });
  const list = createList({ items: () => order.rows(), find: () => field.focus(), clear });
  const columns = columnsOf(list.current, list.setFocused, usual);
  const silent = createMemo(() => agents().filter((id) => ["offline", "stale"].includes(tally().standings.get(id) ?? "")).length);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t.fleet.title}</h1>
        <Show when={loaded()}>
          <span class="dim">
            {t.shell.agents(agents().length)}
            <Show when={silent() > 0}> · {t.fleet.silent(silent())}</Show>
          </span>
        </Show>
        <button type="button" class="button primary push" onClick={() => setOverlay("add-machine")}>
          <Icon name="plus" />
          {t.fleet.add}
        </button>
      </div>
      <Show when={agents().length > 0}>
        <div class="tools" role="search" aria-label={t.fleet.filterLabel}>
          <label class="filter">
            <Icon name="search" />
            <span class="sr">{t.fleet.filterLabel}</span>
            <input ref={field} type="search" placeholder={t.fleet.filter} value={text()} autocomplete="off" spellcheck={false} onInput={(event) => setQuery({ q: event.currentTarget.value })} />
            <kbd>/</kbd>
          </label>
          <span class="dim" aria-live="polite">
            {t.machines.shown(order.rows().length, agents().length)}
          </span>
        </div>
      </Show>
      <section class="panel" aria-label={t.fleet.agents}>
        <Show when={loaded()} fallback={<Skeleton rows={6} />}>
          <Show
            when={agents().length > 0}
            fallback={
              <Empty title={t.fleet.noneTitle} text={t.fleet.noneText}>
                <button type="button" class="button primary" onClick={() => setOverlay("add-machine")}>
                  <Icon name="plus" />
                  {t.fleet.add}
                </button>
              </Empty>
            }
          >
            <Show
              when={order.rows().length > 0}
              fallback={
                <Empty title={t.fleet.noneMatch} text={t.machines.hidden(agents().length)}>
                  <button type="button" class="button" onClick={clear}>
                    {t.machines.clear}
                  </button>
                </Empty>
              }
            >
              <Table
                label={t.fleet.agents}
                columns={columns}
                items={order.rows()}
                rowClass={(id) => (standing(id) === "offline" ? "off crit" : "")}
                selected={list.selected()}
                current={list.current()}
                onOpen={list.open}
                onHold={list.hold}
                reveal={list.takeReveal}
              />
            </Show>
          </Show>
        </Show>
      </section>
      <Removed />
    </div>
  );
}
