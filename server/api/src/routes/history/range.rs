//! How far back a question goes, in the words of all versions.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;

use pulse_history::{Handle, Span};

/// Nothing is kept longer, and no clock is trusted further.
const LONGEST: u64 = 5 * 366 * 86_400;
const DAY: Duration = Duration::from_secs(86_400);

/// Returns the span `text` names: `30m`, `36h`, `90d`, `1h30m`. What cannot be read is a day.
pub(super) fn parse(text: &str) -> Duration {
    read(text).unwrap_or(DAY)
}

/// Returns the span `text` names, if it names one.
pub(super) fn read(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_lowercase();
    let (mut rest, mut seconds) = (text.as_str(), 0_u64);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = rest.split_at(digits);
        let each = match unit.as_bytes()[0] {
            b's' => 1,
            b'm' => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return None,
        };
        rest = unit.get(1..)?;
        let number: u64 = number.parse().ok()?;
        seconds = seconds.saturating_add(number.saturating_mul(each));
    }
    (seconds > 0).then(|| Duration::from_secs(seconds.min(LONGEST)))
}

/// Returns the last `range` up to and with the second `now` is in, cut into `points`.
pub(super) fn span(now: Timestamp, range: Duration, points: usize) -> Span {
    let end = Timestamp::from_second(now.as_second() + 1).unwrap_or(now);
    Span {
        start: end.checked_sub(range).unwrap_or(Timestamp::UNIX_EPOCH),
        end,
        points,
    }
}

/// What an answer over a span is made of: what the history has recorded, stored and deleted, and
/// where its buckets begin and end. Half a bucket is as exactly as time shows in it.
#[derive(Hash)]
pub(super) struct Made {
    counted: [u64; 3],
    half_buckets: (i64, i64),
}

impl Made {
    /// Returns what an answer of `history` over `span` would be made of now.
    pub fn of(history: &Handle, span: &Span) -> Self {
        let counters = history.counters();
        let counted = [
            &counters.recorded,
            &counters.blocks_written,
            &counters.expired,
        ];
        let (start, end) = (span.start.as_second(), span.end.as_second());
        let half = ((end - start) / (2 * span.points.max(1) as i64)).max(1);
        Self {
            counted: counted.map(|counter| counter.load(Ordering::Relaxed)),
            half_buckets: (start / half, end / half),
        }
    }
}

/// Reads a number of points; what cannot be read is `usual`.
pub(super) fn points(text: &str, usual: usize, least: usize, most: usize) -> usize {
    let text = text.trim();
    let is_huge = text.len() > 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    let read = if is_huge {
        Some(most)
    } else {
        text.parse().ok()
    };
    read.unwrap_or(usual).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_as_documented_and_nonsense_is_a_day() {
        for (text, seconds) in [
            ("30m", 1_800),
            ("1h", 3_600),
            ("7D", 604_800),
            ("36h", 129_600),
            ("1h30m", 5_400),
            ("99999999999999999d", LONGEST),
        ] {
            assert_eq!(parse(text).as_secs(), seconds, "{text}");
        }
        for nonsense in [
            "",
            "soon",
            "-1h",
            "0h",
            "h",
            "12",
            "1é",
            "9999999999999999999999d",
        ] {
            assert_eq!(parse(nonsense), DAY, "{nonsense}");
        }
    }

    #[test]
    fn points_are_clamped_and_nonsense_is_usual() {
        assert_eq!(points("0", 60, 2, 500), 2);
        assert_eq!(points("1000000000", 60, 2, 500), 500);
        assert_eq!(points("99999999999999999999999", 60, 2, 500), 500);
        for nonsense in ["", "many", "-3"] {
            assert_eq!(points(nonsense, 60, 2, 500), 60, "{nonsense}");
        }
    }
}
