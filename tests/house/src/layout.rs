//! The top level stays as listed, and every crate of the workspace is explained in
//! docs/ARCHITECTURE.md under its path.

use crate::tree::Tree;

/// Everything that may stand at the top level. A new entry needs a better reason than convenience.
const TOP_LEVEL: [&str; 24] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".deny.toml",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "agent",
    "docs",
    "installers",
    "packaging",
    "protocol",
    "server",
    "tests",
    "web",
    ".git",
];

/// Names top-level entries that are not in the list, and entries of the list that are not there.
#[must_use]
pub fn strays(tree: &Tree) -> Vec<String> {
    let top: Vec<&str> = tree
        .paths
        .iter()
        .map(String::as_str)
        .filter(|path| !path.contains('/'))
        .collect();
    let strays = top
        .iter()
        .filter(|path| !TOP_LEVEL.contains(path) && !path.ends_with(".log"));
    let mut found: Vec<String> = strays
        .map(|path| format!("{path}: not in the list"))
        .collect();
    let missing = TOP_LEVEL
        .iter()
        .filter(|path| **path != ".git" && !top.contains(path));
    found.extend(missing.map(|path| format!("{path}: listed, not there")));
    found
}

/// Names crates whose directory docs/ARCHITECTURE.md does not mention.
#[must_use]
pub fn unexplained(tree: &Tree) -> Vec<String> {
    let Some(document) = tree.file("docs/ARCHITECTURE.md") else {
        return vec!["docs/ARCHITECTURE.md: not there".to_owned()];
    };
    let crates = tree
        .files
        .iter()
        .filter_map(|file| file.path.strip_suffix("/Cargo.toml"));
    crates
        .filter(|directory| !document.text.contains(&format!("`{directory}`")))
        .map(|directory| format!("{directory}: docs/ARCHITECTURE.md does not say what it is"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn the_top_level_stays_as_listed() {
        demand_none(
            "the top level differs from the list:",
            &strays(&Tree::repository()),
        );
    }

    #[test]
    fn every_crate_is_explained() {
        demand_none("say what these are for:", &unexplained(&Tree::repository()));
    }

    #[test]
    fn a_stray_file_and_a_missing_one_are_caught() {
        let mut listed: Vec<(&str, &str)> = TOP_LEVEL.iter().map(|path| (*path, "")).collect();
        assert!(strays(&Tree::invented(&listed)).is_empty());
        listed.retain(|(path, _)| *path != "Makefile");
        listed.push(("notes.txt", ""));
        let found = strays(&Tree::invented(&listed));
        assert_eq!(
            found,
            ["notes.txt: not in the list", "Makefile: listed, not there"]
        );
    }

    #[test]
    fn an_unexplained_crate_is_caught() {
        let tree = Tree::invented(&[
            ("docs/ARCHITECTURE.md", "| `server/model` | the nouns |"),
            ("server/model/Cargo.toml", ""),
            ("server/mystery/Cargo.toml", ""),
        ]);
        let found = unexplained(&tree);
        assert_eq!(
            found,
            ["server/mystery: docs/ARCHITECTURE.md does not say what it is"]
        );
    }
}
