//! What people add to a resource: where to find it, what to know of it, labels of their own.

use serde::{Deserialize, Serialize};

use crate::facet::Facets;
use crate::resource::{Kind, Resource};

/// Whose annotations are kept together, each under its own routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Machines.
    Agents,
    /// Virtual machines and system containers.
    Guests,
    /// Containers of a container engine.
    Containers,
    /// Container engines.
    Runtimes,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 4] = [Self::Agents, Self::Guests, Self::Containers, Self::Runtimes];

    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Guests => "guests",
            Self::Containers => "containers",
            Self::Runtimes => "runtimes",
        }
    }

    /// Returns the families a resource of that kind may be annotated in; the first counts most.
    pub fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Vm | Kind::SystemContainer => &[Self::Guests],
            Kind::AppContainer => &[Self::Containers],
            Kind::DockerHost => &[Self::Runtimes, Self::Agents],
            _ => &[Self::Agents, Self::Runtimes],
        }
    }
}

/// What people added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Annotation {
    /// Where it is reached with a browser.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub custom_url: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Labels, beside those of its sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What to know of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_display_name: Option<String>,
    /// What it was called when it was last there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_known_name: Option<String>,
    /// What it was when it was last there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_known_type: Option<String>,
    /// Whether its agent may be sent commands; absent leaves it to the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commands_enabled: Option<bool>,
}

impl Annotation {
    /// Returns the resource with what was added to it.
    pub fn applied(&self, resource: &Resource) -> Resource {
        let mut resource = resource.clone();
        let own = &resource.tags;
        let is_new = |tag: &&String| !own.contains(*tag);
        let more: Vec<_> = self.tags.iter().filter(is_new).cloned().collect();
        resource.tags.extend(more);
        resource.notes.clone_from(&self.notes);
        if !self.custom_url.is_empty() {
            resource.custom_url = Some(self.custom_url.clone());
        }
        if let Some(name) = self
            .custom_display_name
            .as_ref()
            .filter(|name| !name.is_empty())
        {
            resource.name.clone_from(name);
        }
        resource
    }
}

/// Returns the names clients of old know the resource by. A guest is `<instance>:<node>:<vmid>`,
/// which comes first, and `<node>/<vmid>`; a container is `<host>:container:<container>`.
pub fn other_names(resource: &Resource) -> Vec<String> {
    match Family::of(resource.kind)[0] {
        Family::Guests => guest_names(&resource.facets).unwrap_or_default(),
        Family::Containers => container_names(resource).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn guest_names(facets: &Facets) -> Option<Vec<String>> {
    let proxmox = facets.proxmox.as_deref()?;
    let vmid = proxmox.guest.as_deref()?.vmid;
    let node = proxmox.node_name.as_deref()?;
    let instance = proxmox.instance.as_deref().unwrap_or(node);
    Some(vec![
        format!("{instance}:{node}:{vmid}"),
        format!("{node}/{vmid}"),
    ])
}

fn container_names(resource: &Resource) -> Option<Vec<String>> {
    let docker = resource.facets.docker.as_deref()?;
    let container = docker.container_id.as_deref()?;
    let hosts = [
        docker.agent_id.as_deref(),
        docker.host_source_id.as_deref(),
        resource.parent_id.as_ref().map(|id| id.as_str()),
    ];
    let hosts = hosts.into_iter().flatten();
    Some(
        hosts
            .map(|host| format!("{host}:container:{container}"))
            .collect(),
    )
}
