//! Readings with more to them than a name and a number.

use pulse_model::facet::agent_host as facet;
use pulse_model::facet::physical_disk::{CollectedPart, DiskCollection, DiskIo, SmartAttributes};
use pulse_model::{Bytes, Celsius, Percent};
use pulse_protocol::report::host as wire;

use super::text;

/// Returns every reading of a machine.
pub(super) fn sensors(sensors: wire::Sensors) -> facet::Sensors {
    facet::Sensors {
        temperature_celsius: sensors
            .temperature_celsius
            .into_iter()
            .map(|(name, value)| (name, Celsius(value)))
            .collect(),
        fan_rpm: sensors.fan_rpm,
        power_watts: sensors.power_watts,
        additional: sensors.additional,
        custom: sensors.custom.into_iter().map(custom).collect(),
        gpu: sensors.gpu.into_iter().map(gpu).collect(),
        thermal_state: sensors.thermal_state.map(thermal_state).map(Box::new),
        smart: sensors.smart.into_iter().map(disk).collect(),
    }
}

fn custom(sensor: wire::CustomSensor) -> facet::CustomSensor {
    facet::CustomSensor {
        id: sensor.id,
        name: sensor.name,
        status: sensor.status.to_string(),
        group: text(&sensor.group),
        subgroup: text(&sensor.subgroup),
        kind: text(sensor.kind.as_str()),
        unit: text(&sensor.unit),
        value: sensor.value,
        observed_at: sensor.observed_at,
        event_at: sensor.event_at,
        error: text(&sensor.error),
        alert_on_error: sensor.alert_on_error,
        stale: sensor.stale,
    }
}

fn gpu(card: wire::GpuSensor) -> facet::GpuSensor {
    facet::GpuSensor {
        id: text(&card.id),
        name: text(&card.name),
        temperature_celsius: card.temperature_celsius.map(Celsius),
        utilization_percent: card.utilization_percent.map(Percent),
        memory_used_bytes: card.memory_used_bytes.map(Bytes),
        memory_total_bytes: card.memory_total_bytes.map(Bytes),
    }
}

fn thermal_state(state: wire::ThermalState) -> facet::ThermalState {
    facet::ThermalState {
        source: text(&state.source),
        pressure: text(&state.pressure),
        thermal_warning_level: state.thermal_warning_level,
        performance_warning_level: state.performance_warning_level,
        cpu_power_status: state.cpu_power_status,
        limits_percent: state.limits_percent,
    }
}

fn disk(disk: wire::DiskSmart) -> facet::DiskSmart {
    facet::DiskSmart {
        device: disk.device,
        // Zero is how the wire says that nobody knows.
        temperature: (disk.temperature != 0).then_some(Celsius(disk.temperature as f64)),
        model: text(&disk.model),
        serial: text(&disk.serial),
        wwn: text(&disk.wwn),
        kind: text(&disk.kind),
        controller: text(&disk.controller),
        target: text(&disk.target),
        size_bytes: disk.size_bytes.map(Bytes),
        health: text(disk.health.as_str()),
        pool: text(&disk.pool),
        io: disk.io.map(counters),
        collection: disk.collection.map(collection),
        attributes: disk.attributes.map(attributes),
        standby: disk.standby,
    }
}

fn counters(io: wire::DiskIo) -> DiskIo {
    DiskIo {
        device: io.device,
        read_bytes: io.read_bytes.map(Bytes),
        write_bytes: io.write_bytes.map(Bytes),
        read_ops: io.read_ops,
        write_ops: io.write_ops,
        read_time_ms: io.read_time_ms,
        write_time_ms: io.write_time_ms,
        io_time_ms: io.io_time_ms,
    }
}

fn collection(collection: wire::SmartCollection) -> DiskCollection {
    let part = |part: wire::SmartPart| {
        let part = CollectedPart {
            state: part.state.to_string(),
            source: text(&part.source),
            reason: text(&part.reason),
        };
        (!part.state.is_empty()).then_some(part)
    };
    DiskCollection {
        serial: part(collection.serial),
        temperature: part(collection.temperature),
        io: part(collection.io),
        controller: part(collection.controller),
        pool: part(collection.pool),
    }
}

fn attributes(attributes: wire::SmartAttributes) -> SmartAttributes {
    SmartAttributes {
        power_on_hours: attributes.power_on_hours,
        power_cycles: attributes.power_cycles,
        reallocated_sectors: attributes.reallocated_sectors,
        pending_sectors: attributes.pending_sectors,
        offline_uncorrectable: attributes.offline_uncorrectable,
        udma_crc_errors: attributes.udma_crc_errors,
        percentage_used: attributes.percentage_used,
        available_spare: attributes.available_spare,
        media_errors: attributes.media_errors,
        unsafe_shutdowns: attributes.unsafe_shutdowns,
    }
}
