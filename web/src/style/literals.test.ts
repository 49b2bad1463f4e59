import { expect, it } from "vitest";

const everything = import.meta.glob<string>(["../**/*.ts", "../**/*.tsx", "../**/*.css"], { query: "?raw", import: "default", eager: true });
const sources = Object.entries(everything).filter(([name]) => !/\.test\.tsx?$/.test(name));
const namesWhere = (bad: (text: string, name: string) => boolean) => sources.filter(([name, text]) => bad(text, name)).map(([name]) => name);

it("all sources are looked at", () => {
  expect(sources.length).toBeGreaterThan(60);
});

it("colours are written in the token file only", () => {
  expect(namesWhere((text, name) => !name.endsWith("tokens.css") && /#[0-9a-f]{3,8}\b(?=[;,)\s"'])/i.test(text))).toEqual([]);
});

it("no source file is longer than 400 lines", () => {
  expect(namesWhere((text, name) => text.split("\n").length > 400 && !/\/text\/|\/schema\.ts$/.test(name))).toEqual([]);
});

it("no template carries a static style attribute, which the content security policy refuses", () => {
  expect(namesWhere((text) => /\sstyle=["{]/.test(text))).toEqual([]);
});

it("nothing is fetched from elsewhere", () => {
  expect(namesWhere((text) => /(?:url\(|fetch\(|src=|href=)["']?https?:/.test(text))).toEqual([]);
});
