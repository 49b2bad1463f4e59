//! How the namespaces of a Kubernetes cluster are, counted from its pods and deployments.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_estate::Handle;
use pulse_model::{Kind, Resource, Status};

use super::list::is_in_cluster;
use crate::error::ApiError;

/// Where an object without a namespace is.
const NOWHERE: &str = "default";

#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    cluster: String,
}

/// The namespaces of a cluster.
#[derive(Serialize, ToSchema)]
pub(super) struct Namespaces {
    /// The cluster, as it was asked for.
    cluster: String,
    /// Its namespaces, by name.
    data: Vec<Namespace>,
}

/// One namespace.
#[derive(Serialize, ToSchema)]
struct Namespace {
    namespace: String,
    pods: Tally,
    deployments: Tally,
}

/// How many there are, and how they are.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
struct Tally {
    total: usize,
    online: usize,
    warning: usize,
    offline: usize,
    unknown: usize,
}

impl Tally {
    fn count(&mut self, status: Status) {
        self.total += 1;
        let of_status = match status {
            Status::Online => &mut self.online,
            Status::Warning => &mut self.warning,
            Status::Offline => &mut self.offline,
            Status::Unknown => &mut self.unknown,
        };
        *of_status += 1;
    }
}

pub(super) async fn get(
    State(estate): State<Handle>,
    Query(ask): Query<Ask>,
) -> Result<Json<Namespaces>, ApiError> {
    let cluster = ask.cluster.trim();
    if cluster.is_empty() {
        let text = "cluster is required.";
        return Err(ApiError::bad_request("missing_parameter", text));
    }
    let estate = estate.estate();
    let mut counts: BTreeMap<String, [Tally; 2]> = BTreeMap::new();
    for (place, kind) in [Kind::Pod, Kind::K8sDeployment].into_iter().enumerate() {
        let resources = estate.of_kind(kind).map(|entry| entry.resource());
        for resource in resources.filter(|resource| is_in_cluster(resource, cluster)) {
            let tallies = counts.entry(namespace_of(resource).to_owned()).or_default();
            tallies[place].count(resource.status);
        }
    }
    let data = counts
        .into_iter()
        .map(|(namespace, [pods, deployments])| Namespace {
            namespace,
            pods,
            deployments,
        });
    Ok(Json(Namespaces {
        cluster: cluster.to_owned(),
        data: data.collect(),
    }))
}

fn namespace_of(resource: &Resource) -> &str {
    let kubernetes = resource.facets.kubernetes.as_deref();
    let own = kubernetes.and_then(|object| object.namespace.as_deref());
    own.filter(|own| !own.is_empty()).unwrap_or(NOWHERE)
}
