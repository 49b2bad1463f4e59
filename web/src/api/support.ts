/** How the server works, and its log. */
import { request } from "./request";

export interface Connection {
  id?: string;
  name?: string;
  host?: string;
  type?: string;
  connected?: boolean;
  state?: string;
  error?: string;
  lastError?: string;
  stateReason?: string;
  troubleshooting?: string;
  details?: { version?: string };
}

export interface AgentsReport {
  agentsTotal?: number;
  agentsOnline?: number;
  agentsStale?: number;
  agentsOffline?: number;
  attention?: { agentId?: string; agent?: string; name?: string; status?: string; issues?: string[] }[];
}

/** Every part may be missing: older and newer servers tell less or more. */
export interface Diagnostics {
  version?: string;
  runtime?: string;
  uptime?: number;
  nodes?: Connection[];
  pbs?: Connection[];
  system?: { os?: string; arch?: string; numCPU?: number; numGoroutine?: number; memoryMB?: number };
  process?: { residentBytes?: number; peakResidentBytes?: number; threads?: number; openFiles?: number; writtenBytes?: number; writtenBytesToday?: number };
  metricsStore?: { enabled?: boolean; status?: string; dbSize?: number; allocatedBytes?: number; files?: { name: string; bytes: number }[]; notes?: string[]; error?: string };
  estate?: { revision?: number; resources?: number; liveSockets?: number };
  agents?: AgentsReport;
  dockerAgents?: AgentsReport;
  apiTokens?: { enabled?: boolean; tokenCount?: number; recommendTokenSetup?: boolean; unusedTokenCount?: number; notes?: string[] };
  log?: { level?: string; linesLost?: number };
  errors?: string[];
}

export function readDiagnostics(): Promise<Diagnostics> {
  return request<Diagnostics>("/api/diagnostics");
}

export const LOG_STREAM = "/api/logs/stream";
export const LOG_DOWNLOAD = "/api/logs/download";
export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export async function readLevel(): Promise<Level> {
  const { level } = await request<{ level: string }>("/api/logs/level");
  return LEVELS.find((known) => known === level.toLowerCase()) ?? "info";
}

export function saveLevel(level: Level): Promise<void> {
  return request("/api/logs/level", { method: "POST", body: { level } });
}

export interface LogLine {
  key: number;
  at?: number;
  level: Level;
  target: string;
  message: string;
  /** Further members, "name=value". */
  rest: string;
}

const WORDS: Record<string, Level> = { trace: "debug", debug: "debug", info: "info", warn: "warn", warning: "warn", error: "error" };
let lastKey = 0;

/** Reads one line of the log, which is JSON; whatever is not stays a message. */
export function parseLine(text: string): LogLine {
  let parsed: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) parsed = value as Record<string, unknown>;
    else parsed = { message: text };
  } catch {
    parsed = { message: text };
  }
  const inner = typeof parsed.fields === "object" && parsed.fields !== null ? (parsed.fields as Record<string, unknown>) : {};
  const { timestamp, time, level, target, message, fields: _, span: __, spans: ___, ...others } = parsed;
  const { message: innerMessage, ...innerOthers } = inner;
  const stamp = Date.parse(String(timestamp ?? time ?? ""));
  const write = ([name, value]: [string, unknown]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`;
  return {
    key: ++lastKey,
    at: Number.isNaN(stamp) ? undefined : stamp,
    level: WORDS[String(level ?? "info").toLowerCase()] ?? "info",
    target: String(target ?? ""),
    message: String(innerMessage ?? message ?? ""),
    rest: Object.entries({ ...innerOthers, ...others }).map(write).join(" "),
  };
}
