//! The files the rules look at: the repository's own, or a handful invented by a test.

use std::fs;
use std::path::{Path, PathBuf};

/// Directories that hold nothing a person wrote.
const SKIPPED: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "data",
    "proptest-regressions",
];

/// Kinds of file that some rule reads.
const READ: [&str; 8] = ["rs", "ts", "tsx", "mjs", "md", "toml", "lock", "sh"];

/// One text file, its path relative to the top level, with forward slashes.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// For example `server/model/src/clock.rs`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// The file's extension, or nothing.
    #[must_use]
    pub fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, end)| end)
    }
}

/// A set of files, and the paths of everything beside them that a link may point to.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Files whose text the rules read, ordered by path.
    pub files: Vec<SourceFile>,
    /// Every file and directory, whatever its kind.
    pub paths: Vec<String>,
}

impl Tree {
    /// Reads the repository this crate lives in.
    ///
    /// # Panics
    /// When a file that was just listed cannot be read.
    #[must_use]
    pub fn repository() -> Self {
        let root = root();
        let mut tree = Self::default();
        tree.add_directory(&root, &root);
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        tree
    }

    /// Makes a tree of invented files.
    #[must_use]
    pub fn invented(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.paths.push((*path).to_owned());
            tree.files.push(SourceFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            });
        }
        tree
    }

    /// The file at `path`, when the tree has it.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.extension() == "rs")
    }

    fn add_directory(&mut self, root: &Path, directory: &Path) {
        let entries = fs::read_dir(directory).expect("a directory of the repository can be listed");
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            let relative = path.strip_prefix(root).expect("entries lie under the root");
            let relative = relative.to_string_lossy().replace('\\', "/");
            self.paths.push(relative.clone());
            let kind = entry.file_type().expect("a listed entry has a type");
            if kind.is_dir() {
                self.add_directory(root, &path);
            } else if kind.is_file() && is_read(&relative) {
                let text = fs::read_to_string(&path).expect("source files are UTF-8");
                self.files.push(SourceFile {
                    path: relative,
                    text,
                });
            }
        }
    }
}

/// The top level of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn is_read(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, end)| READ.contains(&end))
}
