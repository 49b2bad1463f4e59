//! Bounds a cluster keeps: quotas, ranges, disruption, scaling.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::{Labels, facts};

facts! {
    /// What is only of a quota, a range, a disruption budget or an autoscaler.
    pub struct KubePolicy {
        maybe {
            /// Pods that should be healthy.
            desired_healthy: u64,
            /// Pods that are healthy.
            current_healthy: u64,
            /// Pods that may go now.
            disruptions_allowed: u64,
            /// Pods it covers.
            expected_pods: u64,
            /// Pods that must stay, number or percent.
            min_available: String,
            /// Pods that may go, number or percent.
            max_unavailable: String,
            /// Replicas at least.
            min_replicas: u64,
            /// Replicas at most.
            max_replicas: u64,
            /// Kind of what it scales.
            target_kind: String,
            /// Name of what it scales.
            target_name: String,
        }
        some {
            /// Limits, as quantities.
            hard: Labels,
            /// What is used, as quantities.
            used: Labels,
            /// What it limits.
            limit_types: Vec<String>,
            /// What it goes by.
            metric_types: Vec<String>,
        }
    }
}
