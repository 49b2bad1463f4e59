//! Services and the ways in to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::{Labels, facts};

facts! {
    /// What is only of a service, an ingress, an endpoint slice or a network policy.
    pub struct KubeNetwork {
        maybe {
            /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`.
            service_type: String,
            /// Address inside the cluster.
            cluster_ip: String,
            /// Ingress class.
            class_name: String,
            /// Endpoints.
            endpoint_count: u64,
            /// Endpoints that are ready.
            ready_endpoint_count: u64,
            /// `IPv4`, `IPv6` or `FQDN`.
            address_type: String,
            /// Rules for what comes in.
            ingress_rule_count: u64,
            /// Rules for what goes out.
            egress_rule_count: u64,
        }
        some {
            /// Addresses outside.
            external_ips: Vec<String>,
            /// Ports.
            service_ports: Vec<KubeServicePort>,
            /// Labels of the pods behind it.
            selector: Labels,
            /// Host names.
            hosts: Vec<String>,
            /// Addresses.
            addresses: Vec<String>,
            /// Ports.
            endpoint_ports: Vec<KubeEndpointPort>,
            /// `Ingress`, `Egress`.
            policy_types: Vec<String>,
        }
    }

    /// One port of a service.
    pub struct KubeServicePort {
        told {
            /// Port.
            port: u64,
            /// Port on every node.
            node_port: u64,
        }
        maybe {
            /// Name.
            name: String,
            /// `TCP`, `UDP` or `SCTP`.
            protocol: String,
            /// Port of the pods, number or name.
            target_port: String,
        }
    }

    /// One port of an endpoint slice.
    pub struct KubeEndpointPort {
        told {
            /// Port.
            port: u64,
        }
        maybe {
            /// Name.
            name: String,
            /// `TCP`, `UDP` or `SCTP`.
            protocol: String,
            /// Protocol of the application.
            app_protocol: String,
        }
    }
}
