//! What a resource measures right now.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::units::{Bytes, BytesPerSecond, Percent};

/// What a value is in; the word on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Unit {
    /// Hundredths of what there is.
    #[serde(rename = "percent")]
    Percent,
    /// Bytes.
    #[serde(rename = "bytes")]
    Bytes,
    /// Bytes per second.
    #[serde(rename = "bytes/s")]
    BytesPerSecond,
}

/// One measured value with, where they exist, its absolute parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricValue {
    /// The value in `unit`.
    pub value: f64,
    /// What is taken, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Bytes>,
    /// What there is, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Bytes>,
    /// The value as a percentage of what there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Percent>,
    /// What the value is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub unit: Option<Unit>,
}

impl MetricValue {
    /// Makes a value that is nothing but a percentage.
    pub fn percent(value: Percent) -> Self {
        Self {
            value: value.0,
            percent: Some(value),
            unit: Some(Unit::Percent),
            ..Self::default()
        }
    }

    /// Makes a share of something with a size; the value is the percentage.
    pub fn share(used: Bytes, total: Bytes) -> Option<Self> {
        let percent = Percent::of(used, total)?.clamped()?;
        Some(Self {
            used: Some(used),
            total: Some(total),
            ..Self::percent(percent)
        })
    }

    /// Makes a rate.
    pub fn rate(rate: BytesPerSecond) -> Self {
        Self {
            value: rate.0,
            unit: Some(Unit::BytesPerSecond),
            ..Self::default()
        }
    }
}

/// The values every kind of resource may have. Absent means not known, never zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// Processor use; 100 is every core busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<MetricValue>,
    /// Memory in use, reclaimable cache not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<MetricValue>,
    /// The fullest file system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<MetricValue>,
    /// Bytes per second received over all interfaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_in: Option<MetricValue>,
    /// Bytes per second sent over all interfaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_out: Option<MetricValue>,
    /// Bytes per second read from all block devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_read: Option<MetricValue>,
    /// Bytes per second written to all block devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_write: Option<MetricValue>,
}
