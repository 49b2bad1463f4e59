//! Names of things, each its own type.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The canonical id of a resource: stable under rename, restart and a change of address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct ResourceId(Arc<str>);

impl ResourceId {
    /// Wraps an id already known to be canonical.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// Returns the text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ResourceId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kind of place facts come from; the word on the wire.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Proxmox VE, polled.
    Proxmox,
    /// Our agent or the original's, on a host.
    Agent,
    /// The agent's Docker or Podman module.
    Docker,
    /// Proxmox Backup Server, polled.
    Pbs,
    /// Proxmox Mail Gateway, polled.
    Pmg,
    /// The agent's Kubernetes module.
    Kubernetes,
    /// TrueNAS, polled.
    Truenas,
}

impl SourceKind {
    /// Every kind, in wire order.
    pub const ALL: [Self; 7] = [
        Self::Proxmox,
        Self::Agent,
        Self::Docker,
        Self::Pbs,
        Self::Pmg,
        Self::Kubernetes,
        Self::Truenas,
    ];

    /// Returns the word used on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proxmox => "proxmox",
            Self::Agent => "agent",
            Self::Docker => "docker",
            Self::Pbs => "pbs",
            Self::Pmg => "pmg",
            Self::Kubernetes => "kubernetes",
            Self::Truenas => "truenas",
        }
    }

    /// Returns the kind with that word, whatever its case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word().eq_ignore_ascii_case(word))
    }
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the text.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

word! {
    /// What a thing is called within its source, as long as it lives: `qemu/101`, `container/<id>`.
    /// Never a name people gave it, never the node it runs on.
    NativeId
}
word! {
    /// The slice of a source that an observation speaks for: `guests`, `storage`, `node/pve1`.
    /// What was in it before and is not now has gone.
    Scope
}

/// One place facts come from: its kind and its own name within that kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId {
    /// What kind of place.
    pub kind: SourceKind,
    /// Which one: an agent id, the id of a connection. Ids of resources are made of it, so it must
    /// not change when the operator calls the place something else.
    pub name: Arc<str>,
}

impl SourceId {
    /// Names the place `name` of that kind.
    pub fn new(kind: SourceKind, name: &str) -> Self {
        let name = name.into();
        Self { kind, name }
    }

    /// Names the agent `name`.
    pub fn agent(name: &str) -> Self {
        Self::new(SourceKind::Agent, name)
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.word(), self.name)
    }
}
