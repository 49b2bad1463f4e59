/** Which columns each platform shows, in the usual order. */
import type { AreaId } from "../../app/areas";
import { phone } from "../../app/viewport";
import { facts, nameColumn } from "../../parts/columns/facts";
import { figures } from "../../parts/columns/figures";
import { onRequest, workloadFacts } from "../../parts/columns/workloads";
import type { Column } from "../../parts/table/columns";
import type { View } from "../../parts/table/view";
import { t } from "../../text/en";

const f = figures;
const w = workloadFacts;
/** What lives on a host runs for as long as it does: the host's row says it too. */
const uptime: Column = { ...f.uptime, metric: false };

const COLUMNS: Record<AreaId, readonly Column[]> = {
  proxmox: [w.vmid, { ...w.kind, least: 48 }, f.cpu, f.memory, f.amount, f.disk, f.net, f.io, w.backup, uptime, facts.tags, facts.status],
  docker: [w.image, w.state, f.cpu, f.memory, f.amount, f.net, w.restarts, w.ports, w.update, ...onRequest(w.stack, w.pod, w.health, w.networks, w.mounts, w.runtime, f.io)],
  kubernetes: [],
  truenas: [f.cpu, f.memory, f.amount, f.disk, f.net, w.update, uptime],
  machines: [f.cpu, f.memory, f.disk, f.net, uptime],
};

export function columnsOf(area: AreaId, view: () => View): Column[] {
  return [nameColumn(view, t.platform.headName[area], { least: 210 }), ...COLUMNS[area], ...(phone() ? [w.line] : [])];
}
