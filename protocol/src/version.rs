//! Versions of agents and servers, and their order.

use std::cmp::Ordering;

/// Version of this crate and of everything built with it.
pub const OWN: &str = env!("CARGO_PKG_VERSION");

/// A semantic version; a leading `v` is allowed, build metadata is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    pre_release: Vec<Part>,
}

/// Part of a pre-release. Numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

impl Version {
    /// Reads a version; anything else, such as `dev`, is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split('+').next()?;
        let (numbers, pre_release) = match text.split_once('-') {
            Some((numbers, pre_release)) => (numbers, Some(pre_release)),
            None => (text, None),
        };
        let numbers: Vec<u64> = numbers
            .split('.')
            .map(parse_number)
            .collect::<Option<_>>()?;
        let pre_release = pre_release.map_or(Some(Vec::new()), |parts| {
            parts.split('.').map(Part::parse).collect()
        })?;
        Some(Self {
            numbers: numbers.try_into().ok()?,
            pre_release,
        })
    }

    /// Returns whether `offered` is strictly newer than `own`; `false` if either is no version.
    pub fn is_newer(offered: &str, own: &str) -> bool {
        matches!((Self::parse(offered), Self::parse(own)), (Some(a), Some(b)) if a > b)
    }
}

impl Part {
    fn parse(text: &str) -> Option<Self> {
        let is_word =
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let word = is_word.then(|| Self::Word(text.to_owned()));
        parse_number(text).map(Self::Number).or(word)
    }
}

fn parse_number(text: &str) -> Option<u64> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        // A release comes after its own pre-releases.
        self.numbers
            .cmp(&other.numbers)
            .then(
                self.pre_release
                    .is_empty()
                    .cmp(&other.pre_release.is_empty()),
            )
            .then(self.pre_release.cmp(&other.pre_release))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_the_published_order() {
        let ordered = [
            "0.1.0",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "v1.0.1",
            "1.10.0",
            "v6.3.0",
        ];
        for pair in ordered.windows(2) {
            assert!(Version::is_newer(pair[1], pair[0]), "{pair:?}");
            assert!(!Version::is_newer(pair[0], pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn the_same_version_is_not_newer() {
        assert!(!Version::is_newer("v6.3.0", "6.3.0"));
        assert!(!Version::is_newer("6.3.0+build.7", "6.3.0"));
    }

    #[test]
    fn what_is_no_version_is_never_newer() {
        for text in [
            "dev", "", "v", "6", "6.3", "6.3.0.1", "6.3.x", "6.3.-1", "6.3.0-", "+", "1..2",
        ] {
            assert_eq!(Version::parse(text), None, "{text}");
            assert!(!Version::is_newer(text, "0.0.1"));
        }
        assert!(!Version::is_newer("99.0.0", "dev"));
        assert_eq!(Version::parse("99999999999999999999999.0.0"), None);
    }

    #[test]
    fn our_own_version_is_one() {
        assert!(Version::parse(OWN).is_some());
    }
}
