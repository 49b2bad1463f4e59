//! Every answer a test sees, held against the document that is checked in.
//!
//! The document lists every status a route answers with, and for each its members: which are always
//! there, of what type, which words, and no other. Whoever adds a member, or sends `null` where the
//! document knows none, fails here.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::site::Answer;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let text = std::fs::read_to_string(path).expect("docs/openapi.json");
    serde_json::from_str(&text).expect("docs/openapi.json is JSON")
});

/// Panics when `answer` is not what the document says of that route.
pub fn check(method: &str, path: &str, answer: &Answer) {
    let Some((template, operation)) = operation(method, path) else {
        // Files and pages of the dashboard, and paths nobody serves.
        return;
    };
    let place = format!("{method} {template} -> {}", answer.status);
    let listed = &operation["responses"];
    let described = [
        answer.status.to_string(),
        format!("{}XX", answer.status / 100),
    ];
    let Some(described) = described.iter().find_map(|status| listed.get(status)) else {
        panic!("{place}: the document does not list this status");
    };
    let body = unpacked(answer);
    let Some(content) = described["content"].as_object() else {
        assert!(body.is_empty(), "{place}: the document lists no body");
        return;
    };
    let media = answer.headers.get("content-type").map(|media| {
        let media = media.to_str().expect("text");
        media.split(';').next().unwrap_or_default().to_owned()
    });
    let media = media.unwrap_or_else(|| panic!("{place}: no content type"));
    let Some(content) = content.get(&media) else {
        panic!("{place}: the document does not list {media}");
    };
    if media == "application/json" {
        let value: Value = serde_json::from_slice(&body).expect("JSON");
        let wrong = validate(&content["schema"], &value, "$");
        assert!(wrong.is_empty(), "{place}:\n  {}", wrong.join("\n  "));
    }
}

/// Returns the body without its coding.
pub fn unpacked(answer: &Answer) -> Vec<u8> {
    let coding = answer.headers.get("content-encoding");
    match coding.map(|coding| coding.as_bytes()) {
        None => answer.body.clone(),
        Some(b"gzip") => {
            let mut plain = Vec::new();
            let mut reader = flate2::read::GzDecoder::new(answer.body.as_slice());
            reader.read_to_end(&mut plain).expect("gzip");
            plain
        }
        Some(b"br") => {
            let mut plain = Vec::new();
            let mut reader = brotli::Decompressor::new(answer.body.as_slice(), 4_096);
            reader.read_to_end(&mut plain).expect("brotli");
            plain
        }
        Some(b"zstd") => zstd::decode_all(answer.body.as_slice()).expect("zstd"),
        Some(other) => panic!("unknown coding {}", String::from_utf8_lossy(other)),
    }
}

/// Returns the most literal path of the document that matches.
fn operation(method: &str, path: &str) -> Option<(&'static str, &'static Value)> {
    let path = path.split('?').next().unwrap_or_default();
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let matching = paths.iter().filter(|(template, _)| matches(template, path));
    let (template, operations) =
        matching.min_by_key(|(template, _)| template.matches('{').count())?;
    let operation = operations.get(method.to_ascii_lowercase())?;
    Some((template, operation))
}

fn matches(template: &str, path: &str) -> bool {
    let mut template = template.split('/');
    let mut path = path.split('/');
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) => {
                let is_free = wanted.starts_with('{') && !found.is_empty();
                if !is_free && wanted != found {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// Returns what is wrong with `value`, one sentence each.
fn validate(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolve(schema);
    if let Some(choices) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
        return validate_choice(choices, value, at);
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let is_known = words.contains(value);
        return if is_known {
            vec![]
        } else {
            vec![format!("{at}: {value} is no listed word")]
        };
    }
    if schema.get("allOf").is_some() || schema.get("properties").is_some() {
        return validate_members(&Members::of(schema), value, at);
    }
    if !is_of_type(schema.get("type"), value) {
        return vec![format!("{at}: {value} is not {}", schema["type"])];
    }
    match value {
        Value::Array(items) => {
            let each = items.iter().enumerate();
            let wrong =
                each.flat_map(|(n, item)| validate(&schema["items"], item, &format!("{at}[{n}]")));
            wrong.take(10).collect()
        }
        Value::Object(entries) => validate_map(schema, entries, at),
        _ => Vec::new(),
    }
}

fn validate_choice(choices: &Value, value: &Value, at: &str) -> Vec<String> {
    let choices = choices.as_array().expect("choices");
    let mut best: Option<Vec<String>> = None;
    for choice in choices {
        let wrong = validate(choice, value, at);
        if best.as_ref().is_none_or(|best| wrong.len() < best.len()) {
            best = Some(wrong);
        }
    }
    best.unwrap_or_default()
}

fn validate_map(schema: &Value, entries: &Map<String, Value>, at: &str) -> Vec<String> {
    let Some(each) = schema.get("additionalProperties") else {
        // A free form, said to be one.
        return Vec::new();
    };
    let names = schema.get("propertyNames");
    let wrong = entries.iter().flat_map(|(name, value)| {
        let place = format!("{at}.{name}");
        let name = Value::from(name.as_str());
        let mut wrong = names.map_or_else(Vec::new, |names| validate(names, &name, &place));
        wrong.extend(validate(each, value, &place));
        wrong
    });
    wrong.collect()
}

/// The members of an object, those of its parts included.
#[derive(Default)]
struct Members<'a> {
    listed: BTreeMap<&'a str, &'a Value>,
    required: BTreeSet<&'a str>,
    others: Option<&'a Value>,
}

impl<'a> Members<'a> {
    fn of(schema: &'a Value) -> Self {
        let mut members = Self::default();
        members.add(schema);
        members
    }

    fn add(&mut self, schema: &'a Value) {
        let schema = resolve(schema);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.add(part);
        }
        let listed = schema["properties"].as_object().into_iter().flatten();
        self.listed
            .extend(listed.map(|(name, schema)| (name.as_str(), schema)));
        let required = schema["required"].as_array().into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str));
        self.others = self.others.or(schema.get("additionalProperties"));
    }
}

fn validate_members(members: &Members<'_>, value: &Value, at: &str) -> Vec<String> {
    let Some(object) = value.as_object() else {
        return vec![format!("{at}: {value} is not an object")];
    };
    let missing = members
        .required
        .iter()
        .filter(|name| !object.contains_key(**name));
    let mut wrong: Vec<String> = missing
        .map(|name| format!("{at}: {name} is missing"))
        .collect();
    for (name, value) in object {
        let place = format!("{at}.{name}");
        match (members.listed.get(name.as_str()).copied(), members.others) {
            (Some(schema), _) | (None, Some(schema)) => {
                wrong.extend(validate(schema, value, &place))
            }
            (None, None) => wrong.push(format!("{place} is not listed")),
        }
    }
    wrong
}

fn resolve(schema: &Value) -> &Value {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
        return schema;
    };
    let name = reference.rsplit('/').next().unwrap_or_default();
    resolve(&DOCUMENT["components"]["schemas"][name])
}

fn is_of_type(kind: Option<&Value>, value: &Value) -> bool {
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    };
    match kind {
        None => true,
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is),
        Some(kind) => is(kind.as_str().expect("a type")),
    }
}

#[test]
fn what_the_document_does_not_say_is_found() {
    use serde_json::json;
    let schema = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": { "type": "string" },
            "word": { "type": "string", "enum": ["one", "two"] },
            "size": { "oneOf": [{ "type": "null" }, { "type": "integer" }] },
            "deep": { "allOf": [
                { "properties": { "a": { "type": "number" } } },
                { "properties": { "b": { "type": ["string", "null"] } }, "required": ["b"] },
            ] },
            "counts": { "type": "object", "additionalProperties": { "type": "integer" } },
        },
    });
    for right in [
        json!({"id": "x"}),
        json!({"id": "x", "word": "two", "size": null, "deep": {"a": 1.5, "b": null}}),
        json!({"id": "x", "size": 4, "counts": {"any": 3}}),
    ] {
        assert_eq!(
            validate(&schema, &right, "$"),
            Vec::<String>::new(),
            "{right}"
        );
    }
    for (wrong, why) in [
        (json!({}), "$: id is missing"),
        (json!({"id": null}), "$.id: null is not \"string\""),
        (json!({"id": "x", "more": 1}), "$.more is not listed"),
        (
            json!({"id": "x", "word": "Two"}),
            "$.word: \"Two\" is no listed word",
        ),
        (
            json!({"id": "x", "size": 1.5}),
            "$.size: 1.5 is not \"null\"",
        ),
        (json!({"id": "x", "deep": {}}), "$.deep: b is missing"),
        (
            json!({"id": "x", "deep": {"b": "", "c": 1}}),
            "$.deep.c is not listed",
        ),
        (
            json!({"id": "x", "counts": {"a": "1"}}),
            "$.counts.a: \"1\" is not \"integer\"",
        ),
        (json!([]), "$: [] is not an object"),
    ] {
        assert_eq!(validate(&schema, &wrong, "$"), [why], "{wrong}");
    }
}
