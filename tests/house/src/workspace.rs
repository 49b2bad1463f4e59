//! The crates of the workspace and what they depend on, as cargo tells it.

use cargo_metadata::{MetadataCommand, Package};

use crate::tree::root;

/// One crate of ours and every crate it names, dev-dependencies included.
#[derive(Debug, Clone)]
pub struct Member {
    /// Package name.
    pub name: String,
    /// Package names of what it depends on, ours and others'.
    pub uses: Vec<String>,
}

impl Member {
    /// Makes a crate that does not exist.
    #[must_use]
    pub fn invented(name: &str, uses: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            uses: uses.iter().map(|used| (*used).to_owned()).collect(),
        }
    }

    /// The crates of ours among what it uses.
    pub fn ours(&self) -> impl Iterator<Item = &str> {
        let uses = self.uses.iter().map(String::as_str);
        uses.filter(|used| used.starts_with("pulse-") || *used == "xtask")
    }
}

/// Reads the workspace this crate is part of.
///
/// # Panics
/// When cargo cannot describe it.
#[must_use]
pub fn members() -> Vec<Member> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo describes the workspace");
    let member = |package: &Package| Member {
        name: package.name.to_string(),
        uses: package
            .dependencies
            .iter()
            .map(|dependency| dependency.name.clone())
            .collect(),
    };
    metadata.packages.iter().map(member).collect()
}
