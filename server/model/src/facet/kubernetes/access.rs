//! Who may do what in a cluster.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::{Labels, facts};

facts! {
    /// What is only of a role or a binding.
    pub struct KubeAccess {
        maybe {
            /// Rules.
            rule_count: u64,
            /// Kind of the role.
            role_kind: String,
            /// Name of the role.
            role_name: String,
            /// Whom it is given to.
            subject_count: u64,
        }
        some {
            /// Labels of the roles it collects.
            aggregation_labels: Labels,
            /// Their kinds.
            subject_kinds: Vec<String>,
        }
    }
}
