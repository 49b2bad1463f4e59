/** Where nobody lives on a host: what it does instead, in a few words. */
import { Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { resource } from "../../live/estate";
import { gpusOf, realFileSystems } from "./machine";
import { DASH, memory, percent } from "../../text/format";
import { t } from "../../text/en";
import { LineAge } from "./rows";

function words(id: string): string {
  const entry = resource(id);
  const { pbs, pmg } = facetsOf(entry);
  if (pbs?.datastoreCount) return t.board.datastores(pbs.datastoreCount);
  if (pmg?.queueTotal !== undefined) return t.board.queued(pmg.queueTotal);
  const gpu = gpusOf(entry)[0];
  if (gpu?.name) return [gpu.name, gpu.utilizationPercent === undefined ? "" : `${percent(gpu.utilizationPercent)} %`, gpu.memoryUsedBytes ? `${memory(gpu.memoryUsedBytes)} ${t.summary.of(memory(gpu.memoryTotalBytes))}` : ""].filter(Boolean).join(" · ");
  return entry?.agent?.disks ? t.board.fileSystems(realFileSystems(entry).length) : DASH;
}

export function Instead(props: { id: string }) {
  return (
    <span class="cells-words">
      {words(props.id)}
      <Show when={resource(props.id)}>
        {" "}
        <LineAge id={props.id} />
      </Show>
    </span>
  );
}
