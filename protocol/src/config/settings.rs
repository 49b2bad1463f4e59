//! The settings of a managed configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AvailabilityTarget;
use crate::presence::Presence;

/// Settings by name. Unknown ones are kept, so that fingerprints and signatures still hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(pub BTreeMap<String, Value>);

/// The member that holds what to probe; not a profile setting.
const TARGETS: &str = "availabilityTargets";

impl Settings {
    /// Names of the settings a profile may hold, in the order of their names.
    pub const PROFILE: [&'static str; 14] = [
        "disable_auto_update",
        "disable_ceph",
        "disable_docker_update_checks",
        "docker_runtime",
        "enable_docker",
        "enable_host",
        "enable_kubernetes",
        "enable_proxmox",
        "interval",
        "kube_include_all_deployments",
        "kube_include_all_pods",
        "log_level",
        "proxmox_type",
        "report_ip",
    ];

    /// Returns what to probe, `None` when nothing is said about it. Entries that cannot be read
    /// are left out.
    pub fn targets(&self) -> Option<Vec<AvailabilityTarget>> {
        let entries = self.0.get(TARGETS)?.as_array()?;
        Some(
            entries
                .iter()
                .filter_map(|entry| AvailabilityTarget::deserialize(entry).ok())
                .collect(),
        )
    }

    /// Says what to probe.
    pub fn set_targets(&mut self, targets: &[AvailabilityTarget]) {
        self.0
            .insert(TARGETS.to_owned(), serde_json::json!(targets));
    }
}

impl Presence for Settings {
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_read_back_and_unreadable_ones_are_left_out() {
        let target = AvailabilityTarget {
            id: "t1".into(),
            ..AvailabilityTarget::default()
        };
        let mut settings = Settings::default();
        assert_eq!(settings.targets(), None);
        settings.set_targets(std::slice::from_ref(&target));
        assert_eq!(settings.targets(), Some(vec![target.clone()]));
        settings
            .0
            .get_mut(TARGETS)
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(Value::from(7));
        assert_eq!(settings.targets(), Some(vec![target]));
    }

    #[test]
    fn the_profile_names_are_sorted() {
        assert!(Settings::PROFILE.is_sorted());
    }
}
