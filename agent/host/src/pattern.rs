//! The operator's patterns for disks and mounts.

/// Tells whether one of `patterns` names one of `subjects`.
///
/// A pattern is an exact text, `start*`, `*end` or `*part*`.
pub(crate) fn any_matches(patterns: &[String], subjects: &[&str]) -> bool {
    patterns.iter().any(|pattern| {
        subjects
            .iter()
            .any(|subject| matches(pattern.trim(), subject))
    })
}

fn matches(pattern: &str, subject: &str) -> bool {
    if pattern.is_empty() || subject.is_empty() {
        return false;
    }
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(rest), Some(_)) => subject.contains(rest.trim_end_matches('*')),
        (Some(end), None) => subject.ends_with(end),
        (None, Some(start)) => subject.starts_with(start),
        (None, None) => subject == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_start_end_and_part() {
        for (pattern, subject, expected) in [
            ("/mnt/a", "/mnt/a", true),
            ("/mnt/a", "/mnt/ab", false),
            ("/mnt/*", "/mnt/a", true),
            ("/mnt/*", "/srv/mnt/a", false),
            ("*backup*", "/srv/backup/x", true),
            ("*backup*", "/srv/back", false),
            ("*.img", "/srv/x.img", true),
            (" sda ", "sda", true),
            ("*", "/anything", true),
            ("", "", false),
        ] {
            assert_eq!(
                any_matches(&[pattern.to_owned()], &[subject]),
                expected,
                "{pattern}"
            );
        }
    }
}
