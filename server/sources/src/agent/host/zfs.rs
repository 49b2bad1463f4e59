//! ZFS pools of a machine.

use pulse_model::facet::zfs as facet;
use pulse_model::{Percent, Seconds};
use pulse_protocol::report::host as wire;

use super::text;

/// Returns a pool.
pub(super) fn pool(pool: wire::ZfsPool) -> facet::ZfsPool {
    facet::ZfsPool {
        name: pool.name,
        state: pool.state,
        status: pool.message,
        scan: pool.scan,
        read_errors: pool.read_errors.unwrap_or_default(),
        write_errors: pool.write_errors.unwrap_or_default(),
        checksum_errors: pool.checksum_errors.unwrap_or_default(),
        devices: pool.devices.into_iter().map(device).collect(),
        scan_details: pool.scan_details.map(scan),
        ..facet::ZfsPool::default()
    }
}

fn scan(scan: wire::ZfsScan) -> facet::ZfsScan {
    facet::ZfsScan {
        function: text(&scan.function),
        state: text(&scan.state),
        percentage: scan.percentage.map(Percent).and_then(Percent::clamped),
        errors: scan.errors,
        total_seconds_remaining: scan.seconds_remaining.map(Seconds),
        ..facet::ZfsScan::default()
    }
}

fn device(device: wire::ZfsDevice) -> facet::ZfsDevice {
    facet::ZfsDevice {
        name: device.name,
        kind: device.kind,
        state: device.state,
        read_errors: device.read_errors.unwrap_or_default(),
        write_errors: device.write_errors.unwrap_or_default(),
        checksum_errors: device.checksum_errors.unwrap_or_default(),
        role: text(&device.role),
        parent: text(&device.parent),
        disk: text(&device.disk),
        message: text(&device.message),
        ..facet::ZfsDevice::default()
    }
}
