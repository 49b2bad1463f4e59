//! What a disk says of itself.

use pulse_model::Resource;
use pulse_model::facet::PhysicalDisk;
use pulse_model::facet::physical_disk::SmartAttributes;

/// Reads a figure of a disk; nothing of what is no disk.
pub(super) fn of(resource: &Resource, read: fn(&PhysicalDisk) -> Option<f64>) -> Option<f64> {
    resource.facets.physical_disk.as_deref().and_then(read)
}

/// Reads a count or percentage of its own; below zero is how some say that they do not know.
pub(super) fn smart(resource: &Resource, read: fn(&SmartAttributes) -> Option<i64>) -> Option<f64> {
    let disk = resource.facets.physical_disk.as_deref()?;
    let value = read(disk.smart.as_ref()?)?;
    (value >= 0).then_some(value as f64)
}

/// Returns 1 for a disk whose own check passed, 0 for one whose check failed.
pub(super) fn healthy(disk: &PhysicalDisk) -> Option<f64> {
    match disk.health.as_str() {
        "PASSED" => Some(1.0),
        "FAILED" => Some(0.0),
        _ => None,
    }
}
