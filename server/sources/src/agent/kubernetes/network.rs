//! Services and the ways in to them.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::{KubeEndpointPort, KubeNetwork, KubeServicePort};
use pulse_model::{Kind, Sighting};
use pulse_protocol::report::kubernetes as wire;

use super::{Cluster, Meta, count, text};

/// Returns what the report says of all of them.
pub(super) fn all<'a>(
    cluster: &'a Cluster<'a>,
    report: &'a wire::KubernetesReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let services = report.services.iter().map(|w| service(cluster, w));
    let ingresses = report.ingresses.iter().map(|w| ingress(cluster, w));
    let slices = report.endpoint_slices.iter();
    let slices = slices.map(|w| endpoint_slice(cluster, w));
    let policies = report.network_policies.iter().map(|w| policy(cluster, w));
    services.chain(ingresses).chain(slices).chain(policies)
}

fn facet(network: KubeNetwork) -> Kubernetes {
    Kubernetes {
        network: Some(Box::new(network)),
        ..Kubernetes::default()
    }
}

fn service(cluster: &Cluster<'_>, wire: &wire::Service) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeNetwork {
        service_type: text(&wire.kind),
        cluster_ip: text(&wire.cluster_ip),
        external_ips: cluster.room.texts(&wire.external_ips),
        service_ports: cluster.room.list(
            &wire.ports,
            |port| port.name.len() + port.target_port.len(),
            |port| KubeServicePort {
                port: count(port.port).unwrap_or_default(),
                node_port: count(port.node_port).unwrap_or_default(),
                name: text(&port.name),
                protocol: text(&port.protocol),
                target_port: text(&port.target_port),
            },
        ),
        selector: cluster.room.labels(&wire.selector),
        ..KubeNetwork::default()
    });
    cluster.holds(Kind::K8sService, "Service", &meta, facet)
}

fn ingress(cluster: &Cluster<'_>, wire: &wire::Ingress) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeNetwork {
        class_name: text(&wire.class_name),
        hosts: cluster.room.texts(&wire.hosts),
        addresses: cluster.room.texts(&wire.addresses),
        ..KubeNetwork::default()
    });
    cluster.holds(Kind::K8sIngress, "Ingress", &meta, facet)
}

fn endpoint_slice(cluster: &Cluster<'_>, wire: &wire::EndpointSlice) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = Kubernetes {
        service_name: text(&wire.service_name),
        ..facet(KubeNetwork {
            address_type: text(&wire.address_type),
            endpoint_count: count(wire.endpoint_count),
            ready_endpoint_count: count(wire.ready_endpoint_count),
            endpoint_ports: cluster.room.list(
                &wire.ports,
                |port| port.name.len() + port.app_protocol.len(),
                |port| KubeEndpointPort {
                    port: count(port.port).unwrap_or_default(),
                    name: text(&port.name),
                    protocol: text(&port.protocol),
                    app_protocol: text(&port.app_protocol),
                },
            ),
            ..KubeNetwork::default()
        })
    };
    cluster.holds(Kind::K8sEndpointSlice, "EndpointSlice", &meta, facet)
}

fn policy(cluster: &Cluster<'_>, wire: &wire::NetworkPolicy) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeNetwork {
        policy_types: cluster.room.texts(&wire.policy_types),
        ingress_rule_count: count(wire.ingress_rule_count),
        egress_rule_count: count(wire.egress_rule_count),
        ..KubeNetwork::default()
    });
    cluster.holds(Kind::K8sNetworkPolicy, "NetworkPolicy", &meta, facet)
}
