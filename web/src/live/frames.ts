/** What travels over the socket. The resources inside are described by the API document, the envelopes here. */
import type { PushResource } from "../api/schema";

/** The document spells kinds as the server's code does; on the wire they are lower case with hyphens. */
export type Resource = Omit<PushResource, "type"> & { type: string };

export interface ServerStats {
  startTime?: string;
  uptime?: number;
  webSocketClients?: number;
  version?: string;
}

export interface LiveState {
  resources: Resource[];
  stats?: ServerStats;
  lastUpdate?: number;
}

/** A merge patch of a resource; `null` takes a member away. */
export type ResourcePatch = { id: string } & Record<string, unknown>;

export interface DeltaFrame {
  lastUpdate?: number;
  resourceDelta?: { upserts?: ResourcePatch[]; removed?: string[] };
}

export interface LiveFrame {
  type: string;
  epoch?: string;
  seq?: number;
  timestamp?: string;
  data?: unknown;
}
