//! What a report does not hold although the cluster may.

use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::words::words;

words! {
    /// Why something is not in a report.
    pub enum GapReason {
        Forbidden = "forbidden",
        Failed = "failed",
        Limit = "limit",
    }
}

/// A kind of object that was not read, or is not reported whole. Without one, a list that is not
/// there is an empty one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Gap {
    /// Member of the report it is about, such as `pods`; `usage` for what nodes and pods use.
    pub member: String,
    /// Why.
    pub reason: GapReason,
    /// Objects left out, where that is known.
    #[serde(skip_serializing_if = "absent")]
    pub left_out: i64,
    /// Whether the report holds what was read earlier instead.
    #[serde(skip_serializing_if = "absent")]
    pub earlier: bool,
    /// Text for people.
    #[serde(skip_serializing_if = "absent")]
    pub detail: String,
}
