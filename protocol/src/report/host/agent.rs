//! The agent's own part of the host report.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::ConfigFingerprint;
use crate::presence::{absent, unmeasured};
use crate::time;
use crate::words::words;

/// Identity, version and state of the reporting agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AgentInfo {
    /// Agent id as configured or assigned by the server.
    pub id: String,
    /// Version of the agent.
    #[serde(skip_serializing_if = "absent")]
    pub version: String,
    /// `unified`, or `host`, `docker`, empty for older agents.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Reporting interval.
    #[serde(skip_serializing_if = "absent")]
    pub interval_seconds: Option<u64>,
    /// Host name the agent presents.
    #[serde(skip_serializing_if = "absent")]
    pub hostname: String,
    /// Previous version, once after a self-update.
    #[serde(skip_serializing_if = "absent")]
    pub updated_from: String,
    /// Whether the command channel is on.
    #[serde(skip_serializing_if = "absent")]
    pub commands_enabled: bool,
    /// Receipt format the agent keeps; absent without a durable receipt store.
    #[serde(skip_serializing_if = "absent")]
    pub operation_receipt_version: Option<u32>,
    /// Disk patterns the agent leaves out.
    #[serde(skip_serializing_if = "absent")]
    pub disk_exclude: Vec<String>,
    /// Fingerprint of the server-managed configuration in force.
    #[serde(skip_serializing_if = "absent")]
    pub applied_config: Option<ConfigFingerprint>,
    /// State of the self-update.
    #[serde(skip_serializing_if = "absent")]
    pub update: Option<UpdateStatus>,
    /// State of each collecting module.
    #[serde(skip_serializing_if = "absent")]
    pub modules: Vec<ModuleStatus>,
    /// How each collector of the host module fares.
    #[serde(skip_serializing_if = "absent")]
    pub collectors: Vec<CollectorStatus>,
    /// What the agent may do on this machine.
    #[serde(skip_serializing_if = "absent")]
    pub privilege: Option<PrivilegeStatus>,
    /// What the agent itself uses.
    #[serde(skip_serializing_if = "absent")]
    pub footprint: Option<Footprint>,
}

/// What the agent itself uses, and what it leaves out to use no more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Footprint {
    /// Resident memory.
    #[serde(skip_serializing_if = "absent")]
    pub rss_bytes: Option<u64>,
    /// Processor time since it was last looked at, tools it ran included; 100 is one core.
    #[serde(skip_serializing_if = "unmeasured")]
    pub cpu_percent: Option<f64>,
    /// Bytes of reports sent since the agent started, repeated attempts included.
    #[serde(skip_serializing_if = "absent")]
    pub sent_bytes: Option<u64>,
    /// Reports the server took since the agent started.
    #[serde(skip_serializing_if = "absent")]
    pub reports_sent: Option<u64>,
    /// Attempts at sending that failed since the agent started.
    #[serde(skip_serializing_if = "absent")]
    pub attempts_failed: Option<u64>,
    /// Reports that wait to be sent.
    #[serde(skip_serializing_if = "absent")]
    pub reports_waiting: Option<u64>,
    /// Resident memory at which the agent begins to leave out optional work.
    #[serde(skip_serializing_if = "absent")]
    pub ceiling_bytes: Option<u64>,
    /// Processor time at which it does.
    #[serde(skip_serializing_if = "unmeasured")]
    pub ceiling_cpu_percent: Option<f64>,
    /// Optional work that is left out now, in the order in which it was given up.
    #[serde(skip_serializing_if = "absent")]
    pub shed: Vec<String>,
}

words! {
    /// Where the self-update stands.
    pub enum UpdateState {
        Idle = "idle",
        Checking = "checking",
        UpdateAvailable = "update-available",
        Updating = "updating",
        Error = "error",
        Disabled = "disabled",
    }
}

/// The agent's self-update as it last went.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateStatus {
    /// Where it stands.
    pub state: UpdateState,
    /// Whether the agent updates by itself.
    pub auto_update: bool,
    /// Previous version.
    #[serde(skip_serializing_if = "absent")]
    pub updated_from: String,
    /// Version on offer.
    #[serde(skip_serializing_if = "absent")]
    pub available_version: String,
    /// Last look for an update.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub last_checked_at: Option<Timestamp>,
    /// Last attempt to install one.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub last_attempt_at: Option<Timestamp>,
    /// Last successful installation.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub last_success_at: Option<Timestamp>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "absent")]
    pub last_error: String,
}

words! {
    /// Where a module stands.
    pub enum ModuleState {
        Disabled = "disabled",
        Starting = "starting",
        Retrying = "retrying",
        Running = "running",
    }
}

/// State of one collecting module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ModuleStatus {
    /// `host`, `docker`, `kubernetes`, or a narrower part such as `libvirt`.
    pub name: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Where it stands.
    pub state: ModuleState,
    /// Why it is not running.
    #[serde(skip_serializing_if = "absent")]
    pub last_error: String,
    /// When this state was entered.
    #[serde(with = "time::required")]
    pub updated_at: Option<Timestamp>,
}

words! {
    /// How a collector fares.
    pub enum CollectorState {
        Starting = "starting",
        Ok = "ok",
        Absent = "absent",
        Failing = "failing",
        TimedOut = "timed out",
        Off = "off",
    }
}

/// How one collector of the host module fares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CollectorStatus {
    /// What it is switched off by: `smart`, `zfs`, `ceph`.
    pub name: String,
    /// How it fares; `absent` is a machine without such a thing.
    pub state: CollectorState,
    /// Why it fails, or what is missing although it works.
    #[serde(skip_serializing_if = "absent")]
    pub last_error: String,
    /// How long its last run took.
    #[serde(skip_serializing_if = "absent")]
    pub last_duration_ms: Option<u64>,
    /// How often it is asked; absent for every report.
    #[serde(skip_serializing_if = "absent")]
    pub every_seconds: Option<u64>,
    /// When this state was entered.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub updated_at: Option<Timestamp>,
}

/// What the agent may do on this machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PrivilegeStatus {
    /// Whether it runs as root.
    pub running_as_root: bool,
    /// User it runs as.
    #[serde(skip_serializing_if = "absent")]
    pub service_user: String,
    /// Whether a privileged helper reads disk health.
    #[serde(skip_serializing_if = "absent")]
    pub smartctl_helper: bool,
    /// Whether a privileged helper reads Proxmox containers.
    #[serde(skip_serializing_if = "absent")]
    pub pct_helper: bool,
}
