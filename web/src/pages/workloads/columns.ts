/** The columns of all workloads together: what every platform has first, the rest to choose from. */
import { facetsOf } from "../../api/facets";
import { phone } from "../../app/viewport";
import { latestOf } from "../../live/estate";
import { facts, nameColumn, offeredBy } from "../../parts/columns/facts";
import { figures } from "../../parts/columns/figures";
import { onRequest, workloadFacts } from "../../parts/columns/workloads";
import { type Column, onlyOnPhone } from "../../parts/table/columns";
import type { View } from "../../parts/table/view";
import { t } from "../../text/en";

const f = figures;
const w = workloadFacts;
const CHOSEN = [
  facts.status,
  ...onRequest(w.vmid, w.runtime),
  facts.platform,
  ...onRequest(facts.address, w.system, w.image, w.namespace, w.context, w.cluster, f.rates, f.io, w.restarts, w.ports, w.update, w.stack, w.owner),
];

export function columnsOf(view: () => View, rows: () => readonly string[]): Column[] {
  const offered = (has: (id: string) => boolean) => offeredBy(rows, has);
  const usual = [
    { ...w.kind, priority: 3 },
    f.cpu,
    f.memory,
    f.amount,
    { ...w.disk, offered: offered((id) => !!latestOf(id)?.disk) },
    f.net,
    { ...w.node, least: 140, grow: 1, unlessBy: "host" },
    { ...w.backup, offered: offered((id) => !!facetsOf(latestOf(id)).proxmox?.lastBackup) },
    { ...f.uptime, metric: false },
    { ...facts.tags, offered: offered((id) => (latestOf(id)?.tags ?? []).length > 0) },
  ];
  const all = [nameColumn(view, t.workloads.head, { least: 210 }), ...usual, ...CHOSEN];
  return phone() ? onlyOnPhone([...all, w.line], []) : all;
}
