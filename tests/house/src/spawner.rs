//! One spawner: child processes are started in `agent/host/src/exec.rs`, in the maintainer's tasks
//! and in tests, nowhere else, so that arguments, environment and deadline are decided once.

use crate::source::{code_only, is_test_file, split_tests};
use crate::tree::Tree;

const MAY_SPAWN: [&str; 2] = ["agent/host/src/exec.rs", "packaging/xtask/"];

/// Names the places that start a process without being allowed to.
#[must_use]
pub fn stray_spawners(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust() {
        let allowed = MAY_SPAWN.iter().any(|path| file.path.starts_with(path));
        if allowed || is_test_file(&file.path) {
            continue;
        }
        let (own, _) = split_tests(&code_only(&file.text));
        for (number, line) in own.lines().enumerate() {
            if starts_a_process(line) {
                found.push(format!("{}:{}: starts a process", file.path, number + 1));
            }
        }
    }
    found
}

/// `Command::new` as a whole word: cargo's own `MetadataCommand` is another thing.
fn starts_a_process(line: &str) -> bool {
    let mut calls = line.match_indices("Command::new");
    let whole = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric());
    calls.any(|(at, _)| whole(at)) || line.contains("process::Command")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn only_the_spawner_starts_processes() {
        demand_none(
            "use agent/host/src/exec.rs:",
            &stray_spawners(&Tree::repository()),
        );
    }

    #[test]
    fn a_planted_spawner_is_caught_and_the_allowed_ones_are_not() {
        let spawns = "fn f() { Command::new(x); }";
        let tree = Tree::invented(&[
            ("agent/host/src/exec.rs", spawns),
            ("packaging/xtask/src/main.rs", spawns),
            ("tests/flows/main.rs", spawns),
            (
                "agent/host/src/collect/raid.rs",
                "//! Command::new\n\nuse std::process::Command;",
            ),
            (
                "server/src/app.rs",
                "\n\nfn f() { std::process::Command::new(\"ls\") }",
            ),
        ]);
        let expected = [
            "agent/host/src/collect/raid.rs:3: starts a process",
            "server/src/app.rs:3: starts a process",
        ];
        assert_eq!(stray_spawners(&tree), expected);
    }
}
