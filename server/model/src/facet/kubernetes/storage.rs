//! Persistent storage, and the phase of a namespace.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::Bytes;

facts! {
    /// What is only of a volume, a claim, a storage class or a namespace.
    pub struct KubeStorage {
        maybe {
            /// `Active` or `Terminating`.
            phase: String,
            /// Storage class.
            storage_class: String,
            /// Size.
            capacity_bytes: Bytes,
            /// What happens when it is released.
            reclaim_policy: String,
            /// Namespace of its claim.
            claim_namespace: String,
            /// Name of its claim.
            claim_name: String,
            /// Size wanted.
            requested_bytes: Bytes,
            /// Volume it is bound to.
            volume_name: String,
            /// Who makes its volumes.
            provisioner: String,
            /// When they are bound.
            volume_binding_mode: String,
            /// Whether they may grow; absent is not said.
            allow_volume_expansion: bool,
        }
        some {
            /// Access modes.
            access_modes: Vec<String>,
            /// Names of its parameters.
            parameter_keys: Vec<String>,
        }
    }
}
