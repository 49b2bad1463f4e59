//! Some foreign crates have one home: what they do is decided there and nowhere else.

use crate::workspace::Member;

/// A foreign crate and the crates of ours that may name it.
const OWNERS: [(&str, &[&str]); 5] = [
    ("redb", &["pulse-store"]),
    ("axum", &["pulse-api", "pulse-tests"]),
    ("axum-server", &["pulse-api"]),
    ("bcrypt", &["pulse-security"]),
    // Libraries have errors of their own; programs may be content with a chain of words.
    (
        "anyhow",
        &[
            "pulse-server",
            "pulse-agent",
            "pulse-tests",
            "pulse-load",
            "xtask",
        ],
    ),
];

/// Names crates that use what belongs to another.
#[must_use]
pub fn trespassers(members: &[Member]) -> Vec<String> {
    let mut found = Vec::new();
    for (foreign, owners) in OWNERS {
        let users = members
            .iter()
            .filter(|member| member.uses.iter().any(|used| used == foreign));
        let strangers = users.filter(|member| !owners.contains(&member.name.as_str()));
        found.extend(strangers.map(|member| format!("{} uses {foreign}", member.name)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;
    use crate::workspace::members;

    #[test]
    fn foreign_crates_stay_at_home() {
        demand_none("ask the owner instead:", &trespassers(&members()));
    }

    #[test]
    fn a_second_user_of_the_database_is_caught() {
        let tree = [
            Member::invented("pulse-store", &["redb", "serde"]),
            Member::invented("pulse-estate", &["redb", "anyhow"]),
        ];
        assert_eq!(
            trespassers(&tree),
            ["pulse-estate uses redb", "pulse-estate uses anyhow"]
        );
    }
}
