/**
 * What this browser prefers. Stays in this browser; nothing of it is a secret.
 */
import { createEffect } from "solid-js";
import { createStore, unwrap } from "solid-js/store";

export type Theme = "system" | "dark" | "light";
export type Density = "compact" | "comfortable";

export interface Preferences {
  theme: Theme;
  density: Density;
  /** Single-letter keys; off for people who dictate (WCAG 2.1.4). */
  letterKeys: boolean;
  /** Hidden columns per view. */
  hiddenColumns: Record<string, string[]>;
  /** Folded groups per view. */
  folded: Record<string, string[]>;
}

const KEY = "pulse.preferences";
const DEFAULTS: Preferences = { theme: "system", density: "compact", letterKeys: true, hiddenColumns: {}, folded: {} };

function stored(): Partial<Preferences> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Partial<Preferences>) : {};
  } catch {
    return {};
  }
}

const [preferences, setPreferences] = createStore<Preferences>({ ...DEFAULTS, ...stored() });
export { preferences, setPreferences };

/** Keeps the page and the browser's storage in step with the preferences. */
export function applyPreferences(): void {
  createEffect(() => {
    const root = document.documentElement;
    if (preferences.theme === "system") delete root.dataset.theme;
    else root.dataset.theme = preferences.theme;
    root.dataset.density = preferences.density;
  });
  createEffect(() => {
    const text = JSON.stringify(preferences);
    try {
      localStorage.setItem(KEY, text);
    } catch {
      // Private windows may refuse storage; the choice then lasts for this visit.
    }
  });
}

/** System, dark, light, and round again. */
export function nextTheme(): Theme {
  const order: Theme[] = ["system", "dark", "light"];
  return order[(order.indexOf(unwrap(preferences).theme) + 1) % order.length] ?? "system";
}
