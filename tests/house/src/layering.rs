//! Who may import whom: section "Layers" of docs/ARCHITECTURE.md as a table. An edge that is not in
//! the table fails, and so does a crate the table has never heard of.

use crate::workspace::Member;

const AREAS: [&str; 13] = [
    "pulse-estate",
    "pulse-sources",
    "pulse-history",
    "pulse-alerts",
    "pulse-notify",
    "pulse-recovery",
    "pulse-security",
    "pulse-settings",
    "pulse-fleet",
    "pulse-ai",
    "pulse-updates",
    "pulse-relay",
    "pulse-reports",
];

const COLLECTING: [&str; 3] = [
    "pulse-agent-host",
    "pulse-agent-docker",
    "pulse-agent-kubernetes",
];

/// Areas that translate the wire; every other area is kept from it.
const KNOW_THE_WIRE: [&str; 2] = ["pulse-sources", "pulse-fleet"];

/// Crates no layer binds: they drive the others from outside.
const OUTSIDE: [&str; 3] = ["pulse-tests", "pulse-load", "xtask"];

/// Names the edges that the table does not allow.
#[must_use]
pub fn stray_edges(members: &[Member]) -> Vec<String> {
    let mut found = Vec::new();
    for member in members
        .iter()
        .filter(|member| !OUTSIDE.contains(&member.name.as_str()))
    {
        let Some(allowed) = allowed(&member.name) else {
            found.push(format!("{}: in no layer; give it one", member.name));
            continue;
        };
        for used in member.ours().filter(|used| !allowed.contains(used)) {
            found.push(format!("{} -> {used}", member.name));
        }
    }
    found
}

/// What `name` may depend on; nothing when the table does not know it.
fn allowed(name: &str) -> Option<Vec<&'static str>> {
    let shared = ["pulse-model", "pulse-store", "pulse-net"];
    let allowed = match name {
        "pulse-protocol" | "pulse-model" | "pulse-net" | "pulse-house" => vec![],
        // Clock and Secret are words of the store's own interface.
        "pulse-store" => vec!["pulse-model"],
        "pulse-api" => [&shared[..], &AREAS, &["pulse-protocol"]].concat(),
        "pulse-server" => [&shared[..], &AREAS, &["pulse-protocol", "pulse-api"]].concat(),
        "pulse-agent" => [&["pulse-protocol", "pulse-net"][..], &COLLECTING].concat(),
        name if COLLECTING.contains(&name) => vec!["pulse-protocol", "pulse-net"],
        name if KNOW_THE_WIRE.contains(&name) => [&shared[..], &["pulse-protocol"]].concat(),
        name if AREAS.contains(&name) => shared.to_vec(),
        _ => return None,
    };
    Some(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;
    use crate::workspace::members;

    fn edge(from: &str, to: &str) -> Vec<String> {
        stray_edges(&[Member {
            name: from.to_owned(),
            uses: vec![to.to_owned()],
        }])
    }

    #[test]
    fn every_edge_is_in_the_table() {
        demand_none("these imports cross a layer:", &stray_edges(&members()));
    }

    #[test]
    fn areas_never_meet() {
        assert_eq!(
            edge("pulse-estate", "pulse-sources"),
            ["pulse-estate -> pulse-sources"]
        );
        assert_eq!(
            edge("pulse-security", "pulse-api"),
            ["pulse-security -> pulse-api"]
        );
    }

    #[test]
    fn the_ground_floor_imports_nothing() {
        assert_eq!(edge("pulse-model", "pulse-protocol").len(), 1);
        assert_eq!(edge("pulse-net", "pulse-model").len(), 1);
        assert_eq!(edge("pulse-store", "pulse-model").len(), 0);
        assert_eq!(edge("pulse-store", "pulse-protocol").len(), 1);
    }

    #[test]
    fn only_translators_know_the_wire() {
        assert_eq!(edge("pulse-sources", "pulse-protocol").len(), 0);
        assert_eq!(edge("pulse-estate", "pulse-protocol").len(), 1);
        assert_eq!(edge("pulse-agent-host", "pulse-protocol").len(), 0);
    }

    #[test]
    fn the_agent_never_imports_the_server() {
        assert_eq!(edge("pulse-agent", "pulse-store").len(), 1);
        assert_eq!(edge("pulse-agent", "pulse-net").len(), 0);
    }

    #[test]
    fn a_crate_without_a_layer_is_caught() {
        assert_eq!(
            edge("pulse-cupboard", "pulse-model"),
            ["pulse-cupboard: in no layer; give it one"]
        );
    }
}
