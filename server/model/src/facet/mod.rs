//! What one kind of source knows of a resource. A resource has one slot per facet.
//!
//! A facet that several kinds of resource share (`docker` is of a host, a container or a service)
//! is flat on the wire and boxed by subject in memory: a container does not pay for what only a
//! host has. Absent means not known, never zero.

pub mod agent_host;
pub mod availability;
pub mod ceph;
pub mod docker;
pub mod kubernetes;
pub mod pbs;
pub mod physical_disk;
pub mod pmg;
pub mod proxmox;
pub mod storage;
pub mod temperature;
pub mod truenas;
pub mod zfs;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::few::Few;

pub use agent_host::AgentHost;
pub use availability::Availability;
pub use ceph::Ceph;
pub use docker::Docker;
pub use kubernetes::Kubernetes;
pub use pbs::Pbs;
pub use physical_disk::PhysicalDisk;
pub use pmg::Pmg;
pub use proxmox::Proxmox;
pub use storage::Storage;
pub use truenas::TrueNas;

/// Labels by name.
pub type Labels = Few<String, String>;

/// The slots. Facets are shared: a resource whose freshness changes keeps the same facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Facets {
    /// What Proxmox VE says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxmox: Option<Arc<Proxmox>>,
    /// What it is as a place to keep things.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Arc<Storage>>,
    /// What the agent on it reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Arc<AgentHost>>,
    /// What a container engine says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docker: Option<Arc<Docker>>,
    /// What it says as a Proxmox Backup Server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pbs: Option<Arc<Pbs>>,
    /// What it says as a Proxmox Mail Gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmg: Option<Arc<Pmg>>,
    /// What a Kubernetes cluster says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<Arc<Kubernetes>>,
    /// What it is as a disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical_disk: Option<Arc<PhysicalDisk>>,
    /// What it says as a Ceph cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceph: Option<Arc<Ceph>>,
    /// What TrueNAS says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truenas: Option<Arc<TrueNas>>,
    /// Whether it can be reached, and since when not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<Arc<Availability>>,
}

impl Facets {
    /// Takes from `other` every facet that is missing here.
    pub fn fill_from(&mut self, other: &Self) {
        // Named one by one, so that a slot that is added cannot be forgotten here.
        let Self {
            proxmox,
            storage,
            agent,
            docker,
            pbs,
            pmg,
            kubernetes,
            physical_disk,
            ceph,
            truenas,
            availability,
        } = other;
        fn fill<T>(slot: &mut Option<Arc<T>>, from: &Option<Arc<T>>) {
            if slot.is_none() {
                slot.clone_from(from);
            }
        }
        fill(&mut self.proxmox, proxmox);
        fill(&mut self.storage, storage);
        fill(&mut self.agent, agent);
        fill(&mut self.docker, docker);
        fill(&mut self.pbs, pbs);
        fill(&mut self.pmg, pmg);
        fill(&mut self.kubernetes, kubernetes);
        // Two who see one disk know different things of it.
        match (&mut self.physical_disk, physical_disk) {
            (Some(disk), Some(other)) => Arc::make_mut(disk).fill_from(other),
            (slot, other) => fill(slot, other),
        }
        fill(&mut self.ceph, ceph);
        fill(&mut self.truenas, truenas);
        fill(&mut self.availability, availability);
    }
}

/// Declares parts of facets. `told` is always on the wire, `maybe` when it is known, `some` when
/// there is any, `parts` are flat on the wire and boxed here.
macro_rules! facts {
    ($(
        $(#[$about:meta])*
        pub struct $name:ident {
            $(told { $($(#[$told_about:meta])* $told:ident: $told_type:ty,)* })?
            $(maybe { $($(#[$maybe_about:meta])* $maybe:ident: $maybe_type:ty,)* })?
            $(some { $($(#[$some_about:meta])* $some:ident: $some_type:ty,)* })?
            $(parts { $($(#[$part_about:meta])* $part:ident: $part_type:ty,)* })?
        }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            $($($(#[$told_about])* pub $told: $told_type,)*)?
            $($(
                $(#[$maybe_about])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $maybe: Option<$maybe_type>,
            )*)?
            $($(
                $(#[$some_about])*
                #[serde(skip_serializing_if = "crate::facet::is_nothing")]
                pub $some: $some_type,
            )*)?
            $($(
                $(#[$part_about])*
                #[serde(flatten, deserialize_with = "crate::facet::part")]
                #[schema(value_type = $part_type)]
                pub $part: Option<Box<$part_type>>,
            )*)?
        }

        impl $name {
            /// Takes from `other` whatever is missing here.
            pub fn fill_from(&mut self, other: &Self) {
                $($(if crate::facet::is_nothing(&self.$told) {
                    self.$told.clone_from(&other.$told);
                })*)?
                $($(if self.$maybe.is_none() {
                    self.$maybe.clone_from(&other.$maybe);
                })*)?
                $($(if crate::facet::is_nothing(&self.$some) {
                    self.$some.clone_from(&other.$some);
                })*)?
                $($(if self.$part.is_none() {
                    self.$part.clone_from(&other.$part);
                })*)?
            }
        }
    )*};
}
pub(crate) use facts;

/// Tells whether a list, a map or a mark says nothing.
pub(crate) fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Reads a part that is flat on the wire: there when any of its members is.
pub(crate) fn part<'de, D, T>(deserializer: D) -> Result<Option<Box<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default + PartialEq,
{
    let part = T::deserialize(deserializer)?;
    Ok((!is_nothing(&part)).then(|| Box::new(part)))
}

#[cfg(test)]
mod tests;
