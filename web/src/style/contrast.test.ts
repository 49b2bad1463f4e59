import { describe, expect, it } from "vitest";
import sheet from "./tokens.css?raw";

type Theme = "light" | "dark";

function token(name: string, theme: Theme): string {
  const both = new RegExp(`--${name}:\\s*light-dark\\((#[0-9a-f]+),\\s*(#[0-9a-f]+)\\)`).exec(sheet);
  if (!both) throw new Error(`no colour token --${name}`);
  return (theme === "light" ? both[1] : both[2]) ?? "";
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string): number {
  const [high = 0, low = 0] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["canvas", "surface", "raised", "sunken", "hover"];
const TEXT: [string, string][] = [
  ...["ink", "ink-2", "ink-3"].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ...["warn-ink", "crit-ink", "accent-ink", "ok-ink"].flatMap((ink) => ["canvas", "surface", "raised"].map((ground): [string, string] => [ink, ground])),
  ["warn-ink", "warn-soft"],
  ["crit-ink", "crit-soft"],
  ["accent-ink", "accent-soft"],
  ["ink", "accent-soft"],
  ["ink-2", "accent-soft"],
  ["warn-on", "warn"],
  ["crit-on", "crit"],
  ["accent-on", "accent"],
];
const MARKS: [string, string][] = [
  ...["ok", "warn", "crit", "accent", "fill"].flatMap((mark) => ["surface", "canvas", "raised"].map((ground): [string, string] => [mark, ground])),
  ["fill", "track"],
  ["warn", "track"],
  ["crit", "track"],
  ...["s1", "s2", "s3", "s4", "s5"].flatMap((series) => ["surface", "raised"].map((ground): [string, string] => [series, ground])),
];

for (const theme of ["light", "dark"] as const) {
  describe(`colours of the ${theme} theme`, () => {
    it.each(TEXT)("text %s on %s can be read", (ink, ground) => {
      expect(contrast(token(ink, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5);
    });
    it.each(MARKS)("mark %s on %s can be seen", (mark, ground) => {
      expect(contrast(token(mark, theme), token(ground, theme))).toBeGreaterThanOrEqual(3);
    });
  });
}
