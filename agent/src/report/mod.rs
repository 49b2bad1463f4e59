//! Reports: collected on a schedule, kept in bounded queues, sent in order until they are taken.

pub(crate) mod assemble;
pub(crate) mod buffer;
pub(crate) mod clusters;
pub(crate) mod commands;
pub(crate) mod deliver;
pub(crate) mod engines;
pub(crate) mod figures;
pub(crate) mod lane;
mod pack;
pub(crate) mod retry;
pub(crate) mod schedule;
mod send;

use pulse_protocol::report::docker::{CommandAck, DockerReport};
use pulse_protocol::report::host::HostReport;
use pulse_protocol::report::kubernetes::KubernetesReport;

/// A report on its way.
pub(crate) enum Report {
    /// This machine.
    Host(Box<HostReport>),
    /// One container engine on it.
    Docker {
        /// What sets it apart from the machine's other engines; empty for the first.
        suffix: String,
        /// What it runs.
        report: Box<DockerReport>,
    },
    /// A Kubernetes cluster.
    Kubernetes(Box<KubernetesReport>),
    /// How far a queued command is, by its id.
    Ack(String, CommandAck),
}
