//! What is flat on the wire comes back as it went.

use serde_json::json;

use super::*;
use crate::units::Bytes;

fn there_and_back<T: Serialize + for<'de> Deserialize<'de>>(value: &T) -> T {
    let json = serde_json::to_string(value).expect("facets encode");
    serde_json::from_str(&json).expect("facets decode")
}

#[test]
fn a_container_comes_back_as_a_container() {
    let container = docker::DockerContainer {
        exit_code: Some(137),
        ports: vec![docker::DockerPort {
            private_port: 80,
            protocol: "tcp".into(),
            ..docker::DockerPort::default()
        }],
        ..docker::DockerContainer::default()
    };
    let facet = Docker {
        image: Some("nginx".into()),
        container_id: Some("c1".into()),
        labels: Labels::from([("a".into(), "b".into())]),
        container: Some(Box::new(container)),
        ..Docker::default()
    };
    let json = serde_json::to_value(&facet).expect("JSON");
    assert_eq!(json["containerId"], "c1", "the wire is flat");
    assert_eq!(json["image"], "nginx");
    assert_eq!(there_and_back(&facet), facet);
}

#[test]
fn a_pod_comes_back_as_a_pod_and_a_guest_as_a_guest() {
    let pod = kubernetes::KubePod {
        pod_phase: Some("Running".into()),
        ..kubernetes::KubePod::default()
    };
    let facet = Kubernetes {
        node_name: Some("n1".into()),
        pod: Some(Box::new(pod)),
        ..Kubernetes::default()
    };
    assert_eq!(there_and_back(&facet), facet);
    let guest = proxmox::ProxmoxGuest {
        vmid: 101,
        balloon: Some(Bytes(7)),
        ..proxmox::ProxmoxGuest::default()
    };
    let facet = Proxmox {
        instance: Some("lab".into()),
        guest: Some(Box::new(guest)),
        ..Proxmox::default()
    };
    assert_eq!(there_and_back(&facet), facet);
}

#[test]
fn what_is_unknown_is_not_on_the_wire() {
    let facets = Facets {
        proxmox: Some(Arc::default()),
        docker: Some(Arc::default()),
        pbs: Some(Arc::default()),
        ..Facets::default()
    };
    let json = serde_json::to_value(&facets).expect("JSON");
    assert_eq!(json, json!({"proxmox": {}, "docker": {}, "pbs": {}}));
}

#[test]
fn a_storage_says_what_it_is_even_when_that_is_no() {
    let json = serde_json::to_value(Storage::default()).expect("JSON");
    assert_eq!(json["shared"], false);
    assert!(json.get("zfsPool").is_none());
}

/// Names on the wire of a part.
fn members<T: utoipa::PartialSchema>() -> Vec<String> {
    let schema = serde_json::to_value(T::schema()).expect("JSON");
    let properties = schema["properties"].as_object().expect("an object");
    properties.keys().cloned().collect()
}

fn assert_disjoint(parts: &[Vec<String>]) {
    let mut seen = std::collections::BTreeSet::new();
    for name in parts.iter().flatten() {
        assert!(seen.insert(name), "{name} is in two parts of one facet");
    }
}

#[test]
fn parts_of_one_facet_share_no_name() {
    assert_disjoint(&[
        members::<docker::DockerEngine>(),
        members::<docker::DockerContainer>(),
        members::<docker::DockerService>(),
        members::<docker::DockerObject>(),
    ]);
    assert_disjoint(&[
        members::<kubernetes::KubeCluster>(),
        members::<kubernetes::KubeNode>(),
        members::<kubernetes::KubePod>(),
        members::<kubernetes::KubeWorkload>(),
        members::<kubernetes::KubeNetwork>(),
        members::<kubernetes::KubeStorage>(),
        members::<kubernetes::KubeConfiguration>(),
        members::<kubernetes::KubeAccess>(),
        members::<kubernetes::KubePolicy>(),
        members::<kubernetes::KubeEvent>(),
    ]);
    assert_disjoint(&[
        members::<proxmox::ProxmoxNode>(),
        members::<proxmox::ProxmoxGuest>(),
    ]);
}
