//! `deploy_preflight`, `deploy_install`, `deploy_cancel`: agents for the sibling nodes of a cluster.

use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::token::Token;
use crate::words::words;

/// Look whether agents could be installed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeployPreflight {
    /// Request.
    pub request_id: String,
    /// Deployment.
    pub job_id: String,
    /// Nodes to look at.
    pub targets: Vec<PreflightTarget>,
    /// Server address the nodes must reach.
    pub pulse_url: String,
    /// Nodes at a time; absent is 1.
    #[serde(skip_serializing_if = "absent")]
    pub max_parallel: Option<u32>,
    /// Seconds per node; absent is 120.
    #[serde(skip_serializing_if = "absent")]
    pub timeout: Option<u64>,
}

/// A node to look at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreflightTarget {
    /// Target.
    pub target_id: String,
    /// Node name.
    pub node_name: String,
    /// Address.
    pub node_ip: String,
}

/// Install agents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeployInstall {
    /// Request.
    pub request_id: String,
    /// Deployment.
    pub job_id: String,
    /// Nodes to install on.
    pub targets: Vec<InstallTarget>,
    /// Server address the agents report to.
    pub pulse_url: String,
    /// Nodes at a time; absent is 1.
    #[serde(skip_serializing_if = "absent")]
    pub max_parallel: Option<u32>,
    /// Seconds per node; absent is 300.
    #[serde(skip_serializing_if = "absent")]
    pub timeout: Option<u64>,
}

/// A node to install on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InstallTarget {
    /// Target.
    pub target_id: String,
    /// Node name.
    pub node_name: String,
    /// Address.
    pub node_ip: String,
    /// Architecture found in the preflight.
    pub arch: String,
    /// Token for its enrolment.
    pub bootstrap_token: Token,
}

/// Stop a deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeployCancel {
    /// Request.
    pub request_id: String,
    /// Deployment.
    pub job_id: String,
}

words! {
    /// Step of a deployment.
    pub enum DeployPhase {
        PreflightSsh = "preflight_ssh",
        PreflightArch = "preflight_arch",
        PreflightExistingAgent = "preflight_existing_agent",
        PreflightReachability = "preflight_reachability",
        PreflightComplete = "preflight_complete",
        InstallTransfer = "install_transfer",
        InstallExecute = "install_execute",
        InstallEnrollWait = "install_enroll_wait",
        InstallComplete = "install_complete",
        Canceled = "canceled",
        JobComplete = "job_complete",
    }
}

words! {
    /// How a step went.
    pub enum DeployStatus {
        Started = "started",
        Ok = "ok",
        Failed = "failed",
        Skipped = "skipped",
    }
}

/// One step of a deployment on one node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeployProgress {
    /// Request.
    pub request_id: String,
    /// Deployment.
    pub job_id: String,
    /// Target; empty for the deployment as a whole.
    #[serde(skip_serializing_if = "absent")]
    pub target_id: String,
    /// Step.
    pub phase: DeployPhase,
    /// How it went.
    pub status: DeployStatus,
    /// Text for people.
    pub message: String,
    /// What was found, as JSON text.
    #[serde(skip_serializing_if = "absent")]
    pub data: String,
    /// Whether this is the last message.
    #[serde(rename = "final")]
    pub is_final: bool,
}
