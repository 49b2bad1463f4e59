//! How things are reached: services, ingresses, endpoint slices, network policies.

use std::collections::BTreeMap;

use pulse_protocol::limits;
use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::object::{Meta, NumberOrText, objects, written};
use crate::text;

/// A service.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Service {
    pub(crate) metadata: Meta,
    spec: ServiceSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ServiceSpec {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "clusterIP")]
    cluster_ip: Option<String>,
    #[serde(rename = "externalIPs")]
    external_ips: Option<Vec<String>>,
    ports: Option<Vec<ServicePort>>,
    selector: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ServicePort {
    name: Option<String>,
    protocol: Option<String>,
    port: Option<i64>,
    target_port: Option<NumberOrText>,
    node_port: Option<i64>,
}

/// An ingress.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ingress {
    pub(crate) metadata: Meta,
    spec: IngressSpec,
    status: IngressStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct IngressSpec {
    ingress_class_name: Option<String>,
    rules: Option<Vec<IngressRule>>,
    tls: Option<Vec<IngressTls>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IngressRule {
    host: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IngressTls {
    hosts: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct IngressStatus {
    load_balancer: LoadBalancer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LoadBalancer {
    ingress: Option<Vec<Address>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Address {
    ip: Option<String>,
    hostname: Option<String>,
}

/// An endpoint slice.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct EndpointSlice {
    pub(crate) metadata: Meta,
    address_type: Option<String>,
    endpoints: Option<Vec<Endpoint>>,
    ports: Option<Vec<EndpointPort>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Endpoint {
    conditions: Conditions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Conditions {
    ready: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EndpointPort {
    name: Option<String>,
    protocol: Option<String>,
    port: Option<i64>,
    app_protocol: Option<String>,
}

/// A network policy.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NetworkPolicy {
    pub(crate) metadata: Meta,
    spec: PolicySpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PolicySpec {
    policy_types: Option<Vec<String>>,
    ingress: Option<Vec<IgnoredAny>>,
    egress: Option<Vec<IgnoredAny>>,
}

objects!(Service, Ingress, EndpointSlice, NetworkPolicy);

/// Returns what is reported of a service.
pub(crate) fn service(of: Service) -> report::Service {
    let (meta, spec) = (&of.metadata, &of.spec);
    let ports = spec.ports.iter().flatten().take(limits::LIST);
    report::Service {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        kind: text::name(spec.kind.as_deref()),
        cluster_ip: text::name(spec.cluster_ip.as_deref()),
        external_ips: text::names(spec.external_ips.as_deref()),
        ports: ports
            .map(|port| report::ServicePort {
                name: text::name(port.name.as_deref()),
                protocol: text::name(port.protocol.as_deref()),
                port: port.port.unwrap_or(0),
                target_port: written(port.target_port.as_ref()),
                node_port: port.node_port.unwrap_or(0),
            })
            .collect(),
        selector: text::labels(spec.selector.as_ref()),
        labels: meta.labels(),
    }
}

/// Returns what is reported of an ingress.
pub(crate) fn ingress(of: Ingress) -> report::Ingress {
    let (meta, spec) = (&of.metadata, &of.spec);
    let rules = (spec.rules.iter().flatten()).filter_map(|rule| rule.host.as_deref());
    let tls = spec.tls.iter().flatten().flat_map(|tls| &tls.hosts);
    let mut hosts: Vec<String> = Vec::new();
    for host in rules.chain(tls.flatten().map(String::as_str)) {
        let host = text::name(Some(host));
        if !host.is_empty() && !hosts.contains(&host) && hosts.len() < limits::LIST {
            hosts.push(host);
        }
    }
    let addresses = of.status.load_balancer.ingress.iter().flatten();
    report::Ingress {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        class_name: text::name(spec.ingress_class_name.as_deref()),
        hosts,
        addresses: addresses
            .filter_map(|address| address.ip.as_deref().or(address.hostname.as_deref()))
            .take(limits::LIST)
            .map(|address| text::name(Some(address)))
            .collect(),
        labels: meta.labels(),
    }
}

/// Returns what is reported of an endpoint slice.
pub(crate) fn endpoint_slice(of: EndpointSlice) -> report::EndpointSlice {
    let meta = &of.metadata;
    // Not said is ready: so the API's documentation reads it.
    let ready = (of.endpoints.iter().flatten()).filter(|one| one.conditions.ready != Some(false));
    let ports = of.ports.iter().flatten().take(limits::LIST);
    report::EndpointSlice {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        address_type: text::name(of.address_type.as_deref()),
        service_name: text::name(meta.label("kubernetes.io/service-name")),
        ports: ports
            .map(|port| report::EndpointPort {
                name: text::name(port.name.as_deref()),
                protocol: text::name(port.protocol.as_deref()),
                port: port.port.unwrap_or(0),
                app_protocol: text::name(port.app_protocol.as_deref()),
            })
            .collect(),
        endpoint_count: text::count(of.endpoints.as_deref()),
        ready_endpoint_count: i64::try_from(ready.count()).unwrap_or(i64::MAX),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a network policy.
pub(crate) fn network_policy(of: NetworkPolicy) -> report::NetworkPolicy {
    let (meta, spec) = (&of.metadata, &of.spec);
    report::NetworkPolicy {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        policy_types: text::names(spec.policy_types.as_deref()),
        ingress_rule_count: text::count(spec.ingress.as_deref()),
        egress_rule_count: text::count(spec.egress.as_deref()),
        labels: meta.labels(),
    }
}
