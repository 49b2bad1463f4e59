//! A Kubernetes API: lists in pages, watches, refusals, figures, and whatever may go wrong.
//!
//! Also compiled into the tests of `agent/kubernetes`, which may not depend on this crate.

mod generated;
mod server;
mod world;

pub use generated::{event, node, node_metrics, pod, pod_metrics, summary};
pub use server::Api;
pub use world::{Asked, Reply, Watching, World};
