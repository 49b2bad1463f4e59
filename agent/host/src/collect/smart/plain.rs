//! Reads what a `smartctl` before 7.0 prints, which knows no JSON; some appliances still have one.

use pulse_protocol::report::host::{DiskSmart, SmartAttributes, SmartHealth};

use super::LIMITS;
use super::answer::no_smart;
use super::disk::Look;
use super::scan::{ASLEEP, Target};
use crate::error::Error;
use crate::tools::{Tool, lossy};

/// Asks one disk.
pub(super) fn ask(tool: &Tool, target: &Target, only_state: bool) -> Look {
    let output = match tool.output(&target.arguments(only_state), LIMITS) {
        Ok(output) => output,
        Err(error @ Error::Timeout(_)) => return Look::Hung(error.to_string()),
        Err(error) => return Look::Failed(error.to_string()),
    };
    let code = output.status.code().unwrap_or(-1);
    read(&lossy(output.bytes), code, target, only_state)
}

fn read(text: &str, code: i32, target: &Target, only_state: bool) -> Look {
    if target.can_sleep() && (code == ASLEEP || text.contains("STANDBY mode")) {
        return Look::Asleep;
    }
    let facts = facts(text);
    if facts.health != SmartHealth::NotStated || facts.attributes.is_some() {
        return Look::Read(Box::new(facts));
    }
    if no_smart(text) {
        return Look::Unsupported {
            reason: "the disk or its bridge has no SMART".to_owned(),
            facts: Box::new(facts),
        };
    }
    if only_state && code == 0 {
        return Look::Awake;
    }
    Look::Failed(format!("smartctl ended with {code}"))
}

fn facts(text: &str) -> DiskSmart {
    let value = |name: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(str::trim).unwrap_or_default()
    };
    let health = match value("SMART overall-health self-assessment test result") {
        "" => value("SMART Health Status"),
        verdict => verdict,
    };
    let model = match value("Device Model") {
        "" => value("Product"),
        model => model,
    };
    let serial = match value("Serial Number") {
        "" => value("Serial number"),
        serial => serial,
    };
    let size = value("User Capacity")
        .split(" bytes")
        .next()
        .unwrap_or_default();
    let attributes = attributes(text);
    let temperature = raw(text, "194").or_else(|| raw(text, "190"));
    let of_scsi = value("Current Drive Temperature").split(' ').next();
    let temperature = temperature.or_else(|| of_scsi?.parse().ok()).unwrap_or(0);
    DiskSmart {
        model: model.to_owned(),
        serial: serial.to_owned(),
        size_bytes: size.replace([',', '.', ' '], "").parse().ok(),
        temperature: if (1..150).contains(&temperature) {
            temperature
        } else {
            0
        },
        health: match health {
            "" => SmartHealth::NotStated,
            "PASSED" | "OK" => SmartHealth::Passed,
            _ => SmartHealth::Failed,
        },
        attributes: (attributes != SmartAttributes::default()).then_some(attributes),
        ..DiskSmart::default()
    }
}

fn attributes(text: &str) -> SmartAttributes {
    SmartAttributes {
        power_on_hours: raw(text, "9"),
        power_cycles: raw(text, "12"),
        reallocated_sectors: raw(text, "5"),
        pending_sectors: raw(text, "197"),
        offline_uncorrectable: raw(text, "198"),
        udma_crc_errors: raw(text, "199"),
        ..SmartAttributes::default()
    }
}

/// Finds an attribute's raw value: `  5 Reallocated_Sector_Ct 0x0033 100 100 010 Pre-fail Always - 0`.
fn raw(text: &str, id: &str) -> Option<i64> {
    text.lines().find_map(|line| {
        let mut words = line.split_ascii_whitespace();
        if words.next()? != id || !words.nth(1)?.starts_with("0x") {
            return None;
        }
        let raw = words.nth(6)?;
        let digits = raw.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_reads() {
        let text = "Device Model:     ST4000VN008-2DR166\nSerial Number:    ZGY0\n\
            User Capacity:    4,000,787,030,016 bytes [4.00 TB]\n\
            SMART overall-health self-assessment test result: PASSED\n\
            ID# ATTRIBUTE_NAME FLAG VALUE WORST THRESH TYPE UPDATED WHEN_FAILED RAW_VALUE\n  \
            5 Reallocated_Sector_Ct   0x0033   100   100   010    Pre-fail  Always       -       3\n  \
            9 Power_On_Hours          0x0032   060   060   000    Old_age   Always       -       35123h+02m\n\
            194 Temperature_Celsius     0x0022   035   045   000    Old_age   Always       -       35 (0 18 0 0 0)\n";
        let disk = facts(text);
        assert_eq!(
            (disk.model.as_str(), disk.serial.as_str()),
            ("ST4000VN008-2DR166", "ZGY0")
        );
        assert_eq!((disk.health, disk.temperature), (SmartHealth::Passed, 35));
        assert_eq!(disk.size_bytes, Some(4_000_787_030_016));
        let attributes = disk.attributes.expect("attributes");
        assert_eq!(attributes.reallocated_sectors, Some(3));
        assert_eq!(attributes.power_on_hours, Some(35_123));
    }

    #[test]
    fn other_texts_say_nothing() {
        let disk = facts("\u{fffd}\u{0}rubbish\n5 5 0x");
        assert_eq!(
            (disk.health, disk.attributes),
            (SmartHealth::NotStated, None)
        );
    }
}
