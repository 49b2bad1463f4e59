/**
 * What this browser prefers. Stays in this browser; nothing of it is a secret.
 */
import { createEffect } from "solid-js";
import { createStore, unwrap } from "solid-js/store";
import { serverTheme } from "./serverTheme";
import type { Choice } from "../parts/table/columns";

export type Theme = "system" | "dark" | "light";
export type Density = "compact" | "comfortable";

export interface Preferences {
  theme: Theme;
  density: Density;
  /** Single-letter keys; off for people who dictate (WCAG 2.1.4). */
  letterKeys: boolean;
  /** Order and visibility of columns per view. */
  columns: Record<string, Choice>;
  /** Bars or lines per view. */
  figures: Record<string, "bars" | "lines">;
  /** How rows are grouped, per view. */
  grouping: Record<string, string>;
  /** Folded groups per view. */
  folded: Record<string, string[]>;
}

const KEY = "pulse.preferences";
const DEFAULTS: Preferences = { theme: "system", density: "compact", letterKeys: true, columns: {}, figures: {}, grouping: {}, folded: {} };

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
    const theme = preferences.theme === "system" ? serverTheme() : preferences.theme;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
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
