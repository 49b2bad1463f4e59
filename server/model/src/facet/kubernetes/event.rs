//! What happens in a cluster.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;

facts! {
    /// What is only of an event.
    pub struct KubeEvent {
        maybe {
            /// How often it happened.
            count: u64,
            /// `Normal` or `Warning`.
            event_type: String,
            /// Short reason.
            reason: String,
            /// Text for people.
            message: String,
            /// Kind of what it is about.
            involved_kind: String,
            /// Name of what it is about.
            involved_name: String,
            /// When it first happened.
            first_seen: Timestamp,
            /// When it happened.
            event_time: Timestamp,
        }
    }
}
