//! The Docker report: one container engine, Docker or Podman, as its agent sees it.
//!
//! Counts that upstream leaves out when they are zero are plain numbers here; figures that may be
//! unknown are `Option`.

mod answer;
mod container;
mod engine;
mod image;
mod network;
mod storage;
mod swarm;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::Shed;
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::time;

pub use answer::*;
pub use container::*;
pub use engine::*;
pub use image::*;
pub use network::*;
pub use storage::*;
pub use swarm::*;

/// What the agent of one container engine posts every interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DockerReport {
    /// The agent itself.
    pub agent: EngineAgent,
    /// The engine and the machine it runs on.
    pub host: EngineHost,
    /// Containers, running or not.
    pub containers: Vec<Container>,
    /// Images.
    #[serde(skip_serializing_if = "absent")]
    pub images: Vec<Image>,
    /// Volumes.
    #[serde(skip_serializing_if = "absent")]
    pub volumes: Vec<Volume>,
    /// Networks.
    #[serde(skip_serializing_if = "absent")]
    pub networks: Vec<Network>,
    /// Swarm services.
    #[serde(skip_serializing_if = "absent")]
    pub services: Vec<Service>,
    /// Swarm tasks.
    #[serde(skip_serializing_if = "absent")]
    pub tasks: Vec<Task>,
    /// Swarm nodes.
    #[serde(skip_serializing_if = "absent")]
    pub nodes: Vec<Node>,
    /// Swarm secrets, never their content.
    #[serde(skip_serializing_if = "absent")]
    pub secrets: Vec<SwarmSecret>,
    /// Swarm configs, never their content.
    #[serde(skip_serializing_if = "absent")]
    pub configs: Vec<SwarmConfig>,
    /// Space the engine uses.
    #[serde(skip_serializing_if = "absent")]
    pub storage_usage: Option<StorageUsage>,
    /// When the figures were collected.
    #[serde(with = "time::required")]
    pub timestamp: Option<Timestamp>,
    /// What reading this report had to leave out; never on the wire.
    #[serde(skip)]
    pub shed: Shed,
}

impl DockerReport {
    /// Reads a report body, shortening what exceeds [`crate::limits`]; `shed` says how much.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let (mut report, shed) = reader::read::<Self>(json, Rules::Report)?;
        report.shed = shed;
        Ok(report)
    }
}
