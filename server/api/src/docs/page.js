"use strict";
// Lists every route of this server from its own description. Works without any other host.
const make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
};

// Follows references once, so that a shape shows its members and names what lies deeper.
const shape = (schemas, schema, depth) => {
  if (!schema) return undefined;
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return depth > 2 ? `<${name}>` : shape(schemas, schemas[name], depth + 1) ?? `<${name}>`;
  }
  const parts = schema.allOf ?? schema.oneOf ?? schema.anyOf;
  if (parts) {
    const known = parts.filter((part) => part.type !== "null").map((part) => shape(schemas, part, depth));
    return known.every((part) => part && typeof part === "object" && !Array.isArray(part))
      ? Object.assign({}, ...known) : known[0];
  }
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => {
      const optional = (schema.required ?? []).includes(name) ? "" : "?";
      return [name + optional, shape(schemas, part, depth + 1)];
    }));
  }
  if (schema.items) return [shape(schemas, schema.items, depth + 1)];
  return [].concat(schema.type ?? "any").filter((type) => type !== "null").join(" | ");
};

const example = (title, schemas, schema) => {
  const part = document.createDocumentFragment();
  part.append(make("p", title, "about"), make("pre", JSON.stringify(shape(schemas, schema, 0), null, 2)));
  return part;
};

const tryIt = (path, operation) => {
  const form = make("form");
  const inputs = (operation.parameters ?? []).map((parameter) => {
    const label = make("label", parameter.name);
    const input = make("input");
    input.name = parameter.name;
    input.required = parameter.in === "path";
    input.title = parameter.description ?? "";
    label.append(input);
    form.append(label);
    return { parameter, input };
  });
  const send = make("button", "Send with my session");
  const output = make("pre");
  output.hidden = true;
  form.append(send, output);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let target = path;
    const query = new URLSearchParams();
    for (const { parameter, input } of inputs) {
      if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.set(parameter.name, input.value);
    }
    output.hidden = false;
    output.textContent = "…";
    try {
      const answer = await fetch(target + (query.size ? `?${query}` : ""));
      const text = await answer.text();
      let body = text;
      try { body = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
      output.textContent = `${answer.status}\n${body.slice(0, 100000)}`;
    } catch (error) {
      output.textContent = String(error);
    }
  });
  return form;
};

const card = (schemas, path, method, operation) => {
  const details = make("details");
  const summary = make("summary");
  summary.append(make("span", method.toUpperCase(), "method"), make("code", path),
    make("span", operation.summary, "about"), make("span", operation["x-access"], "who"));
  details.append(summary);
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    const inside = make("div", undefined, "inside");
    for (const parameter of operation.parameters ?? []) {
      inside.append(make("p", `${parameter.in} ${parameter.name}: ${parameter.description ?? "required"}`));
    }
    const takes = operation.requestBody?.content?.["application/json"]?.schema;
    if (takes) inside.append(example("Takes", schemas, takes));
    for (const [media, content] of Object.entries(Object.entries(operation.responses).find(([status]) => status.startsWith("2"))?.[1].content ?? {})) {
      inside.append(example(`Answers ${media}`, schemas, content.schema));
    }
    if (method === "get") inside.append(tryIt(path, operation));
    details.append(inside);
  });
  details.dataset.words = `${method} ${path} ${operation.summary} ${operation.tags}`.toLowerCase();
  return details;
};

const show = (description) => {
  const schemas = description.components.schemas;
  const areas = new Map();
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const area = operation.tags[0];
      if (!areas.has(area)) areas.set(area, []);
      areas.get(area).push(card(schemas, path, method, operation));
    }
  }
  const main = document.getElementById("routes");
  for (const [area, cards] of areas) {
    const section = make("section");
    section.append(make("h2", area), ...cards);
    main.append(section);
  }
  const find = document.getElementById("find");
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const section of main.children) {
      let some = false;
      for (const entry of section.querySelectorAll("details")) {
        entry.hidden = !words.every((word) => entry.dataset.words.includes(word));
        if (!entry.hidden) { some = true; shown += 1; }
      }
      section.hidden = !some;
    }
    document.getElementById("count").textContent = `${shown} routes`;
  };
  find.addEventListener("input", filter);
  filter();
};

fetch("/api/openapi.json").then((answer) => answer.json()).then(show).catch((error) => {
  document.getElementById("routes").append(make("p", `The description could not be read: ${error}`));
});
