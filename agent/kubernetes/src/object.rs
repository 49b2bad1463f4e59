//! What every object of Kubernetes has.

use std::collections::BTreeMap;
use std::fmt;

use pulse_protocol::Time;
use serde::Deserialize;

use crate::text;

/// The part of an object that says which one it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Meta {
    uid: Option<String>,
    name: Option<String>,
    namespace: Option<String>,
    creation_timestamp: Option<String>,
    deletion_timestamp: Option<String>,
    labels: Option<BTreeMap<String, String>>,
    owner_references: Option<Vec<Owner>>,
    pub(crate) resource_version: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Owner {
    kind: Option<String>,
    name: Option<String>,
    controller: Option<bool>,
}

impl Meta {
    pub(crate) fn uid(&self) -> String {
        text::name(self.uid.as_deref())
    }

    pub(crate) fn raw_name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    pub(crate) fn name(&self) -> String {
        text::name(self.name.as_deref())
    }

    pub(crate) fn namespace(&self) -> String {
        text::name(self.namespace.as_deref())
    }

    pub(crate) fn created(&self) -> Option<Time> {
        text::moment(self.creation_timestamp.as_deref())
    }

    pub(crate) fn labels(&self) -> BTreeMap<String, String> {
        text::labels(self.labels.as_ref())
    }

    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        self.labels.as_ref()?.get(name).map(String::as_str)
    }

    pub(crate) fn label_names(&self) -> impl Iterator<Item = (&str, &str)> {
        let labels = self.labels.iter().flatten();
        labels.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn is_being_deleted(&self) -> bool {
        self.deletion_timestamp.is_some()
    }

    /// Returns kind and name of what looks after the object.
    pub(crate) fn owner(&self) -> (String, String) {
        let mut owners = self.owner_references.iter().flatten();
        let owner = owners.find(|owner| owner.controller == Some(true));
        let owner = owner.map(|owner| (owner.kind.as_deref(), owner.name.as_deref()));
        let (kind, name) = owner.unwrap_or_default();
        (text::name(kind), text::name(name))
    }

    /// Returns what sets the object apart from every other of its kind.
    pub(crate) fn key(&self) -> String {
        match self.uid.as_deref() {
            Some(uid) if !uid.is_empty() => text::name(Some(uid)),
            _ => format!("{}/{}", self.namespace(), self.name()),
        }
    }
}

/// An object as the API sends it.
pub(crate) trait Object {
    /// Returns which one it is.
    fn meta(&self) -> &Meta;

    /// Returns the namespace the operator's choice is about; empty for what is in none.
    fn within(&self) -> &str {
        self.meta().namespace.as_deref().unwrap_or_default()
    }
}

/// States that these types have their [`Meta`] where every object has it.
macro_rules! objects {
    ($($name:ident),+ $(,)?) => {
        $(impl $crate::object::Object for $name {
            fn meta(&self) -> &$crate::object::Meta {
                &self.metadata
            }
        })+
    };
}
pub(crate) use objects;

/// A number, or a name or share of something.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum NumberOrText {
    Number(i64),
    Text(String),
}

impl fmt::Display for NumberOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(&text::name(Some(text))),
        }
    }
}

/// Writes a number or a text; nothing when there is none.
pub(crate) fn written(value: Option<&NumberOrText>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
