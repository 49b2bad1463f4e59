/** What people wrote about a resource: its link, tags and notes. Saving sends only what changed. */
import { request } from "./request";

export interface Metadata {
  customUrl: string;
  tags: string[];
  notes: string[];
}

/** Kinds with a route of their own; all others are reached as resources. */
const FAMILIES: Record<string, string> = { agent: "agents", vm: "guests", "system-container": "guests", "app-container": "docker", "docker-host": "docker/runtimes" };

export const metadataAddress = (type: string, id: string) => `/api/${FAMILIES[type] ?? "resources"}/metadata/${encodeURIComponent(id)}`;

/** The record with every member present; an unknown resource has an empty one. */
export function whole(record: Partial<Record<keyof Metadata, unknown>> | undefined): Metadata {
  const words = (value: unknown) => (Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : typeof value === "string" && value ? [value] : []);
  return { customUrl: typeof record?.customUrl === "string" ? record.customUrl : "", tags: words(record?.tags), notes: words(record?.notes) };
}

export async function readMetadata(type: string, id: string): Promise<Metadata> {
  return whole(await request<Partial<Metadata>>(metadataAddress(type, id)));
}

export async function saveMetadata(type: string, id: string, change: Partial<Metadata>): Promise<Metadata> {
  return whole(await request<Partial<Metadata>>(metadataAddress(type, id), { method: "PUT", body: change }));
}
