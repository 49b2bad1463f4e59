/** Which rights a token can have, and the usual bundles. */

export const SCOPES = [
  "monitoring:read",
  "monitoring:write",
  "agent:report",
  "agent:manage",
  "docker:report",
  "docker:manage",
  "kubernetes:report",
  "kubernetes:manage",
  "settings:read",
  "settings:write",
] as const;

export type Purpose = "agent" | "read" | "full" | "own";

/** The scopes of a bundle; full access is one word of its own. */
export const BUNDLES: Record<Exclude<Purpose, "own">, readonly string[]> = {
  // One agent reports its machine, the containers on it, and a cluster where it is asked to.
  agent: ["agent:report", "docker:report", "kubernetes:report"],
  read: ["monitoring:read"],
  full: ["*"],
};

export const TERMS: Record<string, string | undefined> = {
  never: undefined,
  week: "168h",
  quarter: "2160h",
  year: "8760h",
};
