//! A container's own health check: its verdict, and whom it asks.

use pulse_protocol::report::docker::ContainerHealth;
use url::{Host, Url};

/// Most host names of one health check.
const TARGETS: usize = 16;

/// Longest health check that is looked through.
const TEST: usize = 16 * 1024;

/// Reads the verdict from the list's words for people, which are as new as the list; what was
/// inspected may be older.
pub(super) fn verdict(status: &str, inspected: &str) -> ContainerHealth {
    if !status.starts_with("Up") {
        // The engine keeps the last verdict of what no longer runs.
        return ContainerHealth::default();
    }
    for (words, verdict) in [
        ("(healthy)", ContainerHealth::Healthy),
        ("(unhealthy)", ContainerHealth::Unhealthy),
        ("(health: starting)", ContainerHealth::Starting),
        ("(starting)", ContainerHealth::Starting),
    ] {
        if status.contains(words) {
            return verdict;
        }
    }
    ContainerHealth::from(inspected)
}

/// Finds the hosts a health check asks: no paths, no credentials, not itself.
pub(super) fn targets(test: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in test
        .iter()
        .filter(|text| text.len() <= TEST)
        .flat_map(|text| {
            text.split(|c: char| {
                c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ';' | '|' | '(' | ')')
            })
        })
    {
        let start = ["http://", "https://"]
            .iter()
            .filter_map(|scheme| word.find(scheme))
            .min();
        let url = start.and_then(|start| Url::parse(&word[start..]).ok());
        let Some(url) = url else { continue };
        let host = match url.host() {
            Some(Host::Domain("localhost")) | None => continue,
            Some(Host::Ipv4(address)) if address.is_loopback() || address.is_unspecified() => {
                continue;
            }
            Some(Host::Ipv6(address)) if address.is_loopback() || address.is_unspecified() => {
                continue;
            }
            Some(host) => host.to_string(),
        };
        if !found.contains(&host) {
            found.push(host);
        }
        if found.len() == TARGETS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_knows_the_verdict_before_it_is_inspected() {
        for (status, inspected, expected) in [
            ("Up 4 hours (healthy)", "", ContainerHealth::Healthy),
            (
                "Up 4 hours (unhealthy)",
                "healthy",
                ContainerHealth::Unhealthy,
            ),
            (
                "Up 2 seconds (health: starting)",
                "",
                ContainerHealth::Starting,
            ),
            ("Up 4 hours", "unhealthy", ContainerHealth::Unhealthy),
            ("Up 4 hours", "none", ContainerHealth::None),
            ("Up 4 hours", "", ContainerHealth::default()),
            (
                "Exited (0) 2 hours ago",
                "unhealthy",
                ContainerHealth::default(),
            ),
        ] {
            assert_eq!(verdict(status, inspected), expected, "{status}");
        }
    }

    #[test]
    fn hosts_are_found_and_nothing_secret_with_them() {
        let test = |text: &str| targets(&["CMD-SHELL".to_owned(), text.to_owned()]);
        assert_eq!(
            test("curl -f 'https://me:pw@db.lan:8443/health?token=x' || wget http://10.0.0.7/"),
            ["db.lan", "10.0.0.7"]
        );
        assert!(
            test("curl http://localhost:80/ http://127.0.0.1 http://[::1]/ http://").is_empty()
        );
        let many: String = (0..40)
            .map(|n| format!(" http://h{n}/ http://h{n}/x"))
            .collect();
        assert_eq!(test(&many).len(), TARGETS);
    }
}
