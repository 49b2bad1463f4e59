//! What history records of a resource: values at one time, each under the word the API asks with.
//!
//! The list here is the only one: the recorder, the charts and the exporters all go through it.

use std::time::Duration;

use jiff::Timestamp;

use crate::facet::physical_disk::SmartAttributes;
use crate::ids::ResourceId;
use crate::metric::MetricValue;
use crate::resource::{Kind, Resource};

/// What a metric counts, and so how finely it is worth keeping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A share of what there is, 0 to 100; worth hundredths.
    Percent,
    /// Degrees Celsius; worth tenths.
    Celsius,
    /// A whole number of things, kept as it is.
    Count,
    /// Bytes per second; worth a twentieth of a percent.
    Rate,
    /// Bytes; worth a twentieth of a percent.
    Size,
}

macro_rules! measured {
    ($($(#[$doc:meta])* $name:ident = $word:literal $class:ident,)*) => {
        /// A metric that has a history.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric {
            $($(#[$doc])* $name,)*
        }

        impl Metric {
            /// Every metric.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the word the API and the files use.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// Returns what it counts.
            pub fn class(self) -> Class {
                match self { $(Self::$name => Class::$class),* }
            }
        }
    };
}

measured! {
    /// Processor use; 100 is every core busy.
    Cpu = "cpu" Percent,
    /// Memory in use, reclaimable cache not counted.
    Memory = "memory" Percent,
    /// The fullest file system.
    Disk = "disk" Percent,
    /// Received over all interfaces.
    NetIn = "netin" Rate,
    /// Sent over all interfaces.
    NetOut = "netout" Rate,
    /// Read from all block devices.
    DiskRead = "diskread" Rate,
    /// Written to all block devices.
    DiskWrite = "diskwrite" Rate,
    /// The leading temperature.
    Temperature = "temperature" Celsius,
    /// How full a storage is.
    Usage = "usage" Percent,
    /// What is taken of a storage.
    Used = "used" Size,
    /// What a storage holds.
    Total = "total" Size,
    /// What a storage has left.
    Avail = "avail" Size,
    /// A disk's own temperature.
    SmartTemp = "smart_temp" Celsius,
    /// Hours a disk has run.
    SmartPowerOnHours = "smart_power_on_hours" Count,
    /// Times a disk was switched on.
    SmartPowerCycles = "smart_power_cycles" Count,
    /// Sectors a disk has replaced.
    SmartReallocatedSectors = "smart_reallocated_sectors" Count,
    /// Sectors a disk could not read and has not replaced.
    SmartPendingSectors = "smart_pending_sectors" Count,
    /// Sectors a disk could not repair while idle.
    SmartOfflineUncorrectable = "smart_offline_uncorrectable" Count,
    /// Transfers to a disk that arrived damaged.
    SmartCrcErrors = "smart_crc_errors" Count,
    /// Share of a disk's rated life that is used; may pass 100.
    SmartPercentageUsed = "smart_percentage_used" Percent,
    /// Share of a disk's spare blocks that is left.
    SmartAvailableSpare = "smart_available_spare" Percent,
    /// Errors of a disk's medium.
    SmartMediaErrors = "smart_media_errors" Count,
    /// Times a disk lost power without notice.
    SmartUnsafeShutdowns = "smart_unsafe_shutdowns" Count,
}

impl Metric {
    /// Returns the metric with that word, whatever its case.
    pub fn from_word(word: &str) -> Option<Self> {
        let is = |metric: &Self| metric.word().eq_ignore_ascii_case(word);
        Self::ALL.iter().copied().find(is)
    }
}

/// What one resource measured at one time. What is not known is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Whose values.
    pub resource: ResourceId,
    /// What it is.
    pub kind: Kind,
    /// When they were true, by the server's clock.
    pub at: Timestamp,
    /// How long until the next is expected.
    pub step: Duration,
    /// The values, in the order of [`Metric::ALL`].
    pub values: Vec<(Metric, f64)>,
}

impl Resource {
    /// Returns what there is to record of this resource now; a value that is no number is left out.
    pub fn values(&self) -> Vec<(Metric, f64)> {
        let mut values = Vec::with_capacity(8);
        let mut add = |metric, value: Option<f64>| {
            values.extend(value.filter(|v| v.is_finite()).map(|v| (metric, v)));
        };
        let of = |metric: &Option<MetricValue>| metric.as_ref().map(|m| m.value);
        let metrics = &self.metrics;
        add(Metric::Cpu, of(&metrics.cpu));
        add(Metric::Memory, of(&metrics.memory));
        if !self.kind.is_storage() {
            add(Metric::Disk, of(&metrics.disk));
        }
        add(Metric::NetIn, of(&metrics.net_in));
        add(Metric::NetOut, of(&metrics.net_out));
        add(Metric::DiskRead, of(&metrics.disk_read));
        add(Metric::DiskWrite, of(&metrics.disk_write));
        let degrees = self.temperature.map(|celsius| celsius.0);
        match self.kind {
            Kind::PhysicalDisk => add(Metric::SmartTemp, degrees),
            _ => add(Metric::Temperature, degrees),
        }
        if self.kind.is_storage()
            && let Some(disk) = &metrics.disk
        {
            let used = disk.used.map(|bytes| bytes.0 as f64);
            let total = disk.total.map(|bytes| bytes.0 as f64);
            add(Metric::Usage, Some(disk.value));
            add(Metric::Used, used);
            add(Metric::Total, total);
            let left = total.zip(used).map(|(total, used)| (total - used).max(0.0));
            add(Metric::Avail, left);
        }
        let disk = self.facets.physical_disk.as_deref();
        if let Some(smart) = disk.and_then(|disk| disk.smart.as_ref()) {
            for (metric, counted) in counts_of(smart) {
                add(metric, counted.map(|count| count as f64));
            }
        }
        values
    }
}

/// Returns what a disk counts of itself, in the order of [`Metric::ALL`].
fn counts_of(smart: &SmartAttributes) -> [(Metric, Option<i64>); 10] {
    [
        (Metric::SmartPowerOnHours, smart.power_on_hours),
        (Metric::SmartPowerCycles, smart.power_cycles),
        (Metric::SmartReallocatedSectors, smart.reallocated_sectors),
        (Metric::SmartPendingSectors, smart.pending_sectors),
        (
            Metric::SmartOfflineUncorrectable,
            smart.offline_uncorrectable,
        ),
        (Metric::SmartCrcErrors, smart.udma_crc_errors),
        (Metric::SmartPercentageUsed, smart.percentage_used),
        (Metric::SmartAvailableSpare, smart.available_spare),
        (Metric::SmartMediaErrors, smart.media_errors),
        (Metric::SmartUnsafeShutdowns, smart.unsafe_shutdowns),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_found_by_its_word() {
        for metric in Metric::ALL {
            assert_eq!(
                Metric::from_word(&metric.word().to_uppercase()),
                Some(*metric)
            );
        }
        assert_eq!(Metric::from_word("mood"), None);
    }

    fn disk(smart: serde_json::Value) -> Resource {
        serde_json::from_value(serde_json::json!({
            "id": "disk-1",
            "type": "physical_disk",
            "name": "sda",
            "status": "online",
            "lastSeen": "2027-01-15T08:00:00Z",
            "sources": ["agent"],
            "temperature": 38.5,
            "physicalDisk": {"devPath": "/dev/sda", "smart": smart},
        }))
        .expect("a disk")
    }

    #[test]
    fn what_a_disk_counts_of_itself_is_recorded_each_under_its_word() {
        let values = disk(serde_json::json!({
            "powerOnHours": 1, "powerCycles": 2, "reallocatedSectors": 3, "pendingSectors": 4,
            "offlineUncorrectable": 5, "udmaCrcErrors": 6, "percentageUsed": 7,
            "availableSpare": 8, "mediaErrors": 9, "unsafeShutdowns": 10,
        }))
        .values();
        let words: Vec<_> = values
            .iter()
            .map(|(metric, v)| (metric.word(), *v))
            .collect();
        assert_eq!(
            words,
            [
                ("smart_temp", 38.5),
                ("smart_power_on_hours", 1.0),
                ("smart_power_cycles", 2.0),
                ("smart_reallocated_sectors", 3.0),
                ("smart_pending_sectors", 4.0),
                ("smart_offline_uncorrectable", 5.0),
                ("smart_crc_errors", 6.0),
                ("smart_percentage_used", 7.0),
                ("smart_available_spare", 8.0),
                ("smart_media_errors", 9.0),
                ("smart_unsafe_shutdowns", 10.0),
            ]
        );
    }

    #[test]
    fn what_a_disk_does_not_tell_is_not_recorded_and_zero_is_a_value() {
        let words = |disk: Resource| -> Vec<_> {
            let values = disk.values().into_iter();
            values
                .map(|(metric, value)| (metric.word(), value))
                .collect()
        };
        let silent = disk(serde_json::json!({}));
        assert_eq!(words(silent), [("smart_temp", 38.5)]);
        let mut sleeping = disk(serde_json::json!({"mediaErrors": 0}));
        sleeping.temperature = Some(crate::Celsius(f64::NAN));
        assert_eq!(words(sleeping), [("smart_media_errors", 0.0)]);
    }
}
