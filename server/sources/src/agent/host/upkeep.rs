//! How a machine and its agent are kept up.

use pulse_model::facet::agent_host as facet;
use pulse_model::{Bytes, Percent};
use pulse_protocol::config::ConfigFingerprint;
use pulse_protocol::report::host as wire;

use super::text;

/// Most kinds of work an agent can say it leaves out; it has a handful.
const SHED: usize = 16;

/// Returns the packages that wait.
pub(super) fn package_updates(status: wire::PackageUpdateStatus) -> facet::PackageUpdates {
    let package = |package: wire::PackageUpdate| facet::PackageUpdate {
        name: package.name,
        installed_version: text(&package.installed_version),
        available_version: text(&package.available_version),
    };
    facet::PackageUpdates {
        supported: status.supported,
        pending_count: status.pending_count,
        manager: text(&status.manager),
        inventory_hash: text(&status.inventory_hash),
        checked_at: status.checked_at,
        error: text(&status.error),
        packages: status.packages.into_iter().map(package).collect(),
        reboot_required: status.reboot_required,
    }
}

/// Returns what a clean-up would free.
pub(super) fn storage_cleanup(status: wire::StorageCleanupStatus) -> facet::StorageCleanup {
    facet::StorageCleanup {
        supported: status.supported,
        reclaimable_bytes: Bytes(status.reclaimable_bytes),
        provider: text(&status.provider),
        fingerprint: text(&status.fingerprint),
        checked_at: status.checked_at,
        error: text(&status.error),
    }
}

/// Returns how the agent updates itself.
pub(super) fn agent_update(status: wire::UpdateStatus) -> facet::AgentUpdate {
    facet::AgentUpdate {
        state: status.state.to_string(),
        auto_update: status.auto_update,
        updated_from: text(&status.updated_from),
        available_version: text(&status.available_version),
        last_checked_at: status.last_checked_at,
        last_attempt_at: status.last_attempt_at,
        last_success_at: status.last_success_at,
        last_error: text(&status.last_error),
    }
}

/// Returns what the agent may do on its machine.
pub(super) fn agent_privilege(status: wire::PrivilegeStatus) -> facet::AgentPrivilege {
    facet::AgentPrivilege {
        running_as_root: status.running_as_root,
        service_user: text(&status.service_user),
        smartctl_helper: status.smartctl_helper,
        pct_helper: status.pct_helper,
    }
}

/// Returns what the agent itself uses.
pub(super) fn agent_footprint(wire: wire::Footprint) -> facet::AgentFootprint {
    // Not clamped: 200 is two cores.
    let share = |percent: Option<f64>| percent.filter(|share| *share >= 0.0).map(Percent);
    facet::AgentFootprint {
        rss_bytes: wire.rss_bytes.map(Bytes),
        cpu_percent: share(wire.cpu_percent),
        sent_bytes: wire.sent_bytes.map(Bytes),
        reports_sent: wire.reports_sent,
        attempts_failed: wire.attempts_failed,
        reports_waiting: wire.reports_waiting,
        ceiling_bytes: wire.ceiling_bytes.map(Bytes),
        ceiling_cpu_percent: share(wire.ceiling_cpu_percent),
        shed: wire
            .shed
            .iter()
            .filter_map(|work| text(work))
            .take(SHED)
            .collect(),
    }
}

/// Returns the managed configuration in force.
pub(super) fn applied_config(fingerprint: ConfigFingerprint) -> facet::ConfigFingerprint {
    facet::ConfigFingerprint {
        version: fingerprint.version,
        hash: fingerprint.hash,
    }
}
