//! What one kind of source knows of a resource. A resource has one slot per facet.

pub mod agent_host;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use agent_host::AgentHost;

/// The slots. Facets are shared: a resource whose freshness changes keeps the same facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Facets {
    /// What the agent on it reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Arc<AgentHost>>,
}
