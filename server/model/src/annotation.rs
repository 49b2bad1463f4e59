//! What people add to a resource: where to find it, what to know of it, labels of their own.

use std::sync::Arc;

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
    /// Whatever has no family of its own.
    Others,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 5] = [
        Self::Agents,
        Self::Guests,
        Self::Containers,
        Self::Runtimes,
        Self::Others,
    ];

    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Guests => "guests",
            Self::Containers => "containers",
            Self::Runtimes => "runtimes",
            Self::Others => "others",
        }
    }

    /// Returns the families a resource of that kind may be annotated in; the first counts most.
    pub fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Vm | Kind::SystemContainer => &[Self::Guests],
            Kind::AppContainer => &[Self::Containers],
            Kind::DockerHost => &[Self::Runtimes, Self::Agents],
            Kind::Agent | Kind::K8sCluster | Kind::K8sNode | Kind::Pbs | Kind::Pmg => {
                &[Self::Agents, Self::Runtimes]
            }
            _ => &[Self::Others, Self::Agents, Self::Runtimes],
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
            call(&mut resource.facets, name);
        }
        resource
    }
}

/// Gives the engine or the cluster among `facets` the name an operator chose.
fn call(facets: &mut Facets, name: &str) {
    let docker = facets.docker.as_mut();
    if let Some(docker) = docker.filter(|docker| docker.engine.is_some())
        && let Some(engine) = Arc::make_mut(docker).engine.as_mut()
    {
        engine.custom_display_name = Some(name.to_owned());
    }
    let kubernetes = facets.kubernetes.as_mut();
    if let Some(facet) = kubernetes.filter(|facet| facet.cluster.is_some())
        && let Some(cluster) = Arc::make_mut(facet).cluster.as_mut()
    {
        cluster.custom_display_name = Some(name.to_owned());
    }
}

/// Returns every place what was added to a resource may be kept in, the one that counts first: under
/// its id, under an id it had before, under a name clients of old use; each in every family of its kind.
pub fn places(resource: &Resource) -> impl Iterator<Item = (Family, String)> {
    let identity = resource.canonical_identity.as_deref().into_iter();
    let earlier = identity.flat_map(|known| known.superseded_ids.iter().chain(&known.aliases));
    let ids = std::iter::once(&resource.id).chain(earlier);
    // Written out only once the ids have found nothing.
    let others = std::iter::once_with(move || OtherNames::of(resource).written());
    let names = ids.map(ToString::to_string).chain(others.flatten());
    names.flat_map(move |name| {
        let families = Family::of(resource.kind).iter();
        families.map(move |family| (*family, name.clone()))
    })
}

/// The names clients of old know a resource by, before they are written out: comparing them costs
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherNames<'a> {
    /// A guest is `<instance>:<node>:<vmid>`, which comes first, and `<node>/<vmid>`.
    Guest {
        /// The connection that shows it.
        instance: &'a str,
        /// What it runs on.
        node: &'a str,
        /// Its number.
        vmid: u32,
    },
    /// A container is `<host>:container:<container>`.
    Container {
        /// The container's own id.
        container: &'a str,
        /// What its host is called.
        hosts: [Option<&'a str>; 3],
    },
    /// There are none.
    None,
}

impl<'a> OtherNames<'a> {
    /// Returns those of a resource.
    pub fn of(resource: &'a Resource) -> Self {
        let names = match Family::of(resource.kind)[0] {
            Family::Guests => Self::of_guest(&resource.facets),
            Family::Containers => Self::of_container(resource),
            _ => None,
        };
        names.unwrap_or(Self::None)
    }

    fn of_guest(facets: &'a Facets) -> Option<Self> {
        let proxmox = facets.proxmox.as_deref()?;
        let node = proxmox.node_name.as_deref()?;
        Some(Self::Guest {
            instance: proxmox.instance.as_deref().unwrap_or(node),
            node,
            vmid: proxmox.guest.as_deref()?.vmid,
        })
    }

    fn of_container(resource: &'a Resource) -> Option<Self> {
        let docker = resource.facets.docker.as_deref()?;
        Some(Self::Container {
            container: docker.container_id.as_deref()?,
            hosts: [
                docker.agent_id.as_deref(),
                docker.host_source_id.as_deref(),
                resource.parent_id.as_ref().map(|id| id.as_str()),
            ],
        })
    }

    /// Writes them out.
    pub fn written(self) -> Vec<String> {
        match self {
            Self::Guest {
                instance,
                node,
                vmid,
            } => vec![
                format!("{instance}:{node}:{vmid}"),
                format!("{node}/{vmid}"),
            ],
            Self::Container { container, hosts } => {
                let hosts = hosts.into_iter().flatten();
                hosts
                    .map(|host| format!("{host}:container:{container}"))
                    .collect()
            }
            Self::None => Vec::new(),
        }
    }
}
