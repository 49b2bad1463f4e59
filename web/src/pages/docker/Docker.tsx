/** Containers by the host they are on, or the hosts themselves. */
import { createMemo, type JSX, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { query } from "../../app/place";
import { ids, latestOf } from "../../live/estate";
import { isHostOf, isLivingIn } from "../../live/kin";
import { tally } from "../../live/tally";
import { amount, facts, nameColumn, offeredBy, word } from "../../parts/columns/facts";
import { figures } from "../../parts/columns/figures";
import { inhabitantsColumn, runningColumn } from "../../parts/columns/hosts";
import { Empty } from "../../parts/Empty";
import { HiddenMenu } from "../../parts/table/HiddenMenu";
import { KindTabs } from "../../parts/table/KindTabs";
import { Listing, Shown } from "../../parts/table/Listing";
import { RUN_STATES, Tools } from "../../parts/table/Tools";
import { createView, type View } from "../../parts/table/view";
import { timeOfDay } from "../../text/format";
import { t } from "../../text/en";
import Platform, { PlatformTabs } from "../platform/Platform";

/** Images with something newer, those nobody could tell about, and when that was asked last. */
function updateWords(rows: readonly string[]): string {
  let [ready, unknown, asked] = [0, 0, 0];
  for (const id of rows) {
    const status = facetsOf(latestOf(id)).docker?.updateStatus;
    if (!status) continue;
    if (status.error) unknown += 1;
    else if (status.updateAvailable) ready += 1;
    asked = Math.max(asked, Date.parse(status.lastChecked ?? "") || 0);
  }
  const notes = t.docker.notes;
  return [ready > 0 && notes.updates(ready), unknown > 0 && notes.unknown(unknown), asked > 0 && notes.asked(timeOfDay(asked))].filter(Boolean).join(" · ");
}

const engineOf = (id: string) => facetsOf(latestOf(id)).docker?.runtimeVersion ?? facetsOf(latestOf(id)).docker?.dockerVersion;
const updatesOf = (id: string) => facetsOf(latestOf(id)).docker?.updatesAvailableCount;
const swarmOf = (id: string) => facetsOf(latestOf(id)).docker?.swarm?.nodeRole;
const AREA = "docker";

export default function Docker() {
  const containers = createMemo(() => ids().filter((id) => isLivingIn(id, AREA)));
  const updates = createMemo(() => (tally(), updateWords(containers())));
  const hosts = createMemo(() => ids().filter((id) => isHostOf(id, AREA)));
  const current = () => (query("kind") === "hosts" ? "hosts" : "containers");
  const Tabs = () => (
    <KindTabs
      label={t.area.docker}
      current={current()}
      kinds={[
        { id: "containers", word: t.docker.kinds.containers, count: containers().length },
        { id: "hosts", word: t.docker.kinds.hosts, count: hosts().length },
      ]}
    />
  );
  return (
    <Show when={current() === "hosts"} fallback={<Platform area={AREA} tabs={<Tabs />} note={<><HiddenMenu area={AREA} /><span class="dim page-note">{updates() && `${updates()} · `}</span></>} />}>
      <Hosts rows={hosts} tabs={<Tabs />} />
    </Show>
  );
}

function Hosts(props: { rows: () => readonly string[]; tabs: JSX.Element }) {
  let field!: HTMLInputElement;
  const columns = [
    nameColumn(() => view, t.docker.heads.host),
    { ...facts.os, priority: 4, line: false },
    word("engine", t.docker.heads.engine, 76, engineOf),
    figures.cpu,
    figures.memory,
    figures.disk,
    figures.net,
    runningColumn,
    { ...amount("updates", t.docker.heads.updates, 72, updatesOf, String), offered: offeredBy(props.rows, (id) => updatesOf(id) !== undefined) },
    { ...word("swarm", t.docker.heads.swarm, 92, swarmOf), offered: offeredBy(props.rows, (id) => swarmOf(id) !== undefined) },
    inhabitantsColumn(() => view),
    word("agent", t.columns.heads.agent, 60, (id) => facetsOf(latestOf(id)).docker?.agentVersion, { extra: true }),
  ];
  const view: View = createView({ id: "docker-hosts", ids: props.rows, columns, find: () => field.focus() });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t.area[AREA]}</h1>
        <PlatformTabs area={AREA} />
        {props.tabs}
        <span class="page-notes push">
          <HiddenMenu area={AREA} />
          <Shown view={view} />
        </span>
      </div>
      <Tools view={view} label={t.docker.filterLabel(t.docker.kinds.hosts)} fields={["host", "status", "os", "tag"]} chips={[RUN_STATES]} ref={(input) => (field = input)} />
      <Listing view={view} label={t.docker.kinds.hosts} sortable none={<Empty title={t.docker.none(t.docker.kinds.hosts)} text={t.docker.noneText} />} />
    </div>
  );
}
