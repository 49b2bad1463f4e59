//! Size and opening of a file: at most 500 code lines, tests, blanks and comments not counted, and
//! every module says first what it is for. Function length is clippy's affair.

use crate::source::{code_only, is_test_file, split_tests};
use crate::tree::{SourceFile, Tree};

/// Code lines a file may have.
pub const LIMIT: usize = 500;

/// Names files with more code lines than [`LIMIT`].
#[must_use]
pub fn oversized(tree: &Tree) -> Vec<String> {
    let counted = tree
        .files
        .iter()
        .filter_map(|file| code_lines(file).map(|lines| (file, lines)));
    counted
        .filter(|(_, lines)| *lines > LIMIT)
        .map(|(file, lines)| format!("{}: {lines} code lines, limit {LIMIT}", file.path))
        .collect()
}

/// Names Rust files that do not open with `//!`.
#[must_use]
pub fn without_purpose(tree: &Tree) -> Vec<String> {
    let silent = tree
        .rust()
        .filter(|file| !file.text.trim_start().starts_with("//!"));
    silent
        .map(|file| format!("{}: does not start with `//!`", file.path))
        .collect()
}

/// Counts code lines; nothing for kinds of file the rule does not cover.
fn code_lines(file: &SourceFile) -> Option<usize> {
    match file.extension() {
        "rs" => {
            let code = code_only(&file.text);
            let own = if is_test_file(&file.path) {
                code
            } else {
                split_tests(&code).0
            };
            Some(own.lines().filter(|line| !line.trim().is_empty()).count())
        }
        "ts" | "tsx" if is_typescript_test(&file.path) || is_generated(&file.text) => None,
        "ts" | "tsx" => Some(
            file.text
                .lines()
                .filter(|line| is_typescript_code(line))
                .count(),
        ),
        _ => None,
    }
}

fn is_typescript_test(path: &str) -> bool {
    path.ends_with(".test.ts") || path.ends_with(".test.tsx")
}

fn is_generated(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|line| line.to_lowercase().contains("generated"))
}

fn is_typescript_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty()
        && !["//", "/*", "*"]
            .iter()
            .any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn no_file_is_larger_than_the_limit() {
        demand_none("split these by subject:", &oversized(&Tree::repository()));
    }

    #[test]
    fn every_module_says_what_it_is_for() {
        demand_none(
            "these modules say nothing first:",
            &without_purpose(&Tree::repository()),
        );
    }

    #[test]
    fn a_file_of_501_code_lines_is_caught_and_one_of_500_is_not() {
        let large = "let a = 1;\n".repeat(501);
        let fits = format!(
            "{}\n// more\n\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            "a;\n".repeat(500),
            large
        );
        let tree = Tree::invented(&[
            ("server/x/src/large.rs", &large),
            ("server/x/src/fits.rs", &fits),
        ]);
        let found = oversized(&tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("large.rs: 501"));
    }

    #[test]
    fn a_large_component_is_caught_and_a_generated_file_is_not() {
        let large = "const a = 1;\n".repeat(501);
        let generated = format!("// Generated from docs/openapi.json\n{large}");
        let tree = Tree::invented(&[("web/src/a.tsx", &large), ("web/src/api.ts", &generated)]);
        assert_eq!(
            oversized(&tree),
            ["web/src/a.tsx: 501 code lines, limit 500"]
        );
    }

    #[test]
    fn a_silent_module_is_caught() {
        let tree = Tree::invented(&[("a.rs", "fn main() {}"), ("b.rs", "\n//! Says it.\n")]);
        assert_eq!(without_purpose(&tree), ["a.rs: does not start with `//!`"]);
    }
}
