// Writes src/api/schema.ts from the OpenAPI document: one TypeScript type per schema, and the paths with
// their methods; with --check it only compares. Small on purpose: the document is our own, so only what it uses is
// understood.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const SOURCE = new URL("../../docs/openapi.json", import.meta.url);
const TARGET = new URL("../src/api/schema.ts", import.meta.url);

const isName = (key) => /^[A-Za-z_$][\w$]*$/.test(key);
const property = (key) => (isName(key) ? key : JSON.stringify(key));
const typeName = (name) => name.replace(/[^A-Za-z0-9_]/g, "_");

function union(parts) {
  return [...new Set(parts)].join(" | ") || "never";
}

function comment(text, indent) {
  if (!text) return "";
  return `${indent}/** ${text.replaceAll("*/", "* /").replace(/\s+/g, " ").trim()} */\n`;
}

/** A member that may be left out is left out when there is no value: the server never sends `null` for it. */
function withoutNull(schema) {
  const isNull = (part) => part.type === "null";
  if (Array.isArray(schema.type)) return { ...schema, type: schema.type.filter((kind) => kind !== "null") };
  const parts = schema.oneOf ?? schema.anyOf;
  return parts?.some(isNull) ? { ...schema, oneOf: parts.filter((part) => !isNull(part)), anyOf: undefined } : schema;
}

/** What a member says of itself; a reference that may be null says it one level deeper. */
function describe(schema) {
  return schema.description ?? (schema.oneOf ?? schema.anyOf)?.find((part) => part.$ref && part.description)?.description;
}

function member(key, schema, isRequired, indent) {
  const type = typeOf(isRequired ? schema : withoutNull(schema), indent);
  return `${comment(describe(schema), indent)}${indent}${property(key)}${isRequired ? "" : "?"}: ${type};\n`;
}

function objectType(schema, indent) {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).map(([key, value]) => member(key, value, required.has(key), inner));
  const extra = schema.additionalProperties;
  if (members.length === 0) return extra === false ? "Record<string, never>" : `Record<string, ${extra && extra !== true ? typeOf(extra, indent) : "unknown"}>`;
  if (extra) members.push(`${inner}[key: string]: unknown;\n`);
  return `{\n${members.join("")}${indent}}`;
}

function plainType(kind, schema, indent) {
  if (kind === "string") return "string";
  if (kind === "number" || kind === "integer") return "number";
  if (kind === "boolean" || kind === "null") return kind;
  if (kind === "array") {
    if (schema.prefixItems) return `[${schema.prefixItems.map((item) => typeOf(item, indent)).join(", ")}]`;
    const item = typeOf(schema.items ?? {}, indent);
    return /[|&]/.test(item) && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
  }
  return objectType(schema, indent);
}

function typeOf(schema, indent = "") {
  if (schema === true || schema === undefined) return "unknown";
  if (schema.$ref) return typeName(schema.$ref.split("/").pop());
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.oneOf || schema.anyOf) return union((schema.oneOf ?? schema.anyOf).map((part) => typeOf(part, indent)));
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, indent)).join(" & ");
  if (Array.isArray(schema.type)) return union(schema.type.map((kind) => plainType(kind, schema, indent)));
  if (schema.type) return plainType(schema.type, schema, indent);
  return schema.properties ? objectType(schema, indent) : "unknown";
}

function bodyType(content) {
  const schema = content?.["application/json"]?.schema;
  return schema ? typeOf(schema, "    ") : undefined;
}

function operationType(operation) {
  const members = [];
  const request = bodyType(operation.requestBody?.content);
  if (request) members.push(`    request: ${request};\n`);
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith("2"));
  members.push(`    response: ${union(answers.map(([, answer]) => bodyType(answer.content) ?? "void")) || "void"};\n`);
  return `{\n${members.join("")}  }`;
}

function generate(document) {
  const parts = ["// Written by `npm run types` from docs/openapi.json. Change the routes, not this file.\n"];
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    parts.push(`${comment(schema.description, "")}export type ${typeName(name)} = ${typeOf(schema)};\n`);
  }
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ["get", "post", "put", "patch", "delete"].includes(method))
      .map(([method, operation]) => `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: ${operationType(operation)};\n`),
  );
  parts.push(`/** Every operation: what it takes and what it answers. */\nexport interface Operations {\n${operations.join("")}}\n`);
  return parts.join("\n");
}

const wanted = generate(JSON.parse(readFileSync(SOURCE, "utf8")));
if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, wanted);
} else if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== wanted) {
  console.error("src/api/schema.ts is not what docs/openapi.json says: run `npm run types`");
  process.exit(1);
}
