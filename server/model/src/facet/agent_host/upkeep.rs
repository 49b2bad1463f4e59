//! How a machine and its agent are kept up: packages, caches, releases, rights.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::{Bytes, Percent};

facts! {
    /// Pending packages of the system's package manager.
    pub struct PackageUpdates {
        told {
            /// Whether the package manager is one the agent knows.
            supported: bool,
            /// Number of pending packages.
            pending_count: u64,
        }
        maybe {
            /// `apt`.
            manager: String,
            /// `sha256:` digest of the pending set.
            inventory_hash: String,
            /// When this was read.
            checked_at: Timestamp,
            /// Why it could not be read.
            error: String,
        }
        some {
            /// The pending packages, at most 200.
            packages: Vec<PackageUpdate>,
            /// Whether a restart is waiting.
            reboot_required: bool,
        }
    }

    /// One pending package.
    pub struct PackageUpdate {
        told {
            /// Package name.
            name: String,
        }
        maybe {
            /// Installed version.
            installed_version: String,
            /// Version on offer.
            available_version: String,
        }
    }

    /// Space that cleaning the package cache would free.
    pub struct StorageCleanup {
        told {
            /// Whether the agent can clean up here.
            supported: bool,
            /// Bytes that would be freed.
            reclaimable_bytes: Bytes,
        }
        maybe {
            /// `apt-package-cache`.
            provider: String,
            /// `sha256:` digest of what would go.
            fingerprint: String,
            /// When this was read.
            checked_at: Timestamp,
            /// Why it could not be read.
            error: String,
        }
    }

    /// The agent's self-update as it last went.
    pub struct AgentUpdate {
        told {
            /// Where it stands.
            state: String,
            /// Whether the agent updates by itself.
            auto_update: bool,
        }
        maybe {
            /// Previous version.
            updated_from: String,
            /// Version on offer.
            available_version: String,
            /// Last look for an update.
            last_checked_at: Timestamp,
            /// Last attempt to install one.
            last_attempt_at: Timestamp,
            /// Last successful installation.
            last_success_at: Timestamp,
            /// Why the last attempt failed.
            last_error: String,
        }
    }

    /// What the agent may do on this machine.
    pub struct AgentPrivilege {
        told {
            /// Whether it runs as root.
            running_as_root: bool,
        }
        maybe {
            /// User it runs as.
            service_user: String,
        }
        some {
            /// Whether a privileged helper reads disk health.
            smartctl_helper: bool,
            /// Whether a privileged helper reads Proxmox containers.
            pct_helper: bool,
        }
    }

    /// What the agent itself uses, and what it leaves out to use no more.
    pub struct AgentFootprint {
        maybe {
            /// Resident memory.
            rss_bytes: Bytes,
            /// Processor time between its last two looks; 100 is one core.
            cpu_percent: Percent,
            /// Bytes of reports sent since the agent started.
            sent_bytes: Bytes,
            /// Reports the server took since then.
            reports_sent: u64,
            /// Attempts at sending that failed since then.
            attempts_failed: u64,
            /// Reports that waited to be sent.
            reports_waiting: u64,
            /// Resident memory at which it begins to leave out optional work.
            ceiling_bytes: Bytes,
            /// Processor time at which it does.
            ceiling_cpu_percent: Percent,
        }
        some {
            /// Optional work that is left out, in the order in which it was given up.
            shed: Vec<String>,
        }
    }

    /// Fingerprint of a managed configuration.
    pub struct ConfigFingerprint {
        told {
            /// Version of the fingerprint's own format.
            version: String,
            /// `sha256:` and the digest in hex.
            hash: String,
        }
    }
}
