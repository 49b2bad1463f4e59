/** Which settings are offered, in what groups, and what each takes. */
import type { Settings, SettingValue } from "../../api/settings";
import { LEVELS } from "../../api/support";
import { t } from "../../text/en";

export type FieldKind = { kind: "switch" } | { kind: "number"; least: number; most: number; unit: string; zero?: boolean } | { kind: "text"; check?: (text: string) => boolean; wide?: boolean } | { kind: "choice"; options: readonly (readonly [string, string])[] };

export type SystemField = FieldKind & { name: string };
export interface FieldGroup {
  id: keyof typeof t.system.groups;
  fields: readonly SystemField[];
}

const seconds = (name: string, least: number, most: number, zero = false): SystemField => ({ name, kind: "number", least, most, unit: t.system.units.seconds, zero });
const hours = (name: string, most: number): SystemField => ({ name, kind: "number", least: 1, most, unit: t.system.units.hours });
const days = (name: string): SystemField => ({ name, kind: "number", least: 1, most: 3650, unit: t.system.units.days });
const flag = (name: string): SystemField => ({ name, kind: "switch" });
const text = (name: string, check?: (value: string) => boolean): SystemField => ({ name, kind: "text", check, wide: true });

function isAddress(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** Origins as browsers write them, commas between. */
export function areOrigins(value: string): boolean {
  const origins = value.split(",").map((part) => part.trim()).filter(Boolean);
  return origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin && /^https?:/.test(origin));
}

export const GENERAL: readonly FieldGroup[] = [
  { id: "reach", fields: [text("publicURL", isAddress), flag("hideLocalLogin"), flag("allowEmbedding"), text("allowedEmbedOrigins", areOrigins)] },
  { id: "look", fields: [{ name: "theme", kind: "choice", options: t.system.themes }] },
  { id: "polling", fields: [seconds("pvePollingInterval", 10, 3600), seconds("pbsPollingInterval", 10, 3600), seconds("pmgPollingInterval", 10, 3600), flag("backupPollingEnabled"), seconds("backupPollingInterval", 10, 604_800, true), flag("adaptivePollingEnabled"), seconds("connectionTimeout", 1, 3600), flag("temperatureMonitoringEnabled"), flag("enableProxmoxGuestDockerInventory")] },
  { id: "history", fields: [hours("metricsRetentionRawHours", 720), hours("metricsRetentionMinuteHours", 8760), days("metricsRetentionHourlyDays"), days("metricsRetentionDailyDays")] },
  { id: "log", fields: [{ name: "logLevel", kind: "choice", options: LEVELS.map((level) => [level, t.system.levels[level]] as const) }] },
  { id: "actions", fields: [flag("disableDockerUpdateActions")] },
];

export const NETWORK: readonly FieldGroup[] = [
  { id: "discovery", fields: [flag("discoveryEnabled"), text("discoverySubnet")] },
  { id: "browsers", fields: [text("allowedOrigins", (value) => value === "*" || areOrigins(value))] },
  { id: "outgoing", fields: [text("webhookAllowedPrivateCIDRs"), seconds("dnsCacheTimeout", 0, 86_400)] },
];

/** What is wrong with a value, in words; undefined when nothing is. */
export function complaintAbout(field: SystemField, value: SettingValue | undefined): string | undefined {
  if (field.kind === "number") {
    if (typeof value !== "number" || !Number.isInteger(value)) return t.system.wholeNumber;
    if (field.zero && value === 0) return undefined;
    return value < field.least || value > field.most ? t.system.between(field.least, field.most, !!field.zero) : undefined;
  }
  if (field.kind === "text" && field.check && value && !field.check(String(value))) return t.system.complaints[field.name] ?? t.system.notThat;
  return undefined;
}

/** Members that differ from what is stored. */
export function changedMembers(stored: Settings, draft: Settings): Settings {
  return Object.fromEntries(Object.entries(draft).filter(([name, value]) => value !== undefined && value !== (stored[name] ?? (value === "" ? "" : undefined))));
}
