//! Config maps, secrets and accounts: that they exist, never what they hold.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;

facts! {
    /// What is only of a config map, a secret or a service account.
    pub struct KubeConfiguration {
        maybe {
            /// Whether it cannot be changed.
            immutable: bool,
            /// Whether the agent read no names.
            metadata_only: bool,
            /// Type.
            secret_type: String,
            /// Secrets it refers to.
            secret_count: u64,
            /// Whether pods get its token; absent is not said.
            automount_service_account_token: bool,
        }
        some {
            /// Names of its texts.
            data_keys: Vec<String>,
            /// Names of its binary values.
            binary_data_keys: Vec<String>,
            /// Secrets for pulling images.
            image_pull_secrets: Vec<String>,
        }
    }
}
