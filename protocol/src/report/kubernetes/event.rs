//! Events.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    #[serde(skip_serializing_if = "absent")]
    pub namespace: String,
    /// `Normal` or `Warning`.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Short reason.
    #[serde(skip_serializing_if = "absent")]
    pub reason: String,
    /// Text for people.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// Kind of what it is about.
    #[serde(skip_serializing_if = "absent")]
    pub involved_kind: String,
    /// Name of what it is about.
    #[serde(skip_serializing_if = "absent")]
    pub involved_name: String,
    /// How often it happened.
    #[serde(skip_serializing_if = "absent")]
    pub count: i64,
    /// When it first happened.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub first_seen: Option<Timestamp>,
    /// When it last happened.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub last_seen: Option<Timestamp>,
    /// When it happened.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub event_time: Option<Timestamp>,
}
