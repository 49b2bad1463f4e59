//! The cluster itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::Seconds;

facts! {
    /// What is only of a cluster.
    pub struct KubeCluster {
        maybe {
            /// The name its agent gives it.
            source_name: String,
            /// How its agent finds it.
            source_status: String,
            /// The name an operator gave it.
            custom_display_name: String,
            /// Where its API is.
            server: String,
            /// The context of the agent's configuration.
            context: String,
            /// Its release.
            version: String,
            /// The agent's release.
            agent_version: String,
            /// Seconds between two reports.
            interval_seconds: Seconds,
            /// The API token its agent reports with.
            token_id: String,
        }
        some {
            /// Whether an operator hid it.
            hidden: bool,
            /// Whether its agent was asked to go.
            pending_uninstall: bool,
        }
    }
}
