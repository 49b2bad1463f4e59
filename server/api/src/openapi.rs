//! The API's description, made from the same rows that make the router.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::access::Access;
use crate::error::ErrorBody;
use crate::routes::{Row, all};

/// Returns the OpenAPI 3.1 document of every route.
pub fn document(version: &str) -> Value {
    let rows = all();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    let mut error_schemas = vec![(ErrorBody::name().into_owned(), ErrorBody::schema())];
    ErrorBody::schemas(&mut error_schemas);
    let shapes = rows
        .iter()
        .flat_map(|row| [&row.takes, &row.answers])
        .flatten();
    let of_rows = shapes.flat_map(|shape| shape.schemas.iter().cloned());
    for (name, schema) in of_rows.chain(error_schemas) {
        let schema = serde_json::to_value(schema).expect("schemas are plain values");
        schemas.insert(name, schema);
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
            "content": { "application/json": { "schema": reference(&takes.name) } },
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
    let mut ok = json!({ "description": "Done" });
    if let Some(answers) = &row.answers {
        ok["content"] = json!({ row.media: { "schema": reference(&answers.name) } });
    } else if row.media != "application/json" {
        ok["content"] = json!({ row.media: { "schema": { "type": "string" } } });
    }
    let error = json!({
        "description": "Refused or failed",
        "content": { "application/json": { "schema": reference("ErrorBody") } },
    });
    json!({ "2XX": ok, "4XX": error, "5XX": error })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
