/** What a container is connected to: ports, networks, mounts, and the labels it carries. */
import { facetsOf } from "../../api/facets";
import { resource } from "../../live/estate";
import { DASH } from "../../text/format";
import { t } from "../../text/en";
import { Labels, PlainTable } from "./PlainTable";

const w = t.docker.tables;

export function Attachments(props: { id: string }) {
  const docker = () => facetsOf(resource(props.id)).docker;
  const published = (port: { publicPort?: number; ip?: string }) => (port.publicPort === undefined ? w.notPublished : [port.ip, port.publicPort].filter(Boolean).join(":"));
  return (
    <>
      <PlainTable title={w.ports} heads={[w.outside, w.inside, w.protocol]} rows={docker()?.ports ?? []} cells={(port) => [published(port), port.privatePort ?? DASH, port.protocol ?? "tcp"]} />
      <PlainTable title={w.networks} heads={[w.network, w.address]} rows={docker()?.networks ?? []} cells={(network) => [network.name ?? DASH, [network.ipv4, network.ipv6].filter(Boolean).join(" ") || DASH]} />
      <PlainTable title={w.mounts} heads={[w.source, w.destination, w.access]} rows={docker()?.mounts ?? []} cells={(mount) => [mount.name ?? mount.source ?? mount.type ?? DASH, mount.destination ?? DASH, mount.rw === undefined ? DASH : mount.rw ? w.readWrite : w.readOnly]} />
      <Labels title={w.labels} labels={docker()?.labels} />
    </>
  );
}
