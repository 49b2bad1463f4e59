//! Services and the ways in to them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(as = ClusterService)
)]
#[serde(rename_all = "camelCase", default)]
pub struct Service {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Address inside the cluster.
    #[serde(skip_serializing_if = "absent")]
    pub cluster_ip: String,
    /// Addresses outside.
    #[serde(skip_serializing_if = "absent")]
    pub external_ips: Vec<String>,
    /// Ports.
    #[serde(skip_serializing_if = "absent")]
    pub ports: Vec<ServicePort>,
    /// Labels of the pods behind it.
    #[serde(skip_serializing_if = "absent")]
    pub selector: BTreeMap<String, String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One port of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(as = ClusterServicePort)
)]
#[serde(rename_all = "camelCase", default)]
pub struct ServicePort {
    /// Name.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// `TCP`, `UDP` or `SCTP`.
    #[serde(skip_serializing_if = "absent")]
    pub protocol: String,
    /// Port.
    #[serde(skip_serializing_if = "absent")]
    pub port: i64,
    /// Port of the pods, number or name.
    #[serde(skip_serializing_if = "absent")]
    pub target_port: String,
    /// Port on every node.
    #[serde(skip_serializing_if = "absent")]
    pub node_port: i64,
}

/// One ingress.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Ingress {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Ingress class.
    #[serde(skip_serializing_if = "absent")]
    pub class_name: String,
    /// Host names.
    #[serde(skip_serializing_if = "absent")]
    pub hosts: Vec<String>,
    /// Addresses.
    #[serde(skip_serializing_if = "absent")]
    pub addresses: Vec<String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One endpoint slice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EndpointSlice {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// `IPv4`, `IPv6` or `FQDN`.
    #[serde(skip_serializing_if = "absent")]
    pub address_type: String,
    /// Service it belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub service_name: String,
    /// Ports.
    #[serde(skip_serializing_if = "absent")]
    pub ports: Vec<EndpointPort>,
    /// Endpoints.
    #[serde(skip_serializing_if = "absent")]
    pub endpoint_count: i64,
    /// Endpoints that are ready.
    #[serde(skip_serializing_if = "absent")]
    pub ready_endpoint_count: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One port of an endpoint slice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EndpointPort {
    /// Name.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// `TCP`, `UDP` or `SCTP`.
    #[serde(skip_serializing_if = "absent")]
    pub protocol: String,
    /// Port.
    #[serde(skip_serializing_if = "absent")]
    pub port: i64,
    /// Protocol of the application.
    #[serde(skip_serializing_if = "absent")]
    pub app_protocol: String,
}

/// One network policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicy {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// `Ingress`, `Egress`.
    #[serde(skip_serializing_if = "absent")]
    pub policy_types: Vec<String>,
    /// Rules for what comes in.
    #[serde(skip_serializing_if = "absent")]
    pub ingress_rule_count: i64,
    /// Rules for what goes out.
    #[serde(skip_serializing_if = "absent")]
    pub egress_rule_count: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
