import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const sources = filesBelow("src").filter((name) => /\.(tsx?|css)$/.test(name) && !/\.test\.tsx?$/.test(name));

it("colours are written in the token file only", () => {
  const found = sources
    .filter((name) => !name.endsWith("tokens.css"))
    .filter((name) => /#[0-9a-f]{3,8}\b(?=[;,)\s"'])/i.test(readFileSync(name, "utf8")));
  expect(found).toEqual([]);
});

it("no source file is longer than 400 lines", () => {
  const long = sources.filter((name) => readFileSync(name, "utf8").split("\n").length > 400 && !name.includes("/text/"));
  expect(long).toEqual([]);
});

it("no template carries a static style attribute, which the content security policy refuses", () => {
  expect(sources.filter((name) => /\sstyle=["{]/.test(readFileSync(name, "utf8")))).toEqual([]);
});

it("nothing is fetched from elsewhere", () => {
  expect(sources.filter((name) => /(?:url\(|fetch\(|src=|href=)["']?https?:/.test(readFileSync(name, "utf8")))).toEqual([]);
});
