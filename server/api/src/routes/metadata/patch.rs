//! A merge patch of what was added to one: what is sent changes, `null` takes away.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use pulse_model::{Annotation, Family};

use crate::error::ApiError;

const LONGEST_URL: usize = 2_048;
const LONGEST_DESCRIPTION: usize = 4_096;
const LONGEST_NAME: usize = 256;
const LONGEST_TAG: usize = 100;
const MOST_TAGS: usize = 50;
const LONGEST_NOTES: usize = 32 << 10;
const MOST_NOTES: usize = 100;

/// What to change; members that are not sent stay as they are. It is read by hand, where `null`
/// means something; this describes it.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MetadataPatch {
    /// An absolute http or https address; empty takes it away.
    custom_url: Option<String>,
    /// The same under its older name.
    console_url: Option<String>,
    description: Option<String>,
    tags: Option<Vec<String>>,
    notes: Option<Notes>,
    custom_display_name: Option<String>,
    /// Agents only.
    commands_enabled: Option<bool>,
}

/// One note or several.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Notes {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// Changes `annotation` as `patch` says, or not at all.
pub(super) fn apply(
    family: Family,
    patch: &Map<String, Value>,
    annotation: &mut Annotation,
) -> Result<(), ApiError> {
    let mut changed = annotation.clone();
    for (name, value) in patch {
        match name.as_str() {
            "customUrl" | "consoleUrl" => changed.custom_url = url(name, value)?,
            "description" => changed.description = text(name, value, LONGEST_DESCRIPTION)?,
            "tags" => changed.tags = tags(name, value)?,
            "notes" => changed.notes = notes(name, value)?,
            "customDisplayName" => {
                let own = text(name, value, LONGEST_NAME)?;
                changed.custom_display_name = Some(own).filter(|own| !own.is_empty());
            }
            "commandsEnabled" if family == Family::Agents => {
                changed.commands_enabled = match value {
                    Value::Null => None,
                    Value::Bool(enabled) => Some(*enabled),
                    _ => return Err(wrong(name, "true, false or null")),
                };
            }
            // What later versions know is nothing to fail for.
            _ => {}
        }
    }
    *annotation = changed;
    Ok(())
}

fn text(name: &str, value: &Value, longest: usize) -> Result<String, ApiError> {
    let text = match value {
        Value::Null => "",
        Value::String(text) => text.trim(),
        _ => return Err(wrong(name, "a text")),
    };
    if text.len() > longest {
        return Err(wrong(name, &format!("at most {longest} bytes long")));
    }
    Ok(text.to_owned())
}

fn url(name: &str, value: &Value) -> Result<String, ApiError> {
    let text = text(name, value, LONGEST_URL)?;
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let has_room = text.contains(char::is_whitespace) || text.contains(char::is_control);
    if text.is_empty() || (!has_room && Url::parse(&text).is_ok_and(|url| is_web(&url))) {
        return Ok(text);
    }
    Err(wrong(name, "an absolute http or https address"))
}

fn tags(name: &str, value: &Value) -> Result<Vec<String>, ApiError> {
    let mut tags: Vec<String> = Vec::new();
    for item in items(name, value)? {
        let tag = text(name, item, LONGEST_TAG)?;
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
        if tags.len() > MOST_TAGS {
            return Err(wrong(name, &format!("at most {MOST_TAGS} tags")));
        }
    }
    Ok(tags)
}

fn notes(name: &str, value: &Value) -> Result<Vec<String>, ApiError> {
    let one = std::slice::from_ref(value);
    let items = if value.is_string() {
        one
    } else {
        items(name, value)?
    };
    let mut notes = Vec::new();
    let mut room = LONGEST_NOTES;
    for item in items {
        let note = text(name, item, room)?;
        room -= note.len();
        if !note.is_empty() {
            notes.push(note);
        }
    }
    if notes.len() > MOST_NOTES {
        return Err(wrong(name, &format!("at most {MOST_NOTES} notes")));
    }
    Ok(notes)
}

fn items<'a>(name: &str, value: &'a Value) -> Result<&'a [Value], ApiError> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        _ => Err(wrong(name, "a list")),
    }
}

fn wrong(name: &str, should_be: &str) -> ApiError {
    let text = format!("{name} is to be {should_be}.");
    ApiError::bad_request("invalid_metadata", text).detail("member", name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(patch: Value) -> Result<Annotation, String> {
        let mut annotation = Annotation {
            custom_url: "https://old.test/".into(),
            notes: vec!["old".into()],
            ..Annotation::default()
        };
        let before = annotation.clone();
        let patch = patch.as_object().expect("an object").clone();
        match apply(Family::Agents, &patch, &mut annotation) {
            Ok(()) => Ok(annotation),
            Err(_) if annotation != before => Err("changed all the same".into()),
            Err(error) => Err(error.status().to_string()),
        }
    }

    #[test]
    fn only_what_is_sent_changes_and_null_takes_away() {
        let changed = applied(json!({"notes": "one", "tags": [" a ", "a", ""], "unknown": 1}));
        let changed = changed.expect("it is taken");
        assert_eq!(changed.custom_url, "https://old.test/");
        assert_eq!(
            (changed.notes, changed.tags),
            (vec!["one".to_owned()], vec!["a".to_owned()])
        );
        let cleared = applied(json!({"customUrl": "", "notes": null})).expect("it is taken");
        assert_eq!(cleared, Annotation::default());
        let several = applied(json!({"notes": ["x", "y"], "commandsEnabled": false}));
        assert_eq!(
            several.map(|it| (it.notes.len(), it.commands_enabled)),
            Ok((2, Some(false)))
        );
    }

    #[test]
    fn what_cannot_be_kept_changes_nothing() {
        let long = "x".repeat(40_000);
        for wrong in [
            json!({"customUrl": "javascript:alert(1)"}),
            json!({"customUrl": "//host/path"}),
            json!({"customUrl": "ftp://host/"}),
            json!({"customUrl": "http://"}),
            json!({"customUrl": "https://a b/"}),
            json!({"customUrl": 7}),
            json!({"consoleUrl": format!("https://host/{long}")}),
            json!({"description": long}),
            json!({"notes": long}),
            json!({"notes": {"a": 1}}),
            json!({"notes": vec!["n"; 101]}),
            json!({"tags": "one"}),
            json!({"tags": [1]}),
            json!({"tags": (0..51).map(|n| n.to_string()).collect::<Vec<_>>()}),
            json!({"commandsEnabled": "yes"}),
            json!({"customDisplayName": ["x"]}),
        ] {
            let refused = applied(wrong.clone());
            let name = wrong.as_object().and_then(|it| it.keys().next().cloned());
            assert_eq!(refused, Err("400 Bad Request".into()), "{name:?}");
        }
    }
}
