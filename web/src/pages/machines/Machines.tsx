/** Every machine in one table: filter, sort, choose columns, open. */
import { createMemo } from "solid-js";
import { areaOf } from "../../app/areas";
import { setOverlay } from "../../app/overlays";
import { ids, latestOf } from "../../live/estate";
import { gpuLoadOf, raidOf } from "../../parts/cells/machine";
import { facts, nameColumn, offeredBy } from "../../parts/columns/facts";
import { figures } from "../../parts/columns/figures";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import type { Column } from "../../parts/table/columns";
import { Listing, Shown } from "../../parts/table/Listing";
import { type ChipGroup, Tools } from "../../parts/table/Tools";
import { createView, type View } from "../../parts/table/view";
import { t } from "../../text/en";

const CHIPS: readonly ChipGroup[] = [
  { field: "status", chips: (["running", "warning", "stale", "offline", "unknown"] as const).map((value) => ({ value, word: t.standing[value] })) },
];

function columnsOf(view: () => View, machines: () => readonly string[]): Column[] {
  const offered = (has: (id: string) => boolean) => offeredBy(machines, has);
  const f = figures;
  return [
    nameColumn(view, t.machines.head, { least: 190 }),
    facts.os,
    facts.agent,
    f.cpu,
    { ...f.gpu, offered: offered((id) => gpuLoadOf(latestOf(id)) !== undefined) },
    f.memory,
    f.disk,
    f.rates,
    f.io,
    { ...f.load, extra: true },
    f.temperature,
    f.uptime,
    facts.seen,
    facts.address,
    { ...facts.raid, offered: offered((id) => raidOf(latestOf(id)) !== undefined) },
    facts.architecture,
    facts.kernel,
    facts.status,
  ];
}

export default function Machines() {
  let field!: HTMLInputElement;
  const machines = createMemo(() => ids().filter((id) => {
    const entry = latestOf(id);
    return !!entry && areaOf(entry) === "machines" && (entry.type === "agent" || !entry.parentId);
  }));
  const columns = columnsOf(() => view, machines);
  const view: View = createView({ id: "machines", ids: machines, columns, find: () => field.focus() });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t.machines.title}</h1>
        <Shown view={view} />
      </div>
      <Tools view={view} label={t.machines.filterLabel} fields={["status", "os", "tag", "host", "platform"]} chips={CHIPS} ref={(input) => (field = input)} />
      <Listing view={view} label={t.machines.title} sortable none={<NoMachines />} />
    </div>
  );
}

function NoMachines() {
  return (
    <Empty title={t.machines.noneTitle} text={t.machines.noneText}>
      <button type="button" class="button primary" onClick={() => setOverlay("add-machine")}>
        <Icon name="plus" />
        {t.empty.add}
      </button>
    </Empty>
  );
}
