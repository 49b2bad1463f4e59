//! How long to leave a server alone that did not take a report.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Longest wait between attempts while the server is away.
const LONGEST: Duration = Duration::from_secs(60);

/// Shortest wait between attempts.
const SHORTEST: Duration = Duration::from_secs(1);

/// First wait of an enrolment, doubled each time up to [`LONGEST`].
const ENROLMENT: Duration = Duration::from_secs(5);

/// Longest the server may ask to be left alone.
const MOST_ASKED: Duration = Duration::from_secs(300);

/// Reads how long the server asks to be left alone.
pub(crate) fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds).min(MOST_ASKED))
}

/// Waits after the `attempt`-th failure to send: anywhere up to a bound that doubles, so that a
/// thousand agents do not come back at once. `fraction` is 0 to 1.
pub(crate) fn after_failure(attempt: u32, asked: Option<Duration>, fraction: f64) -> Duration {
    if let Some(asked) = asked {
        return asked.max(SHORTEST) + (asked / 4).mul_f64(fraction);
    }
    let bound = doubled(SHORTEST, attempt);
    SHORTEST + (bound - SHORTEST).mul_f64(fraction)
}

/// Waits after a refusal that a person has to lift, such as an unknown token.
pub(crate) fn after_refusal(fraction: f64) -> Duration {
    LONGEST / 2 + (LONGEST / 2).mul_f64(fraction)
}

/// Waits after the `attempt`-th failure to enrol.
pub(crate) fn after_enrolment(attempt: u32, asked: Option<Duration>, fraction: f64) -> Duration {
    if asked.is_some() {
        return after_failure(attempt, asked, fraction);
    }
    let bound = doubled(ENROLMENT, attempt.saturating_sub(1));
    bound / 2 + (bound / 2).mul_f64(fraction)
}

fn doubled(first: Duration, times: u32) -> Duration {
    first
        .saturating_mul(2_u32.saturating_pow(times.min(16)))
        .min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_after_failures_grow_from_one_second_to_a_minute() {
        for attempt in 1..40 {
            assert_eq!(after_failure(attempt, None, 0.0), SHORTEST);
        }
        let longest = |attempt| after_failure(attempt, None, 1.0).as_secs();
        assert_eq!(
            [longest(1), longest(2), longest(5), longest(6), longest(40)],
            [2, 4, 32, 60, 60]
        );
    }

    #[test]
    fn the_server_is_left_alone_as_long_as_it_asks_within_reason() {
        let header = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().expect("a header"));
            asked_for(&headers)
        };
        assert_eq!(header("7"), Some(Duration::from_secs(7)));
        assert_eq!(header("999999999"), Some(MOST_ASKED));
        assert_eq!(header("Wed, 21 Oct 2026 07:28:00 GMT"), None);
        assert_eq!(header("-1"), None);
        let asked = Some(Duration::from_secs(8));
        assert_eq!(after_failure(9, asked, 0.0), Duration::from_secs(8));
        assert_eq!(after_failure(9, asked, 1.0), Duration::from_secs(10));
        assert_eq!(after_failure(9, Some(Duration::ZERO), 1.0), SHORTEST);
    }

    #[test]
    fn waits_of_an_enrolment_double_from_five_seconds() {
        let longest = |attempt| after_enrolment(attempt, None, 1.0).as_secs();
        assert_eq!(
            [longest(1), longest(2), longest(3), longest(5), longest(50)],
            [5, 10, 20, 60, 60]
        );
        assert_eq!(after_enrolment(1, None, 0.0), Duration::from_millis(2_500));
    }
}
