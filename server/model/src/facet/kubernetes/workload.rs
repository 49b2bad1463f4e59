//! What creates pods: deployments, replica sets, stateful sets, daemon sets, jobs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;

facts! {
    /// What is only of something that creates pods.
    pub struct KubeWorkload {
        maybe {
            /// Replicas there should be.
            desired_replicas: u64,
            /// Replicas there are.
            current_replicas: u64,
            /// Those of the latest revision.
            updated_replicas: u64,
            /// Those that are ready.
            ready_replicas: u64,
            /// Those that were ready for long enough.
            available_replicas: u64,
            /// Those with every label.
            fully_labeled_replicas: u64,
            /// The revision the controller has seen.
            observed_generation: u64,
            /// Nodes that should run it.
            desired_number_scheduled: u64,
            /// Nodes that run it and should.
            current_number_scheduled: u64,
            /// Nodes where it is ready.
            number_ready: u64,
            /// Nodes with the current template.
            updated_number_scheduled: u64,
            /// Nodes where it is available.
            number_available: u64,
            /// Nodes where it is not.
            number_unavailable: u64,
            /// Nodes that run it and should not.
            number_misscheduled: u64,
            /// Completions wanted.
            desired_completions: u64,
            /// Pods that succeeded.
            succeeded: u64,
            /// Pods that failed.
            failed: u64,
            /// Pods that run.
            active: u64,
            /// When it was done.
            completion_time: Timestamp,
            /// Schedule in cron's form.
            schedule: String,
            /// When it last ran.
            last_schedule_time: Timestamp,
            /// When it last succeeded.
            last_successful_time: Timestamp,
            /// Whether it is suspended.
            suspend: bool,
        }
    }
}
