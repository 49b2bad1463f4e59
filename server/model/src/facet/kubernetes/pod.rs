//! Pods and their containers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::Bytes;

facts! {
    /// What is only of a pod.
    pub struct KubePod {
        maybe {
            /// Its own id.
            pod_uid: String,
            /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
            pod_phase: String,
            /// Why, in a word.
            pod_reason: String,
            /// Why, in a sentence.
            pod_message: String,
            /// `Guaranteed`, `Burstable`, `BestEffort`.
            qos_class: String,
            /// Restarts of its containers.
            restarts: u64,
            /// Received since it started.
            network_rx_bytes: Bytes,
            /// Sent since it started.
            network_tx_bytes: Bytes,
            /// Ephemeral storage in use.
            ephemeral_storage_used_bytes: Bytes,
            /// Ephemeral storage it may use.
            ephemeral_storage_capacity_bytes: Bytes,
        }
        some {
            /// Its containers.
            pod_containers: Vec<KubePodContainer>,
        }
    }

    /// A container of a pod.
    pub struct KubePodContainer {
        told {
            /// Its name.
            name: String,
            /// Whether it is ready.
            ready: bool,
        }
        maybe {
            /// Its image.
            image: String,
            /// Times it was restarted.
            restart_count: u64,
            /// `running`, `waiting`, `terminated`.
            state: String,
            /// Why, in a word.
            reason: String,
            /// Why, in a sentence.
            message: String,
        }
    }
}
