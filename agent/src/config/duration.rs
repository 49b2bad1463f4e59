//! Durations as the original agent writes them: `30s`, `1m30s`, `1.5h`, `500ms`.

use std::time::Duration;

const UNITS: [(&str, f64); 7] = [
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3_600.0),
];

/// Reads a duration; a number without a unit means seconds.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if let Ok(seconds) = rest.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let tail = &rest[digits..];
        let end = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == &tail[..end])?;
        seconds += number * factor;
        rest = &tail[end..];
    }
    if text.trim().is_empty() {
        None
    } else {
        Duration::try_from_secs_f64(seconds).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_with_their_units() {
        for (text, milliseconds) in [
            ("30s", 30_000),
            ("1m30s", 90_000),
            ("1.5h", 5_400_000),
            ("500ms", 500),
            ("45", 45_000),
            (" 10s ", 10_000),
            ("0s", 0),
        ] {
            assert_eq!(
                parse(text),
                Some(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
    }

    #[test]
    fn other_texts_are_no_duration() {
        for text in [
            "",
            " ",
            "s",
            "10x",
            "-5s",
            "1m 30s",
            "ten",
            "1..5s",
            "99999999999999h1e9h",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
