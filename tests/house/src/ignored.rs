//! A test that needs something special says what: `#[ignore = "needs docker"]`, never bare.

use crate::source::code_only;
use crate::tree::Tree;

/// Names tests that are ignored without a reason.
#[must_use]
pub fn without_reason(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust() {
        for (number, line) in code_only(&file.text).lines().enumerate() {
            if line.replace(' ', "").contains("#[ignore]") {
                found.push(format!(
                    "{}:{}: ignored without a reason",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn ignored_tests_say_what_they_need() {
        demand_none("say what these need:", &without_reason(&Tree::repository()));
    }

    #[test]
    fn a_bare_ignore_is_caught() {
        let tree = Tree::invented(&[
            ("tests/a.rs", "#[test]\n#[ignore]\nfn a() {}"),
            (
                "tests/b.rs",
                "#[test]\n#[ignore = \"needs docker\"]\nfn b() {} // #[ignore]",
            ),
        ]);
        assert_eq!(
            without_reason(&tree),
            ["tests/a.rs:2: ignored without a reason"]
        );
    }
}
