//! Nodes.

use pulse_protocol::limits;
use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;

use crate::object::{Meta, objects};
use crate::{quantity, text};

/// A node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Node {
    pub(crate) metadata: Meta,
    spec: Spec,
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    unschedulable: Option<bool>,
    #[serde(rename = "providerID")]
    provider: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    conditions: Option<Vec<Condition>>,
    node_info: System,
    addresses: Option<Vec<Address>>,
    capacity: Resources,
    allocatable: Resources,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Condition {
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Address {
    #[serde(rename = "type")]
    kind: Option<String>,
    address: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct System {
    #[serde(rename = "machineID")]
    machine_id: Option<String>,
    #[serde(rename = "systemUUID")]
    system_uuid: Option<String>,
    kubelet_version: Option<String>,
    container_runtime_version: Option<String>,
    os_image: Option<String>,
    kernel_version: Option<String>,
    architecture: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resources {
    cpu: Option<String>,
    memory: Option<String>,
    pods: Option<String>,
}

objects!(Node);

impl Node {
    /// Returns who runs the machine, as the cluster's cloud part noted it: `aws`, `gce`, `kind`.
    pub(crate) fn provider(&self) -> Option<String> {
        let (scheme, _) = self.spec.provider.as_deref()?.split_once("://")?;
        Some(text::name(Some(scheme)))
    }
}

impl Resources {
    fn reported(&self) -> report::NodeResources {
        let signed = |amount: u64| i64::try_from(amount).ok();
        let cores = quantity::thousandths(self.cpu.as_deref());
        report::NodeResources {
            cpu_cores: cores.and_then(|thousandths| signed(thousandths / 1_000)),
            memory_bytes: quantity::units(self.memory.as_deref()),
            pods: quantity::units(self.pods.as_deref()).and_then(signed),
        }
    }
}

/// Returns what is reported of a node.
pub(crate) fn node(node: &Node) -> report::Node {
    let (meta, status) = (&node.metadata, &node.status);
    let system = &status.node_info;
    let mut conditions = status.conditions.iter().flatten();
    let ready = conditions.find(|condition| condition.kind.as_deref() == Some("Ready"));
    report::Node {
        uid: meta.uid(),
        name: meta.name(),
        ready: ready.is_some_and(|ready| ready.status.as_deref() == Some("True")),
        unschedulable: node.spec.unschedulable == Some(true),
        kubelet_version: text::name(system.kubelet_version.as_deref()),
        container_runtime_version: text::name(system.container_runtime_version.as_deref()),
        os_image: text::name(system.os_image.as_deref()),
        kernel_version: text::name(system.kernel_version.as_deref()),
        architecture: text::name(system.architecture.as_deref()),
        capacity: status.capacity.reported(),
        allocatable: status.allocatable.reported(),
        usage: None,
        roles: roles(meta),
        machine_id: text::name(system.machine_id.as_deref()),
        system_uuid: text::name(system.system_uuid.as_deref()),
        addresses: addresses(status),
    }
}

/// Reads the addresses; the names that stand among them are left out.
fn addresses(status: &Status) -> Vec<String> {
    let all = status.addresses.iter().flatten();
    let is_address = |entry: &&Address| {
        let kind = entry.kind.as_deref();
        matches!(kind, Some("InternalIP" | "ExternalIP"))
    };
    let all = all.filter(is_address).take(limits::LIST);
    all.map(|entry| text::name(entry.address.as_deref()))
        .filter(|address| !address.is_empty())
        .collect()
}

/// Reads the roles from the labels administrators and installers set.
fn roles(meta: &Meta) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for (name, value) in meta.label_names() {
        let role = match name.strip_prefix("node-role.kubernetes.io/") {
            // The oldest installers left the role's name out for the one role there was.
            Some("") => "master",
            Some(role) => role,
            None if name == "kubernetes.io/role" => value,
            None => continue,
        };
        let role = text::name(Some(role));
        if !role.is_empty() && !roles.contains(&role) && roles.len() < limits::LIST {
            roles.push(role);
        }
    }
    roles
}
