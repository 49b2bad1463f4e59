//! Reads what `smartctl` says of one disk, in JSON.

use pulse_protocol::report::host::{DiskSmart, SmartAttributes, SmartHealth};
use serde_json::Value;

use super::disk::Look;
use super::scan::{ASLEEP, Target};

/// Its exit code is a set of bits: the command line was wrong, the disk did not open.
const NOT_READ: i32 = 0b11;
/// The disk expects to fail.
const FAILING: i32 = 0b1000;

/// Temperatures beyond are a sensor's fault.
const HOTTEST: i64 = 150;

/// What `smartctl` says where a disk has no SMART that could be asked for.
const NO_SMART: [&str; 7] = [
    "Unknown USB bridge",
    "Unable to detect device type",
    "please try",
    "lacks SMART capability",
    "SMART support is: Unavailable",
    "not supported",
    "Unsupported",
];

/// Reads an answer; `only_state` when nothing but the power state was wanted.
pub(super) fn read(answer: &Value, code: i32, target: &Target, only_state: bool) -> Look {
    let messages = messages(answer);
    let is_asleep = code == ASLEEP || messages.contains("STANDBY") || messages.contains("SLEEP");
    if target.can_sleep() && code & NOT_READ != 0 && is_asleep {
        return Look::Asleep;
    }
    let mut facts = facts(answer);
    if code & FAILING != 0 {
        facts.health = SmartHealth::Failed;
    }
    let is_told = facts.health != SmartHealth::NotStated
        || facts.temperature != 0
        || facts.attributes.is_some();
    if is_told {
        return Look::Read(Box::new(facts));
    }
    if answer["smart_support"]["available"] == Value::Bool(false) || no_smart(&messages) {
        let reason = first_or(&messages, "the disk or its bridge has no SMART");
        return Look::Unsupported {
            reason,
            facts: Box::new(facts),
        };
    }
    if code & NOT_READ != 0 {
        return Look::Failed(first_or(&messages, &format!("smartctl ended with {code}")));
    }
    if only_state && target.can_sleep() {
        return Look::Awake;
    }
    Look::Unsupported {
        reason: "the disk tells nothing of its health".to_owned(),
        facts: Box::new(facts),
    }
}

pub(super) fn no_smart(text: &str) -> bool {
    NO_SMART.iter().any(|part| text.contains(part))
}

fn first_or(messages: &str, otherwise: &str) -> String {
    let first = messages
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty());
    first.unwrap_or(otherwise).chars().take(200).collect()
}

fn messages(answer: &Value) -> String {
    let messages = answer["smartctl"]["messages"].as_array();
    let messages = messages.map(Vec::as_slice).unwrap_or_default().iter();
    let texts: Vec<&str> = messages
        .filter_map(|message| message["string"].as_str())
        .take(16)
        .collect();
    texts.join("\n")
}

fn facts(answer: &Value) -> DiskSmart {
    let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str);
    let vendor_product = || {
        let vendor = text("/scsi_vendor").or_else(|| text("/vendor"))?;
        let product = text("/scsi_product").or_else(|| text("/product"))?;
        Some(format!("{} {}", vendor.trim(), product.trim()))
    };
    let model = text("/model_name").map(str::to_owned);
    let model = model.or_else(vendor_product);
    let kind = match text("/device/protocol").unwrap_or_default() {
        "ATA" => "sata",
        "SCSI" => "sas",
        "NVMe" => "nvme",
        _ => "",
    };
    let passed = answer
        .pointer("/smart_status/passed")
        .and_then(Value::as_bool);
    let size = number(answer, "/user_capacity/bytes")
        .or_else(|| number(answer, "/nvme_total_capacity"))
        .and_then(|bytes| u64::try_from(bytes).ok());
    DiskSmart {
        model: model.unwrap_or_default().trim().to_owned(),
        serial: text("/serial_number").unwrap_or_default().trim().to_owned(),
        wwn: world_wide_name(answer).unwrap_or_default(),
        kind: kind.to_owned(),
        size_bytes: size.filter(|bytes| *bytes > 0),
        temperature: temperature(answer),
        health: match passed {
            Some(true) => SmartHealth::Passed,
            Some(false) => SmartHealth::Failed,
            None => SmartHealth::NotStated,
        },
        attributes: attributes(answer),
        ..DiskSmart::default()
    }
}

fn number(answer: &Value, pointer: &str) -> Option<i64> {
    answer.pointer(pointer).and_then(Value::as_i64)
}

fn temperature(answer: &Value) -> i64 {
    let current = number(answer, "/temperature/current")
        .or_else(|| number(answer, "/nvme_smart_health_information_log/temperature"));
    current
        .filter(|degrees| (1..HOTTEST).contains(degrees))
        .unwrap_or(0)
}

fn world_wide_name(answer: &Value) -> Option<String> {
    if let Some(id) = answer["logical_unit_id"].as_str() {
        return Some(id.to_owned());
    }
    let part = |name: &str| answer["wwn"][name].as_u64();
    Some(format!(
        "0x{:x}{:06x}{:09x}",
        part("naa")?,
        part("oui")?,
        part("id")?
    ))
}

/// Collects wear and errors from whichever of the three families the disk is of.
fn attributes(answer: &Value) -> Option<SmartAttributes> {
    let log = |name: &str| {
        number(
            answer,
            &format!("/nvme_smart_health_information_log/{name}"),
        )
    };
    let uncorrected = || {
        let counters = ["read", "write", "verify"].iter().filter_map(|what| {
            let pointer = format!("/scsi_error_counter_log/{what}/total_uncorrected_errors");
            number(answer, &pointer)
        });
        counters.reduce(i64::saturating_add)
    };
    let attributes = SmartAttributes {
        power_on_hours: number(answer, "/power_on_time/hours").or_else(|| log("power_on_hours")),
        power_cycles: number(answer, "/power_cycle_count").or_else(|| log("power_cycles")),
        reallocated_sectors: raw(answer, 5).or_else(|| number(answer, "/scsi_grown_defect_list")),
        pending_sectors: raw(answer, 197).or_else(|| number(answer, "/scsi_pending_defects/count")),
        offline_uncorrectable: raw(answer, 198),
        udma_crc_errors: raw(answer, 199),
        percentage_used: log("percentage_used")
            .or_else(|| number(answer, "/scsi_percentage_used_endurance_indicator"))
            .or_else(|| number(answer, "/endurance_used/current_percent")),
        available_spare: log("available_spare")
            .or_else(|| number(answer, "/spare_available/current_percent")),
        media_errors: log("media_errors").or_else(uncorrected),
        unsafe_shutdowns: log("unsafe_shutdowns"),
    };
    (attributes != SmartAttributes::default()).then_some(attributes)
}

/// Returns the raw value of an ATA attribute. Some makers pack several figures into the number; the
/// text beside it begins with the one that counts.
fn raw(answer: &Value, id: u64) -> Option<i64> {
    let table = answer.pointer("/ata_smart_attributes/table")?.as_array()?;
    let row = table.iter().find(|row| row["id"].as_u64() == Some(id))?;
    let text = row.pointer("/raw/string").and_then(Value::as_str);
    let first = text.and_then(|text| text.split([' ', '(', '/']).next()?.parse().ok());
    first.or_else(|| row.pointer("/raw/value").and_then(Value::as_i64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::collect::smart::scan;

    fn target(name: &str) -> Target {
        let disk = crate::block::PhysicalDisk {
            name: name.to_owned(),
            is_rotational: true,
            ..Default::default()
        };
        scan::targets(vec![disk], Vec::new(), |_| false).remove(0)
    }

    fn told(answer: &Value, code: i32) -> DiskSmart {
        match read(answer, code, &target("sda"), false) {
            Look::Read(facts) => *facts,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn bits_of_the_exit_code_do_not_hide_what_was_told() {
        let passed = json!({"smart_status": {"passed": true}});
        // Old errors in its log, a value that was once below its threshold.
        assert_eq!(told(&passed, 0b110_0100).health, SmartHealth::Passed);
        assert_eq!(told(&passed, FAILING).health, SmartHealth::Failed);
        let failed = json!({"smart_status": {"passed": false}});
        assert_eq!(told(&failed, 0).health, SmartHealth::Failed);
    }

    #[test]
    fn a_disk_that_sleeps_is_no_failure() {
        let asleep = json!({"smartctl": {"messages": [
            {"string": "Device is in STANDBY mode, exit(3)", "severity": "information"}]}});
        for code in [2, 3] {
            let look = read(&asleep, code, &target("sda"), false);
            assert!(matches!(look, Look::Asleep), "{code}: {look:?}");
        }
        let look = read(&json!({}), 3, &target("nvme0n1"), false);
        assert!(
            matches!(look, Look::Failed(_)),
            "it has nothing to spin: {look:?}"
        );
    }

    #[test]
    fn a_bridge_without_smart_is_unsupported_and_a_closed_door_a_failure() {
        let message = |text: &str| json!({"smartctl": {"messages": [{"string": text}]}});
        for (text, is_unsupported) in [
            ("/dev/sda: Unknown USB bridge [0x1234:0x5678 (0x100)]", true),
            (
                "Smartctl open device: /dev/sda failed: Permission denied",
                false,
            ),
        ] {
            let look = read(&message(text), 2, &target("sda"), false);
            assert_eq!(
                matches!(look, Look::Unsupported { .. }),
                is_unsupported,
                "{look:?}"
            );
            assert_eq!(matches!(look, Look::Failed(_)), !is_unsupported, "{look:?}");
        }
        let none = json!({"model_name": "Stick", "smart_support": {"available": false}});
        let look = read(&none, 4, &target("sda"), false);
        assert!(matches!(look, Look::Unsupported { facts, .. } if facts.model == "Stick"));
    }

    #[test]
    fn packed_raw_values_are_read_by_their_first_figure() {
        let table = json!({"ata_smart_attributes": {"table": [
            {"id": 5, "raw": {"value": 4_295_032_833_i64, "string": "1 (0 65536)"}},
            {"id": 197, "raw": {"value": 8}}, {"id": 199, "raw": "rubbish"}]}});
        let attributes = told(&table, 0).attributes.expect("attributes");
        assert_eq!(attributes.reallocated_sectors, Some(1));
        assert_eq!(attributes.pending_sectors, Some(8));
        assert_eq!(attributes.udma_crc_errors, None);
    }

    fn captured(name: &str) -> Option<DiskSmart> {
        let text = crate::captures::read(&format!("smart/smartctl_exporter/{name}.json"))?;
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        let code = answer["smartctl"]["exit_status"].as_i64().unwrap_or(0);
        Some(told(&answer, i32::try_from(code).expect("a code")))
    }

    #[test]
    fn captured_ata_disks_read() {
        let Some(disk) = captured("HGST_HUS724020ALE640_28") else {
            return;
        };
        assert_eq!((disk.kind.as_str(), disk.temperature), ("sata", 26));
        assert_eq!(disk.health, SmartHealth::Passed);
        assert_eq!(disk.size_bytes, Some(2_000_398_934_016));
        let attributes = disk.attributes.expect("attributes");
        assert_eq!(attributes.udma_crc_errors, Some(12));
        assert_eq!(attributes.reallocated_sectors, Some(0));
    }

    #[test]
    fn captured_sas_and_nvme_disks_read() {
        let Some(disk) = captured("SEAGATE_ST373453LC_26") else {
            return;
        };
        assert_eq!((disk.kind.as_str(), disk.temperature), ("sas", 33));
        let attributes = disk.attributes.expect("attributes");
        assert_eq!(attributes.reallocated_sectors, Some(260));
        for (name, used) in [
            ("SAMSUNG_MZVL21T0HCLR-00B00_23", 16),
            ("INTEL_SSDPE2KX080T8_1", 0),
            ("nvme-null-Micron_7450_MTFDKCC3T8TFR-nvme11", 0),
        ] {
            let disk = captured(name).expect("beside the first");
            assert_eq!(
                (disk.kind.as_str(), disk.health),
                ("nvme", SmartHealth::Passed)
            );
            let attributes = disk.attributes.expect("attributes");
            assert_eq!(attributes.percentage_used, Some(used));
            assert!(attributes.available_spare.is_some());
        }
    }
}
