/** The server's settings, and sample data. */
import { request } from "./request";

/** Members as the server names them; which there are differs between versions, so none is taken for granted. */
export type SettingValue = string | number | boolean;
export type Settings = Record<string, SettingValue | undefined>;

export interface SystemSettings {
  values: Settings;
  /** Members that whoever started the server has fixed. */
  fixed: ReadonlySet<string>;
}

const isPlain = (value: unknown): value is SettingValue => ["string", "number", "boolean"].includes(typeof value);

export async function readSettings(): Promise<SystemSettings> {
  const { envOverrides, ...members } = await request<Record<string, unknown> & { envOverrides?: Record<string, boolean> }>("/api/system/settings");
  const values: Settings = {};
  for (const [name, value] of Object.entries(members)) if (isPlain(value)) values[name] = value;
  return { values, fixed: new Set(Object.entries(envOverrides ?? {}).flatMap(([name, is]) => (is ? [name] : []))) };
}

/** Sends only what changed. Answers the members that stayed because the environment fixes them. */
export async function saveSettings(change: Settings): Promise<readonly string[]> {
  const answer = await request<{ fixedByEnvironment?: string[] } | undefined>("/api/system/settings/update", { method: "POST", body: change });
  return answer?.fixedByEnvironment ?? [];
}

export interface MockConfig {
  nodeCount: number;
  vmsPerNode: number;
  lxcsPerNode: number;
  dockerHostCount: number;
  dockerContainersPerHost: number;
  genericHostCount: number;
  k8sClusterCount: number;
  k8sNodesPerCluster: number;
  k8sPodsPerCluster: number;
  k8sDeploymentsPerCluster: number;
  randomMetrics: boolean;
  /** 0 to 1. */
  stoppedPercent: number;
}

export interface MockMode {
  enabled: boolean;
  config: Partial<MockConfig>;
}

const MOCK = "/api/system/mock-mode";

export function readMockMode(): Promise<MockMode> {
  return request<MockMode>(MOCK);
}

export function saveMockMode(change: { enabled?: boolean; config?: Partial<MockConfig> }): Promise<MockMode> {
  return request<MockMode>(MOCK, { method: "PUT", body: change });
}
