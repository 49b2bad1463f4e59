/** What a container is connected to: ports, networks, mounts, and the labels it carries. */
import { createMemo, Index, type JSX, Show } from "solid-js";
import { facetsOf } from "../../api/facets";
import { resource } from "../../live/estate";
import { DASH } from "../../text/format";
import { t } from "../../text/en";

const w = t.docker.tables;

interface TableProps<T> {
  title: string;
  heads: readonly string[];
  rows: readonly T[];
  cells: (row: T) => readonly JSX.Element[];
}

function Table<T>(props: TableProps<T>) {
  return (
    <Show when={props.rows.length > 0}>
      <section class="drawer-section">
        <h3>
          {props.title} <span class="dim">{props.rows.length}</span>
        </h3>
        <table class="plain">
          <thead>
            <tr>
              <Index each={props.heads}>{(head) => <th scope="col">{head()}</th>}</Index>
            </tr>
          </thead>
          <tbody>
            <Index each={props.rows}>
              {(row) => (
                <tr>
                  <Index each={props.cells(row())}>{(cell) => <td class="break">{cell()}</td>}</Index>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </Show>
  );
}

export function Attachments(props: { id: string }) {
  const docker = () => facetsOf(resource(props.id)).docker;
  const labels = createMemo(() => Object.entries(docker()?.labels ?? {}).map(([name, value]) => [name, String(value)] as const));
  const published = (port: { publicPort?: number; ip?: string }) => (port.publicPort === undefined ? w.notPublished : [port.ip, port.publicPort].filter(Boolean).join(":"));
  return (
    <>
      <Table title={w.ports} heads={[w.outside, w.inside, w.protocol]} rows={docker()?.ports ?? []} cells={(port) => [published(port), port.privatePort ?? DASH, port.protocol ?? "tcp"]} />
      <Table title={w.networks} heads={[w.network, w.address]} rows={docker()?.networks ?? []} cells={(network) => [network.name ?? DASH, [network.ipv4, network.ipv6].filter(Boolean).join(" ") || DASH]} />
      <Table title={w.mounts} heads={[w.source, w.destination, w.access]} rows={docker()?.mounts ?? []} cells={(mount) => [mount.name ?? mount.source ?? mount.type ?? DASH, mount.destination ?? DASH, mount.rw === undefined ? DASH : mount.rw ? w.readWrite : w.readOnly]} />
      <Show when={labels().length > 0}>
        <section class="drawer-section">
          <details>
            <summary>
              {w.labels} <span class="dim">{labels().length}</span>
            </summary>
            <dl class="facts">
              <Index each={labels()}>
                {(label) => (
                  <>
                    <dt class="break">{label()[0]}</dt>
                    <dd>{label()[1]}</dd>
                  </>
                )}
              </Index>
            </dl>
          </details>
        </section>
      </Show>
    </>
  );
}
