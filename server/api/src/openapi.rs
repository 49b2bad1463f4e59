//! The API's description, made from the same rows that make the router.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::access::Access;
use crate::error::ErrorBody;
use crate::routes::row::Shape;
use crate::routes::{Row, all};

const SCHEMAS: &str = "#/components/schemas/";

/// Returns the OpenAPI 3.1 document of every route.
pub fn document(version: &str) -> Value {
    let rows = all();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    for shape in rows
        .iter()
        .flat_map(shapes)
        .chain([Shape::of::<ErrorBody>()])
    {
        collect(&shape, &mut schemas);
    }
    for row in &rows {
        let method = row.method.as_str().to_ascii_lowercase();
        paths
            .entry(row.path)
            .or_default()
            .insert(method, operation(row));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Pulse",
            "version": version,
            "description": "Monitoring for everything you run. Errors have one shape, `ErrorBody`; every answer carries `X-Request-ID`.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "apiToken": { "type": "apiKey", "in": "header", "name": "X-API-Token" },
                "bearer": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": "pulse_session" },
            },
        },
    })
}

fn shapes(row: &Row) -> impl Iterator<Item = Shape> {
    let also = row.also.iter().filter_map(|also| also.shape);
    row.takes.into_iter().chain(row.answers).chain(also)
}

/// Adds what `shape` names and refers to.
fn collect(shape: &Shape, schemas: &mut BTreeMap<String, Value>) {
    for (name, schema) in shape.schemas() {
        let name = format!("{}{name}", shape.prefix);
        let mut schema = serde_json::to_value(schema).expect("schemas are plain values");
        tidy(&mut schema, shape.prefix);
        let earlier = schemas.insert(name.clone(), schema);
        let is_same = earlier.is_none_or(|earlier| schemas.get(&name) == Some(&earlier));
        assert!(is_same, "two different schemas are called {name}");
    }
}

/// Gives references their prefix, and takes `null` from members that may be left out: this server
/// leaves out what it does not know.
fn tidy(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Array(parts) => parts.iter_mut().for_each(|part| tidy(part, prefix)),
        Value::Object(parts) => {
            if let Some(Value::String(reference)) = parts.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(SCHEMAS)
            {
                *reference = format!("{SCHEMAS}{prefix}{name}");
            }
            parts.values_mut().for_each(|part| tidy(part, prefix));
            let required = parts.get("required").cloned().unwrap_or_default();
            let is_required = |name: &str| {
                let mut names = required.as_array().into_iter().flatten();
                names.any(|required| required == name)
            };
            if let Some(Value::Object(members)) = parts.get_mut("properties") {
                let optional = members.iter_mut().filter(|(name, _)| !is_required(name));
                optional.for_each(|(_, member)| never_null(member));
            }
        }
        _ => {}
    }
}

fn never_null(member: &mut Value) {
    let Value::Object(parts) = member else { return };
    parts.retain(|name, value| name != "default" || !value.is_null());
    if let Some(Value::Array(types)) = parts.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            parts.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = parts.get_mut("oneOf") {
        choices.retain(|choice| *choice != json!({ "type": "null" }));
        if let [only] = choices.as_slice() {
            *member = only.clone();
        }
    }
}

fn operation(row: &Row) -> Value {
    let mut operation = json!({
        "tags": [row.area],
        "operationId": operation_id(row),
        "summary": row.summary,
        "x-access": row.access.words(),
        "responses": responses(row),
    });
    let parameters: Vec<Value> = path_parameters(row).chain(query_parameters(row)).collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(takes) = &row.takes {
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": reference(&takes.name()) } },
        });
    }
    if row.is_legacy {
        operation["deprecated"] = true.into();
    }
    operation["security"] = match row.access {
        Access::Public => json!([]),
        Access::Enrolment => json!([{ "apiToken": [] }, { "bearer": [] }]),
        _ => json!([{ "session": [] }, { "apiToken": [] }, { "bearer": [] }]),
    };
    operation
}

fn operation_id(row: &Row) -> String {
    let words = row
        .path
        .split(['/', '{', '}', '-', '.', '_'])
        .filter(|word| !word.is_empty() && *word != "api");
    let mut id = row.method.as_str().to_ascii_lowercase();
    for word in words {
        let (first, rest) = word.split_at(1);
        id.push_str(&first.to_ascii_uppercase());
        id.push_str(rest);
    }
    id
}

fn path_parameters(row: &Row) -> impl Iterator<Item = Value> {
    let names = row
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
}

fn query_parameters(row: &Row) -> impl Iterator<Item = Value> {
    row.query.iter().map(|param| {
        json!({ "name": param.name, "in": "query", "description": param.about, "schema": { "type": "string" } })
    })
}

fn responses(row: &Row) -> Value {
    let mut usual = json!({ "description": "Done" });
    match row.answers {
        Some(shape) => usual["content"] = json!({ row.media: { "schema": of_shape(&shape) } }),
        None if row.media != "application/json" => {
            let types = [Some(row.media), row.other_media].into_iter().flatten();
            let text = json!({ "schema": { "type": "string" } });
            usual["content"] = types
                .map(|media| (media.to_owned(), text.clone()))
                .collect();
        }
        None => {}
    }
    let error = json!({
        "description": "Refused or failed",
        "content": { "application/json": { "schema": reference("ErrorBody") } },
    });
    let mut responses = json!({ row.status.to_string(): usual, "4XX": error, "5XX": error });
    for also in &row.also {
        let mut answer = json!({ "description": also.about });
        if let Some(shape) = also.shape {
            answer["content"] = json!({ "application/json": { "schema": of_shape(&shape) } });
        }
        responses[also.status.to_string()] = answer;
    }
    responses
}

fn of_shape(shape: &Shape) -> Value {
    let reference = reference(&shape.name());
    if shape.or_null {
        json!({ "oneOf": [reference, { "type": "null" }] })
    } else {
        reference
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}
