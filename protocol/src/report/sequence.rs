//! The position of a report in its agent's stream: `v1:<32 hex>:<decimal>`.

use std::fmt;

/// Position of a report: which run of the agent, and the how-many-eth report of that run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sequence {
    /// Random id of the agent's process.
    pub stream: u128,
    /// Number of the report within the stream, from 1.
    pub number: u64,
}

impl Sequence {
    /// Reads a position; formats this version does not know are `None`, not an error.
    pub fn parse(text: &str) -> Option<Self> {
        let (stream, number) = text.strip_prefix("v1:")?.split_once(':')?;
        let is_hex = stream.len() == 32 && stream.bytes().all(|b| b.is_ascii_hexdigit());
        let is_decimal = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        if !is_hex || !is_decimal {
            return None;
        }
        let stream = u128::from_str_radix(stream, 16).ok()?;
        let number = number.parse().ok().filter(|&n| n > 0)?;
        Some(Self { stream, number })
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1:{:032x}:{}", self.stream, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "v1:00ff00ff00ff00ff00ff00ff00ff00ff:17";

    #[test]
    fn a_position_reads_back_as_written() {
        let position = Sequence::parse(TEXT).unwrap();
        assert_eq!(position.number, 17);
        assert_eq!(position.to_string(), TEXT);
    }

    #[test]
    fn unknown_formats_are_no_position() {
        let stream = "00ff00ff00ff00ff00ff00ff00ff00ff";
        for text in [
            String::new(),
            "17".into(),
            format!("v2:{stream}:17"),
            format!("v1:{stream}"),
            format!("v1:{stream}:"),
            format!("v1:{stream}:0"),
            format!("v1:{stream}:+1"),
            format!("v1:{stream}:-1"),
            format!("v1:{stream}:1 "),
            format!("v1:{stream}:99999999999999999999999"),
            format!("v1:{}:1", &stream[1..]),
            format!("v1:+{}:1", &stream[1..]),
            format!("v1:{stream}0:1"),
        ] {
            assert_eq!(Sequence::parse(&text), None, "{text}");
        }
    }
}
