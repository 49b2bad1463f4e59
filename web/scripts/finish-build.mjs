// After the build: proves that the content security policy will hold, and stores every file compressed.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url).pathname;
const FIRST_PAINT_BUDGET = 150 * 1024;
const COMPRESSED = /\.(js|css|svg|html|json|txt)$/;

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));
  return (await Promise.all(nested)).flat();
}

/** Templates with a static style attribute would be refused by the browser. */
function findInlineStyle(text) {
  return text.match(/<[a-z][^>`]{0,200} style=/);
}

const files = (await filesBelow(DIST)).filter((name) => !/\.(br|gz)$/.test(name));
const gzipSizes = new Map();
for (const name of files) {
  const content = await readFile(name);
  const text = content.toString("utf8");
  if (/\.(js|html)$/.test(name) && findInlineStyle(text)) throw new Error(`${name} holds an inline style attribute`);
  if (!COMPRESSED.test(name)) continue;
  const zipped = gzipSync(content, { level: 9 });
  gzipSizes.set(name.slice(DIST.length), zipped.length);
  // The server writes a nonce into the page, so only whole files that never change are stored compressed.
  if (name.endsWith("index.html")) continue;
  await writeFile(`${name}.gz`, zipped);
  await writeFile(`${name}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

const page = await readFile(join(DIST, "index.html"), "utf8");
if (!page.includes("__CSP_NONCE__")) throw new Error("index.html lost its nonce placeholder");
const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const sum = (kind) => first.filter((name) => name.endsWith(kind)).reduce((total, name) => total + (gzipSizes.get(name) ?? 0), 0);
console.log("gzip, first paint:", `${(sum(".js") / 1024).toFixed(1)} KiB JS,`, `${(sum(".css") / 1024).toFixed(1)} KiB CSS`);
for (const [name, size] of [...gzipSizes].sort((a, b) => b[1] - a[1])) console.log(`  ${(size / 1024).toFixed(1).padStart(6)} KiB  ${name}`);
if (sum(".js") > FIRST_PAINT_BUDGET) throw new Error("The first paint needs more JavaScript than its budget");
