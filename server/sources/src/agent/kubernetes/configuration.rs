//! Config maps, secrets and accounts: that they exist, never what they hold.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeConfiguration;
use pulse_model::{Kind, Sighting};
use pulse_protocol::report::kubernetes as wire;

use super::{Cluster, Meta, count, text};

/// Returns what the report says of all of them.
pub(super) fn all<'a>(
    cluster: &'a Cluster<'a>,
    report: &'a wire::KubernetesReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let maps = report.config_maps.iter().map(|w| config_map(cluster, w));
    let secrets = report.secrets.iter().map(|w| secret(cluster, w));
    let accounts = report.service_accounts.iter();
    let accounts = accounts.map(|w| account(cluster, w));
    maps.chain(secrets).chain(accounts)
}

fn facet(configuration: KubeConfiguration) -> Kubernetes {
    Kubernetes {
        configuration: Some(Box::new(configuration)),
        ..Kubernetes::default()
    }
}

fn config_map(cluster: &Cluster<'_>, wire: &wire::ConfigMap) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeConfiguration {
        data_keys: cluster.room.texts(&wire.data_keys),
        binary_data_keys: cluster.room.texts(&wire.binary_data_keys),
        immutable: (!wire.metadata_only).then_some(wire.immutable),
        metadata_only: Some(wire.metadata_only),
        ..KubeConfiguration::default()
    });
    cluster.holds(Kind::K8sConfigMap, "ConfigMap", &meta, facet)
}

fn secret(cluster: &Cluster<'_>, wire: &wire::ClusterSecret) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeConfiguration {
        secret_type: text(&wire.kind),
        data_keys: cluster.room.texts(&wire.data_keys),
        immutable: (!wire.metadata_only).then_some(wire.immutable),
        metadata_only: Some(wire.metadata_only),
        ..KubeConfiguration::default()
    });
    cluster.holds(Kind::K8sSecret, "Secret", &meta, facet)
}

fn account(cluster: &Cluster<'_>, wire: &wire::ServiceAccount) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeConfiguration {
        automount_service_account_token: wire.automount_service_account_token,
        secret_count: count(wire.secret_count),
        image_pull_secrets: cluster.room.texts(&wire.image_pull_secrets),
        ..KubeConfiguration::default()
    });
    cluster.holds(Kind::K8sServiceAccount, "ServiceAccount", &meta, facet)
}
