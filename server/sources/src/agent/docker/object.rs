//! What an engine keeps besides containers: images, volumes, networks.

use pulse_model::facet::Docker;
use pulse_model::facet::docker::{DockerObject, DockerSubnet};
use pulse_model::{Bytes, Kind, Sighting};
use pulse_protocol::report::docker as wire;

use super::{Engine, text};

/// Returns what the report says of all of them.
pub(super) fn sightings<'a>(
    engine: &'a Engine,
    report: &'a wire::DockerReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let images = report.images.iter().map(|wire| image(engine, wire));
    let volumes = report.volumes.iter().map(|wire| volume(engine, wire));
    let networks = report.networks.iter().map(|wire| network(engine, wire));
    images.chain(volumes).chain(networks)
}

fn image(engine: &Engine, wire: &wire::Image) -> Sighting {
    let object = DockerObject {
        size_bytes: wire.size_bytes.map(Bytes),
        shared_size_bytes: measured(wire.shared_size_bytes),
        image_containers: wire.containers.filter(|count| *count >= 0),
        repo_tags: engine.room.texts(&wire.repo_tags),
        repo_digests: engine.room.texts(&wire.repo_digests),
        ..DockerObject::default()
    };
    let facet = Docker {
        image_id: text(&wire.id),
        object_created_at: wire.created_at,
        labels: engine.room.labels(&wire.labels),
        object: Some(Box::new(object)),
        ..engine.origin.clone()
    };
    let digest = wire.id.rsplit(':').next().unwrap_or_default();
    let short = || digest.chars().take(12).collect();
    let name = wire.repo_tags.first().cloned().unwrap_or_else(short);
    engine.holds(Kind::DockerImage, &wire.id, &name, facet)
}

fn volume(engine: &Engine, wire: &wire::Volume) -> Sighting {
    let object = DockerObject {
        volume_name: text(&wire.name),
        driver: text(&wire.driver),
        mountpoint: text(&wire.mountpoint),
        scope: text(&wire.scope),
        size_bytes: measured(wire.size_bytes),
        ref_count: wire.ref_count.filter(|count| *count >= 0),
        options: engine.room.labels(&wire.options),
        ..DockerObject::default()
    };
    let facet = Docker {
        object_created_at: wire.created_at.parse().ok(),
        labels: engine.room.labels(&wire.labels),
        object: Some(Box::new(object)),
        ..engine.origin.clone()
    };
    engine.holds(Kind::DockerVolume, &wire.name, &wire.name, facet)
}

fn network(engine: &Engine, wire: &wire::Network) -> Sighting {
    let subnet = |wire: &wire::Subnet| DockerSubnet {
        subnet: text(&wire.subnet),
        gateway: text(&wire.gateway),
    };
    let object = DockerObject {
        network_id: text(&wire.id),
        driver: text(&wire.driver),
        scope: text(&wire.scope),
        enable_ipv4: Some(wire.enable_ipv4),
        enable_ipv6: Some(wire.enable_ipv6),
        internal: Some(wire.internal),
        attachable: Some(wire.attachable),
        ingress: Some(wire.ingress),
        config_only: Some(wire.config_only),
        subnets: engine
            .room
            .list(&wire.subnets, |subnet| subnet.subnet.len(), subnet),
        options: engine.room.labels(&wire.options),
        ..DockerObject::default()
    };
    let facet = Docker {
        object_created_at: wire.created_at,
        labels: engine.room.labels(&wire.labels),
        object: Some(Box::new(object)),
        ..engine.origin.clone()
    };
    engine.holds(Kind::DockerNetwork, &wire.id, &wire.name, facet)
}

/// Engines send -1 for what they did not count.
fn measured(bytes: Option<i64>) -> Option<Bytes> {
    bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(Bytes)
}
