//! Dependencies: versions are stated once, in the workspace; and one TLS stack, ring, is all there
//! is, because a second one costs megabytes, a C++ toolchain and a second set of defects.

use crate::tree::Tree;

/// Crates that would bring another TLS stack, by how their names begin.
const BANNED: [&str; 4] = ["aws-lc", "openssl", "native-tls", "boring"];

/// Names dependencies that state their own version instead of the workspace's.
#[must_use]
pub fn with_own_version(tree: &Tree) -> Vec<String> {
    let manifests = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"));
    manifests
        .flat_map(|manifest| {
            let stray = |line: &&str| !line.replace(' ', "").contains("workspace=true");
            let lines = dependency_lines(&manifest.text).into_iter().filter(stray);
            lines
                .map(|line| format!("{}: {line}", manifest.path))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The first line of each entry in a dependency section.
fn dependency_lines(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_section = false;
    let mut depth = 0_i32;
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or("").trim();
        if depth == 0 && line.starts_with('[') {
            in_section = line.trim_end_matches(']').ends_with("dependencies");
        } else if in_section && depth == 0 && !line.is_empty() {
            found.push(line);
        }
        if !line.starts_with('[') || depth > 0 {
            depth += line.matches(['{', '[']).count() as i32;
            depth -= line.matches(['}', ']']).count() as i32;
        }
    }
    found
}

/// Names banned crates that the lock file holds.
#[must_use]
pub fn banned(tree: &Tree) -> Vec<String> {
    let Some(lock) = tree.file("Cargo.lock") else {
        return vec!["Cargo.lock: not there".to_owned()];
    };
    let names = lock
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("name = \""));
    let names = names.map(|name| name.trim_end_matches('"'));
    // Only looks where the system keeps its certificates.
    let speaks_no_tls = |name: &str| name == "openssl-probe";
    names
        .filter(|name| BANNED.iter().any(|start| name.starts_with(start)) && !speaks_no_tls(name))
        .map(|name| format!("Cargo.lock: {name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn versions_live_in_the_workspace_only() {
        demand_none(
            "write `x.workspace = true`:",
            &with_own_version(&Tree::repository()),
        );
    }

    #[test]
    fn there_is_one_tls_stack() {
        demand_none(
            "find who brings these and switch it off:",
            &banned(&Tree::repository()),
        );
    }

    #[test]
    fn an_own_version_is_caught() {
        let manifest = "[package]\nversion = \"1\"\n[dependencies]\nserde.workspace = true\n\
            tokio = { workspace = true, features = [\n  \"rt\",\n] }\nhex = \"0.4\"\n\
            [target.'cfg(unix)'.dev-dependencies]\nnix = { version = \"1\" } # why\n[features]\na = []\n";
        let tree = Tree::invented(&[("server/x/Cargo.toml", manifest)]);
        let expected = [
            "server/x/Cargo.toml: hex = \"0.4\"",
            "server/x/Cargo.toml: nix = { version = \"1\" }",
        ];
        assert_eq!(with_own_version(&tree), expected);
    }

    #[test]
    fn a_second_tls_stack_is_caught() {
        let lock = "name = \"ring\"\nname = \"aws-lc-rs\"\nname = \"openssl-sys\"\nname = \"openssl-probe\"\n";
        let tree = Tree::invented(&[("Cargo.lock", lock)]);
        assert_eq!(
            banned(&tree),
            ["Cargo.lock: aws-lc-rs", "Cargo.lock: openssl-sys"]
        );
    }
}
