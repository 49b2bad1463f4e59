//! Ceilings: a size of memory such as `64M`, a share of a core such as `20%`, or `off`.

use super::{Values, bad};
use crate::error::Error;
use crate::footprint::Ceilings;

/// Smallest ceiling for memory. Less is a slip, such as a number without its unit: the program
/// alone needs more.
const LEAST: u64 = 1 << 20;

/// The ceiling for memory where a cluster is read, unless the operator says otherwise: 5,000 pods
/// take 55 MB, and reports that wait for a server that is away are held beside them.
const CLUSTER: u64 = 96 << 20;

/// Largest ceiling for processor time, in percent of a core.
const MOST_CPU: f64 = 100_000.0;

impl Values<'_> {
    pub(super) fn ceilings(&self, reads_cluster: bool) -> Result<Ceilings, Error> {
        let mut ceilings = Ceilings::default();
        if reads_cluster {
            ceilings.memory = Some(CLUSTER);
        }
        if let Some(text) = self.text("memory-ceiling") {
            ceilings.memory = limit(&text, |text| bytes(text).filter(|bytes| *bytes >= LEAST))
                .ok_or_else(|| bad("memory-ceiling", "a size such as 64M, 1M or more, or off"))?;
        }
        if let Some(text) = self.text("cpu-ceiling") {
            ceilings.cpu = limit(&text, percent)
                .ok_or_else(|| bad("cpu-ceiling", "a share of one core such as 20%, or off"))?;
        }
        Ok(ceilings)
    }
}

/// Reads a limit, or the word that there is none. `None` when it is neither.
fn limit<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if ["off", "none", "disabled"].contains(&text.to_lowercase().as_str()) {
        return Some(None);
    }
    read(text).map(Some)
}

/// Reads a size; units are those of service managers, 1024 each.
fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let shift = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return None,
    };
    number.checked_mul(1 << shift)
}

fn percent(text: &str) -> Option<f64> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    let share: f64 = number.parse().ok()?;
    (share > 0.0 && share <= MOST_CPU).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_with_their_units() {
        for (text, expected) in [
            ("1048576", 1_048_576),
            ("64M", 67_108_864),
            ("64m", 67_108_864),
            (" 64 MiB ", 67_108_864),
            ("2048k", 2_097_152),
            ("1GB", 1_073_741_824),
        ] {
            assert_eq!(bytes(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "M",
            "-64M",
            "6.4M",
            "64T",
            "64 M B",
            "99999999999G",
            "lots",
        ] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn shares_of_a_core_read_with_and_without_their_sign() {
        assert_eq!(percent("20%"), Some(20.0));
        assert_eq!(percent("0.5"), Some(0.5));
        assert_eq!(percent("150 %"), Some(150.0));
        for text in ["", "%", "0", "-1", "NaN", "inf", "1e9", "half"] {
            assert_eq!(percent(text), None, "{text}");
        }
    }
}
