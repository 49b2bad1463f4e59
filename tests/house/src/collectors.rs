//! Lists complete: a collector that is not in `ALL` never runs, and nothing else would say so.

use crate::source::code_only;
use crate::tree::Tree;

const DIRECTORY: &str = "agent/host/src/collect/";

/// Names the collectors under `agent/host/src/collect` that `ALL` leaves out.
#[must_use]
pub fn unlisted(tree: &Tree) -> Vec<String> {
    let Some(module) = tree.file("agent/host/src/collect/mod.rs") else {
        return vec![format!("{DIRECTORY}mod.rs: not there")];
    };
    let code = code_only(&module.text);
    let Some(list) = list_of_all(&code) else {
        return vec![format!("{}: declares no list `ALL`", module.path)];
    };
    let subjects = tree.rust().filter_map(|file| subject(&file.path));
    let mut missing: Vec<String> = subjects
        .filter(|subject| !list.contains(&format!("{subject}::")))
        .map(|subject| format!("{DIRECTORY}{subject}: not in ALL"))
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

/// The text of the list, from its name to the end of its value.
fn list_of_all(code: &str) -> Option<&str> {
    let start = code.find("const ALL").or_else(|| code.find("static ALL"))?;
    let end = code[start..].find("];").map_or(code.len(), |at| start + at);
    Some(&code[start..end])
}

/// `fans` for `…/collect/fans.rs` as for `…/collect/fans/linux.rs`.
fn subject(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(DIRECTORY)?;
    let first = rest.split('/').next()?.trim_end_matches(".rs");
    (first != "mod" && first != "tests").then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn every_collector_is_in_the_list() {
        demand_none("add these to ALL:", &unlisted(&Tree::repository()));
    }

    #[test]
    fn a_forgotten_collector_is_caught() {
        let tree = Tree::invented(&[
            (
                "agent/host/src/collect/mod.rs",
                "pub const ALL: [fn() -> C; 1] = [cpu::new];\n// fans::new\nmod fans;",
            ),
            ("agent/host/src/collect/cpu.rs", ""),
            ("agent/host/src/collect/fans/mod.rs", ""),
            ("agent/host/src/collect/fans/linux.rs", ""),
        ]);
        assert_eq!(unlisted(&tree), ["agent/host/src/collect/fans: not in ALL"]);
    }

    #[test]
    fn a_missing_list_is_caught() {
        let tree = Tree::invented(&[("agent/host/src/collect/mod.rs", "mod cpu;")]);
        assert_eq!(
            unlisted(&tree),
            ["agent/host/src/collect/mod.rs: declares no list `ALL`"]
        );
    }
}
