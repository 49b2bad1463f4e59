//! Named measurements: a sensor without a figure is left out, never read or written as zero.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serializer};

/// Writes the finite readings.
pub(crate) fn serialize<S: Serializer>(
    readings: &BTreeMap<String, f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(readings.iter().filter(|(_, value)| value.is_finite()))
}

/// Reads the readings that have a figure.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, f64>, D::Error> {
    let readings = BTreeMap::<String, Option<f64>>::deserialize(deserializer)?;
    Ok(readings
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect())
}
