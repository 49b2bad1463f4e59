/** What travels over the socket. The resources inside are described by the API document, the envelopes here. */
import type { PushResource } from "../api/schema";

export type Resource = PushResource;

export interface ServerStats {
  startTime?: string;
  uptime?: number;
  webSocketClients?: number;
  version?: string;
}

export interface LiveState {
  resources: Resource[];
  stats?: ServerStats;
  /** The server invents what it shows. */
  mockMode?: boolean;
  lastUpdate?: number;
}

/** A merge patch of a resource; `null` takes a member away. */
export type ResourcePatch = { id: string } & Record<string, unknown>;

export interface DeltaFrame {
  lastUpdate?: number;
  mockMode?: boolean;
  resourceDelta?: { upserts?: ResourcePatch[]; removed?: string[] };
}

/** How pages are to look, when somebody changed it. */
export interface SettingsChange {
  theme?: string;
  fullWidthMode?: boolean;
}

export interface LiveFrame {
  type: string;
  epoch?: string;
  seq?: number;
  timestamp?: string;
  data?: unknown;
}
