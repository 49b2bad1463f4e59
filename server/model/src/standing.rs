//! What operators decided about a source that reports, as it shows on what the source is.

use std::sync::Arc;

use crate::facet::docker::DockerCommand;
use crate::ids::{SourceId, SourceKind};
use crate::resource::Resource;

/// How a source stands with the operators: whether it is shown, and what its agent was told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Whether an operator hid it.
    pub hidden: bool,
    /// Whether its agent was asked to go.
    pub pending_uninstall: bool,
    /// The last command its agent was sent.
    pub command: Option<DockerCommand>,
}

impl Standing {
    /// Puts it on the engine or the cluster that `resource` is.
    pub fn apply(&self, resource: &mut Resource) {
        let docker = resource.facets.docker.as_mut();
        if let Some(docker) = docker.filter(|docker| docker.engine.is_some())
            && let Some(engine) = Arc::make_mut(docker).engine.as_mut()
        {
            engine.hidden = self.hidden;
            engine.pending_uninstall = self.pending_uninstall;
            engine.command.clone_from(&self.command);
        }
        let kubernetes = resource.facets.kubernetes.as_mut();
        if let Some(facet) = kubernetes.filter(|facet| facet.cluster.is_some())
            && let Some(cluster) = Arc::make_mut(facet).cluster.as_mut()
        {
            cluster.hidden = self.hidden;
            cluster.pending_uninstall = self.pending_uninstall;
        }
    }
}

/// Returns the engine or the cluster that `resource` is, as a source.
pub fn reporting_source(resource: &Resource) -> Option<SourceId> {
    let docker = resource.facets.docker.as_deref();
    let engine = docker
        .filter(|docker| docker.engine.is_some())
        .and_then(|docker| docker.host_source_id.as_deref());
    let kubernetes = resource.facets.kubernetes.as_deref();
    let cluster = kubernetes
        .filter(|facet| facet.cluster.is_some())
        .and_then(|facet| facet.cluster_id.as_deref());
    let engine = engine.map(|name| SourceId::new(SourceKind::Docker, name));
    engine.or_else(|| cluster.map(|name| SourceId::new(SourceKind::Kubernetes, name)))
}
