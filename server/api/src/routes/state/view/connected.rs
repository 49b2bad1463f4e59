//! `connectedInfrastructure`: one row per attached system, as settings pages list them.

use serde::Serialize;
use utoipa::ToSchema;

use pulse_model::{Kind, Resource, SourceKind, Status};

use super::shape::element;

element! {
    /// An attached system.
    Connected<'a> {
        told {
            id: &'a str,
            name: &'a str,
            status: Status,
            /// Unix milliseconds.
            last_seen: i64,
            surfaces: Vec<Surface<'a>>,
        }
        maybe {
            display_name: &'a str,
            hostname: &'a str,
            health_status: &'a str,
            version: &'a str,
            linked_node_id: &'a str,
            linked_vm_id: &'a str,
            linked_container_id: &'a str,
            commands_enabled: bool,
            scope_agent_id: &'a str,
            upgrade_platform: &'a str,
            uninstall_agent_id: &'a str,
            uninstall_hostname: &'a str,
        }
    }
}

/// One way a system is attached.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Surface<'a> {
    id: &'a str,
    kind: SourceKind,
    label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_label: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_value: Option<&'a str>,
}

/// Returns the row of a system that is attached by itself, nothing for what others report of.
pub(super) fn connected(resource: &Resource) -> Option<Connected<'_>> {
    let surfaces = surfaces(resource);
    if surfaces.is_empty() {
        return None;
    }
    let facets = &resource.facets;
    let agent = facets.agent.as_deref();
    let proxmox = facets.proxmox.as_deref();
    let pbs = facets.pbs.as_deref();
    let pmg = facets.pmg.as_deref();
    let id = resource.id.as_str();
    let is_node = proxmox.is_some_and(|proxmox| proxmox.node.is_some());
    let hostname = agent.map(|agent| agent.hostname.as_str());
    let linked = |kind: Kind| (agent.is_some() && resource.kind == kind).then_some(id);
    Some(Connected {
        id,
        name: &resource.name,
        status: resource.status,
        last_seen: resource.last_seen.as_millisecond(),
        surfaces,
        display_name: Some(&resource.name),
        hostname: hostname.or_else(|| proxmox.and_then(|proxmox| proxmox.node_name.as_deref())),
        health_status: proxmox
            .and_then(|proxmox| proxmox.connection_health.as_deref())
            .or_else(|| pbs.and_then(|pbs| pbs.connection_health.as_deref()))
            .or_else(|| pmg.and_then(|pmg| pmg.connection_health.as_deref())),
        version: agent
            .and_then(|agent| agent.agent_version.as_deref())
            .or_else(|| pbs.and_then(|pbs| pbs.version.as_deref()))
            .or_else(|| pmg.and_then(|pmg| pmg.version.as_deref())),
        linked_node_id: (agent.is_some() && is_node).then_some(id),
        linked_vm_id: linked(Kind::Vm),
        linked_container_id: linked(Kind::SystemContainer),
        commands_enabled: agent.and_then(|agent| agent.commands_enabled),
        scope_agent_id: agent.map(|agent| agent.agent_id.as_str()),
        upgrade_platform: agent.and_then(|agent| agent.platform.as_deref()),
        uninstall_agent_id: agent.map(|agent| agent.agent_id.as_str()),
        uninstall_hostname: hostname,
    })
}

/// What a surface says of itself.
struct Said<'a> {
    kind: SourceKind,
    label: &'static str,
    detail: Option<&'a str>,
    id: Option<(&'static str, &'a str)>,
}

fn surfaces(resource: &Resource) -> Vec<Surface<'_>> {
    let said = [
        agent(resource),
        proxmox(resource),
        engine(resource),
        cluster(resource),
        appliance(resource),
    ];
    let said = said.into_iter().flatten();
    said.map(|said| Surface {
        id: resource.id.as_str(),
        kind: said.kind,
        label: said.label,
        detail: said.detail,
        id_label: said.id.map(|(label, _)| label),
        id_value: said.id.map(|(_, value)| value),
    })
    .collect()
}

fn agent(resource: &Resource) -> Option<Said<'_>> {
    let agent = resource.facets.agent.as_deref()?;
    Some(Said {
        kind: SourceKind::Agent,
        label: "Agent",
        detail: agent.agent_version.as_deref(),
        id: Some(("Agent id", &agent.agent_id)),
    })
}

fn proxmox(resource: &Resource) -> Option<Said<'_>> {
    let proxmox = resource.facets.proxmox.as_deref()?;
    let node = proxmox.node.as_deref()?;
    let instance = proxmox.instance.as_deref();
    Some(Said {
        kind: SourceKind::Proxmox,
        label: "Proxmox VE",
        detail: node.pve_version.as_deref(),
        id: instance.map(|instance| ("Connection", instance)),
    })
}

fn engine(resource: &Resource) -> Option<Said<'_>> {
    let docker = resource.facets.docker.as_deref()?;
    let engine = docker.engine.as_deref()?;
    let is_podman = docker.runtime.as_deref() == Some("podman");
    Some(Said {
        kind: SourceKind::Docker,
        label: if is_podman { "Podman" } else { "Docker" },
        detail: engine.runtime_version.as_deref(),
        id: None,
    })
}

fn cluster(resource: &Resource) -> Option<Said<'_>> {
    let facet = resource.facets.kubernetes.as_deref()?;
    let cluster = facet.cluster.as_deref()?;
    let id = facet.cluster_id.as_deref();
    Some(Said {
        kind: SourceKind::Kubernetes,
        label: "Kubernetes",
        detail: cluster.version.as_deref(),
        id: id.map(|id| ("Cluster", id)),
    })
}

fn appliance(resource: &Resource) -> Option<Said<'_>> {
    let facets = &resource.facets;
    let (kind, label, version, connection) = if let Some(pbs) = facets.pbs.as_deref() {
        let (version, id) = (&pbs.version, &pbs.instance_id);
        (SourceKind::Pbs, "Proxmox Backup Server", version, Some(id))
    } else if let Some(pmg) = facets.pmg.as_deref() {
        let (version, id) = (&pmg.version, &pmg.instance_id);
        (SourceKind::Pmg, "Proxmox Mail Gateway", version, Some(id))
    } else {
        let truenas = facets.truenas.as_deref();
        let truenas = truenas.filter(|_| resource.kind == Kind::Agent)?;
        (SourceKind::Truenas, "TrueNAS", &truenas.version, None)
    };
    let id = connection.and_then(|id| id.as_deref());
    Some(Said {
        kind,
        label,
        detail: version.as_deref(),
        id: id.map(|id| ("Connection", id)),
    })
}
