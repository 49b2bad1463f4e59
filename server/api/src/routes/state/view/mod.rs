//! The typed collections of the state: pure views over facets, in the words of older documents.
//!
//! A resource is in every collection it has the facts for: a machine with an agent and an engine is
//! among `hosts` and among `dockerHosts`. What belongs inside another element (the containers of a
//! host) is encoded with its own resource and put in when the state is written.

mod ceph;
mod connected;
mod disk;
mod docker_container;
mod docker_host;
mod docker_service;
mod guest;
mod held_object;
mod host;
mod kubernetes;
mod kubernetes_object;
mod node;
mod pbs;
mod pmg;
mod removed;
mod server;
mod shape;
mod storage;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use pulse_estate::Form;
use pulse_model::{Kind, PushResource, Resource};

pub(crate) use removed::removed;
pub(crate) use server::{connection_health, performance, stats};
pub(crate) use storage::Storage as ListedStorage;

/// Where an encoded form belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Collection {
    Nodes,
    Vms,
    Containers,
    DockerHosts,
    Hosts,
    KubernetesClusters,
    Storage,
    CephClusters,
    PhysicalDisks,
    Pbs,
    Pmg,
    ConnectedInfrastructure,
    DockerContainers,
    DockerServices,
    DockerIssues,
    DockerExits,
    KubernetesNodes,
    Pods,
    Deployments,
}

/// Members by what is in them.
type Members<T> = &'static [(T, &'static str)];

impl Collection {
    /// How many there are.
    pub const COUNT: usize = Self::OTHERS as usize + Kind::ALL.len();
    /// What else is held is numbered from here, by its kind.
    const OTHERS: u8 = Self::Deployments as u8 + 1;

    /// Those that are members of the state, each with the member's name.
    pub const TOP: [(Self, &'static str); 12] = [
        (Self::Nodes, "nodes"),
        (Self::Vms, "vms"),
        (Self::Containers, "containers"),
        (Self::DockerHosts, "dockerHosts"),
        (Self::Hosts, "hosts"),
        (Self::KubernetesClusters, "kubernetesClusters"),
        (Self::Storage, "storage"),
        (Self::CephClusters, "cephClusters"),
        (Self::PhysicalDisks, "physicalDisks"),
        (Self::Pbs, "pbs"),
        (Self::Pmg, "pmg"),
        (Self::ConnectedInfrastructure, "connectedInfrastructure"),
    ];

    /// Returns those inside an element of this one, each with the member's name.
    pub fn inner(self) -> Vec<(u8, &'static str)> {
        let (named, others): (Members<Self>, Members<Kind>) = match self {
            Self::DockerHosts => (
                &[
                    (Self::DockerContainers, "containers"),
                    (Self::DockerServices, "services"),
                    (Self::DockerIssues, "issues"),
                    (Self::DockerExits, "recentExitCodes"),
                ],
                &held_object::OF_ENGINES,
            ),
            Self::KubernetesClusters => (
                &[
                    (Self::KubernetesNodes, "nodes"),
                    (Self::Pods, "pods"),
                    (Self::Deployments, "deployments"),
                ],
                &held_object::OF_CLUSTERS,
            ),
            _ => (&[], &[]),
        };
        let named = named
            .iter()
            .map(|(collection, name)| (*collection as u8, *name));
        let others = others
            .iter()
            .map(|(kind, name)| (Self::other(*kind), *name));
        named.chain(others).collect()
    }

    /// Returns the number of what else of that kind is held.
    fn other(kind: Kind) -> u8 {
        Self::OTHERS + kind as u8
    }
}

/// Returns the forms of a resource, one for every collection it is in.
pub(crate) fn forms(resource: &Resource) -> Vec<Form> {
    let facets = &resource.facets;
    let mut forms = Forms(Vec::new());
    if let Some(proxmox) = facets.proxmox.as_deref() {
        if let Some(node) = proxmox.node.as_deref() {
            forms.add(Collection::Nodes, &node::node(resource, proxmox, node));
        }
        if let Some(guest) = proxmox.guest.as_deref() {
            let collection = match resource.kind {
                Kind::SystemContainer => Collection::Containers,
                _ => Collection::Vms,
            };
            forms.add(collection, &guest::guest(resource, proxmox, guest));
        }
    }
    if let Some(agent) = facets.agent.as_deref() {
        forms.add(Collection::Hosts, &host::host(resource, agent));
    }
    forms.of_engine(resource);
    forms.of_cluster(resource);
    if let Some(storage) = facets.storage.as_deref() {
        forms.add(Collection::Storage, &storage::storage(resource, storage));
    }
    if let Some(ceph) = facets.ceph.as_deref() {
        forms.add(Collection::CephClusters, &ceph::ceph(resource, ceph));
    }
    if let Some(disk) = facets.physical_disk.as_deref() {
        forms.add(Collection::PhysicalDisks, &disk::disk(resource, disk));
    }
    if let Some(pbs) = facets.pbs.as_deref() {
        forms.add(Collection::Pbs, &pbs::pbs(resource, pbs));
    }
    if let Some(pmg) = facets.pmg.as_deref() {
        forms.add(Collection::Pmg, &pmg::pmg(resource, pmg));
    }
    if let Some(connected) = connected::connected(resource) {
        forms.add(Collection::ConnectedInfrastructure, &connected);
    }
    forms.0
}

/// Returns the engine or the cluster a resource is, or is of, by that one's own id; whatever else
/// it runs on.
pub(crate) fn home(resource: &Resource) -> Option<&str> {
    let facets = &resource.facets;
    let engine = facets.docker.as_deref();
    let cluster = facets.kubernetes.as_deref();
    engine
        .and_then(|docker| docker.host_source_id.as_deref())
        .or_else(|| cluster.and_then(|facet| facet.cluster_id.as_deref()))
}

struct Forms(Vec<Form>);

impl Forms {
    fn add<T: Serialize>(&mut self, collection: Collection, element: &T) {
        self.put(collection as u8, element);
    }

    fn put<T: Serialize>(&mut self, collection: u8, element: &T) {
        let json = serde_json::to_vec(element).expect("views are plain values");
        self.0.push(Form {
            collection,
            json: json.into_boxed_slice().into(),
        });
    }

    fn of_engine(&mut self, resource: &Resource) {
        let Some(docker) = resource.facets.docker.as_deref() else {
            return;
        };
        if let Some(engine) = docker.engine.as_deref() {
            let element = docker_host::docker_host(resource, docker, engine);
            self.add(Collection::DockerHosts, &element);
        }
        if let Some(container) = docker.container.as_deref() {
            let element = docker_container::container(resource, docker, container);
            self.add(Collection::DockerContainers, &element);
            if let Some(issue) = docker_container::issue(resource, docker, container) {
                self.add(Collection::DockerIssues, &issue);
            }
            if let Some(exit) = docker_container::exit(resource, docker, container) {
                self.add(Collection::DockerExits, &exit);
            }
        }
        if let Some(service) = docker.service.as_deref() {
            let element = docker_service::service(resource, docker, service);
            self.add(Collection::DockerServices, &element);
        }
        if let Some(object) = docker.object.as_deref() {
            let element = held_object::of_engine(resource, docker, object);
            self.put(Collection::other(resource.kind), &element);
        }
    }

    fn of_cluster(&mut self, resource: &Resource) {
        let Some(facet) = resource.facets.kubernetes.as_deref() else {
            return;
        };
        if let Some(cluster) = facet.cluster.as_deref() {
            let element = kubernetes::cluster(resource, facet, cluster);
            self.add(Collection::KubernetesClusters, &element);
        }
        if let Some(node) = facet.node.as_deref() {
            let element = kubernetes_object::node(resource, facet, node);
            self.add(Collection::KubernetesNodes, &element);
        }
        if let Some(pod) = facet.pod.as_deref() {
            let element = kubernetes_object::pod(resource, facet, pod);
            self.add(Collection::Pods, &element);
        }
        if let Some(workload) = facet.workload.as_deref()
            && resource.kind == Kind::K8sDeployment
        {
            let element = kubernetes_object::deployment(resource, facet, workload);
            self.add(Collection::Deployments, &element);
        }
        if held_object::OF_CLUSTERS
            .iter()
            .any(|(kind, _)| *kind == resource.kind)
        {
            let element = held_object::of_cluster(resource, facet);
            self.put(Collection::other(resource.kind), &element);
        }
    }
}

/// The state as documented; written member by member from what is encoded already.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "describes the answer; the encoding is a concatenation"
)]
pub struct State<'a> {
    /// Nodes of Proxmox VE.
    nodes: Vec<node::Node<'a>>,
    /// Virtual machines.
    vms: Vec<guest::Guest<'a>>,
    /// System containers.
    containers: Vec<guest::Guest<'a>>,
    /// Machines with a container engine.
    docker_hosts: Vec<docker_host::DockerHostWhole<'a>>,
    /// Machines with an agent.
    hosts: Vec<host::Host<'a>>,
    /// Kubernetes clusters.
    kubernetes_clusters: Vec<kubernetes::KubernetesClusterWhole<'a>>,
    /// Places to keep things.
    storage: Vec<storage::Storage<'a>>,
    /// Ceph clusters.
    ceph_clusters: Vec<ceph::CephCluster<'a>>,
    /// Disks.
    physical_disks: Vec<disk::PhysicalDisk<'a>>,
    /// Backup servers.
    pbs: Vec<pbs::PbsInstance<'a>>,
    /// Mail gateways.
    pmg: Vec<pmg::PmgInstance<'a>>,
    /// Container engines that were removed and are refused.
    removed_docker_hosts: Vec<removed::RemovedSource>,
    /// Clusters that were removed and are refused.
    removed_kubernetes_clusters: Vec<removed::RemovedSource>,
    /// Machines that were removed and are refused.
    removed_host_agents: Vec<removed::RemovedSource>,
    #[schema(value_type = Vec<Object>)]
    pbs_backups: Vec<()>,
    #[schema(value_type = Vec<Object>)]
    pmg_backups: Vec<()>,
    #[schema(value_type = Object)]
    pve_backups: (),
    /// The three kinds of backups once more.
    #[schema(value_type = Object)]
    backups: (),
    #[schema(value_type = Vec<Object>)]
    replication_jobs: Vec<()>,
    #[schema(value_type = Vec<Object>)]
    metrics: Vec<()>,
    temperature_monitoring_enabled: bool,
    /// Colours of tags, as `#rrggbb`.
    pve_tag_colors: BTreeMap<String, String>,
    /// Everything monitored.
    resources: Vec<PushResource<'a>>,
    /// One row per attached system.
    connected_infrastructure: Vec<connected::Connected<'a>>,
    /// Open alerts.
    #[schema(value_type = Vec<Object>)]
    active_alerts: Vec<()>,
    /// Alerts resolved in the last minutes.
    #[schema(value_type = Vec<Object>)]
    recently_resolved: Vec<()>,
    /// Whether each configured connection answers.
    connection_health: BTreeMap<String, bool>,
    /// What polling costs.
    performance: server::Performance,
    /// The server itself.
    stats: server::Stats,
    /// Whether all of this is invented.
    mock_mode: bool,
    /// Unix milliseconds.
    last_update: i64,
}
