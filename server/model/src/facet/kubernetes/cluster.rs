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
            /// Who runs it.
            provider: String,
            /// The namespace its agent is limited to.
            limited_to_namespace: String,
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
            /// What is not here although the cluster may have it.
            gaps: Vec<KubeGap>,
        }
    }

    /// A kind of object that was not read, or is not here whole.
    pub struct KubeGap {
        told {
            /// The list: `secrets`, `pods` …; `usage` for what nodes and pods use.
            member: String,
            /// `forbidden`, `failed` or `limit`.
            reason: String,
        }
        maybe {
            /// Objects left out, where that is known.
            left_out: u64,
            /// Why, for people.
            detail: String,
        }
        some {
            /// Whether what was read earlier is here instead.
            earlier: bool,
        }
    }
}
