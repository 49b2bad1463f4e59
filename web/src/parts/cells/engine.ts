/** Words for what container engines keep. */
import type { Docker } from "../../api/schema";
import { t } from "../../text/en";

const join = (words: readonly (string | undefined | false)[]) => words.filter(Boolean).join(", ") || undefined;

/** Engines write -1 where they did not count. */
export const counted = (value: number | undefined) => (value === undefined || value < 0 ? undefined : value);

/** How far a network reaches. */
export function reachOf(d: Docker): string | undefined {
  const words = t.docker;
  return join([d.internal && words.internal, d.attachable && words.attachable, d.ingress && words.ingress, d.configOnly && words.configOnly, d.enableIpv6 && words.ipv6]);
}

export const subnetsOf = (d: Docker) => join((d.subnets ?? []).map((entry) => entry.subnet));
export const gatewaysOf = (d: Docker) => join((d.subnets ?? []).map((entry) => entry.gateway));
export const roleOf = (d: Docker) => join([d.nodeRole, d.leader && t.docker.leader]);

/** "8080→80" of a service. */
export const servicePorts = (d: Docker) => join((d.endpointPorts ?? []).map((port) => `${port.publishedPort ?? "?"}→${port.targetPort ?? "?"}${port.protocol && port.protocol !== "tcp" ? `/${port.protocol}` : ""}`));
