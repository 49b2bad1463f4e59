//! The rules of docs/ARCHITECTURE.md, as tests.
//!
//! One file per rule. Each rule is a plain function from a [`tree::Tree`] (or from cargo's own
//! metadata) to the list of what breaks it, so the same function judges the repository and the
//! small invented trees that prove it catches what it is meant to catch. Nothing of ours is linked.

pub mod collectors;
pub mod dependencies;
pub mod ignored;
pub mod layering;
pub mod layout;
pub mod links;
pub mod names;
pub mod owners;
pub mod size;
pub mod source;
pub mod spawner;
pub mod tree;
pub mod waiting;
pub mod workspace;

/// Fails the calling test with one line per violation.
#[cfg(test)]
fn demand_none(rule: &str, violations: &[String]) {
    assert!(
        violations.is_empty(),
        "{rule}\n  {}\n",
        violations.join("\n  ")
    );
}
