//! What one Kubernetes cluster runs: its nodes, what is on them, and what they use.
//!
//! [`Cluster`] finds the API by a kubeconfig or as the pod it runs in, and makes one report of the
//! whole. Pods and events are listed once and followed from there; everything else is listed, page
//! by page, what changes by itself for every report and what people change every few minutes. What
//! secrets and config maps hold is never asked for, and nothing is ever changed in a cluster.
//!
//! Nothing here knows the server or the agent's configuration. The one program a kubeconfig may
//! name is started by whoever implements [`port::Programs`].

mod access;
mod client;
mod cluster;
mod endpoint;
mod error;
mod events;
mod kept;
mod kind;
mod kubeconfig;
mod list;
mod lists;
mod namespaces;
mod object;
mod plugin;
mod pods;
pub mod port;
mod quantity;
mod text;
mod tls;
mod usage;
mod watch;

pub use access::Places;
pub use cluster::{Cluster, Reading};
pub use error::Error;
pub use namespaces::Namespaces;

/// Pods in a report, unless the operator says otherwise.
pub const MOST_PODS: usize = 200;

/// What the operator decided about reading a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which namespaces are reported.
    pub namespaces: Namespaces,
    /// Whether healthy pods are reported too.
    pub all_pods: bool,
    /// Whether healthy deployments are reported too.
    pub all_deployments: bool,
    /// Most pods in a report.
    pub most_pods: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            namespaces: Namespaces::default(),
            all_pods: false,
            all_deployments: false,
            most_pods: MOST_PODS,
        }
    }
}
