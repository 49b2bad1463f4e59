//! Settings of what reads this machine.

use std::path::PathBuf;

use pulse_agent_host::{Settings, collect};

use super::Values;

impl Values<'_> {
    pub(super) fn collect(&self) -> Settings {
        let path = |name: &str| {
            let value = (self.env)(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty()).map(PathBuf::from)
        };
        let mut disabled = self.list("disable-collector");
        if self.switch("disable-ceph") == Some(true) {
            disabled.push("ceph".to_owned());
        }
        Settings {
            disk_exclude: self.list("disk-exclude"),
            disk_include: self.list("disk-include"),
            disabled,
            smartctl: path("PULSE_SMARTCTL_PATH"),
            pct: path("PULSE_PCT_PATH"),
            custom_sensors: self.text("custom-sensors-file").map(PathBuf::from),
        }
    }

    /// Says which of the collectors to switch off there are none of.
    pub(super) fn unknown_collectors(&self) -> Vec<String> {
        let known = collect::names();
        let unknown = self.list("disable-collector").into_iter();
        let unknown = unknown.filter(|name| !known.contains(&name.as_str()));
        unknown
            .map(|name| {
                format!(
                    "there is no collector {name} to switch off (--disable-collector); there are {}",
                    known.join(", ")
                )
            })
            .collect()
    }
}
