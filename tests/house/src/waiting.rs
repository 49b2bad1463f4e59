//! Tests wait for an event, not for a while: a sleep is either too short on a slow machine or too
//! long on every other.

use crate::source::{code_only, is_test_file, split_tests};
use crate::tree::Tree;

/// Test files that may still sleep, and how often. This list may only shrink.
pub const ALLOWED: [(&str, usize); 0] = [];

/// Names sleeping tests that `allowed` does not cover, and entries of `allowed` no longer needed.
#[must_use]
pub fn sleepers(tree: &Tree, allowed: &[(&str, usize)]) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree
        .files
        .iter()
        .filter(|file| matches!(file.extension(), "rs" | "ts" | "tsx" | "mjs"))
    {
        let code = code_only(&file.text);
        let tests = if is_test_file(&file.path) {
            code
        } else {
            split_tests(&code).1
        };
        let sleeps = tests.matches("sleep(").count();
        let budget = allowed
            .iter()
            .find(|(path, _)| *path == file.path)
            .map_or(0, |(_, n)| *n);
        if sleeps != budget {
            found.push(format!(
                "{}: sleeps {sleeps} times, {budget} allowed",
                file.path
            ));
        }
    }
    let gone = allowed.iter().filter(|(path, _)| tree.file(path).is_none());
    found.extend(gone.map(|(path, _)| format!("{path}: allowed, not there")));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn no_test_sleeps() {
        demand_none(
            "wait for an event:",
            &sleepers(&Tree::repository(), &ALLOWED),
        );
    }

    #[test]
    fn a_sleeping_test_is_caught_and_an_outlived_allowance_too() {
        let sleeping =
            "fn f() {}\n#[cfg(test)]\nmod tests {\n fn t() { tokio::time::sleep(x); }\n}";
        let tree = Tree::invented(&[
            ("server/x/src/a.rs", sleeping),
            ("server/x/src/b.rs", "fn f() { tokio::time::sleep(x) }"),
            ("tests/flows/c.rs", "// sleep(\nfn t() {}"),
        ]);
        let found = sleepers(&tree, &[("tests/flows/c.rs", 1), ("tests/gone.rs", 1)]);
        let expected = [
            "server/x/src/a.rs: sleeps 1 times, 0 allowed",
            "tests/flows/c.rs: sleeps 0 times, 1 allowed",
            "tests/gone.rs: allowed, not there",
        ];
        assert_eq!(found, expected);
    }
}
