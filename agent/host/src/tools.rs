//! Finds the system's own tools and reads what they say.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::exec::{self, Limits, Output};
use crate::roots::Roots;

/// Where tools are looked for, below the root.
#[cfg(not(windows))]
const DIRECTORIES: [&str; 6] = [
    "usr/local/sbin",
    "usr/local/bin",
    "usr/sbin",
    "usr/bin",
    "sbin",
    "bin",
];

#[cfg(windows)]
const DIRECTORIES: [&str; 2] = [
    "C:\\Windows\\System32",
    "C:\\Program Files\\smartmontools\\bin",
];

/// A tool that is on this machine.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    path: PathBuf,
}

impl Tool {
    /// Looks for a tool by its name, in directories only an administrator can write to.
    pub(crate) fn find(roots: &Roots, name: &'static str) -> Result<Self, Error> {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        DIRECTORIES
            .iter()
            .map(|directory| roots.root.join(directory).join(&file))
            .find(|path| is_trusted(path))
            .map(|path| Self { path })
            .ok_or(Error::Absent(name))
    }

    /// Takes the tool the operator named, else looks for it.
    pub(crate) fn named(
        path: Option<&Path>,
        roots: &Roots,
        name: &'static str,
    ) -> Result<Self, Error> {
        match path {
            Some(path) => Ok(Self {
                path: path.to_owned(),
            }),
            None => Self::find(roots, name),
        }
    }

    /// Takes the program at a path, if nobody but an administrator can change it.
    pub(crate) fn trusted(path: &Path) -> Result<Self, Error> {
        if !is_trusted(path) {
            return Err(Error::Absent("a program others cannot change"));
        }
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Runs it to its end, whichever that is.
    pub(crate) fn output(&self, arguments: &[&str], limits: Limits) -> Result<Output, Error> {
        exec::output(&self.path, arguments, limits)
    }

    /// Runs it and returns what it wrote; what is no text in it is replaced.
    pub(crate) fn text(&self, arguments: &[&str], limits: Limits) -> Result<String, Error> {
        exec::run(&self.path, arguments, limits).map(lossy)
    }

    /// Runs it and reads what it wrote as JSON.
    pub(crate) fn json(
        &self,
        arguments: &[&str],
        limits: Limits,
        what: &'static str,
    ) -> Result<serde_json::Value, Error> {
        let bytes = exec::run(&self.path, arguments, limits)?;
        serde_json::from_slice(&bytes).map_err(|_| Error::Format(what))
    }
}

/// Reads bytes as text.
pub(crate) fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Tells whether a file may be run by an agent that is likely to be root.
#[cfg(unix)]
fn is_trusted(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let metadata = path.metadata();
    metadata.is_ok_and(|metadata| is_private(&metadata) && metadata.mode() & 0o111 != 0)
}

/// Tells whether nobody but its owner can change a file, and that is root or who runs the agent.
#[cfg(unix)]
pub(crate) fn is_private(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    let is_ours = metadata.uid() == 0 || metadata.uid() == nix::unistd::geteuid().as_raw();
    metadata.is_file() && is_ours && metadata.mode() & 0o022 == 0
}

#[cfg(not(unix))]
pub(crate) fn is_private(metadata: &std::fs::Metadata) -> bool {
    metadata.is_file()
}

#[cfg(not(unix))]
fn is_trusted(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
pub(crate) mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;
    use crate::hwmon::tests::write;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(20),
        output: 10_000,
    };

    /// Plants a tool made of a few shell lines.
    pub(crate) fn plant(roots: &Roots, name: &str, script: &str) {
        let path = roots.root.join("usr/sbin").join(name);
        write(&path, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    #[test]
    fn a_tool_others_can_write_to_is_not_run() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        let absent = Tool::find(&roots, "zpool");
        assert!(matches!(absent, Err(Error::Absent("zpool"))), "{absent:?}");
        plant(&roots, "zpool", "echo '{\"a\": 1}'");
        let tool = Tool::find(&roots, "zpool").expect("a tool");
        assert_eq!(tool.json(&[], LIMITS, "a list").expect("JSON")["a"], 1);
        let path = root.path().join("usr/sbin/zpool");
        for mode in [0o777, 0o775, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
            assert!(Tool::find(&roots, "zpool").is_err(), "{mode:o}");
        }
    }

    #[test]
    fn what_is_no_text_is_an_error_as_json_and_replaced_as_text() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        plant(&roots, "ceph", "printf '\\377\\000\\001'");
        let tool = Tool::find(&roots, "ceph").expect("a tool");
        assert!(tool.text(&[], LIMITS).expect("text").contains('\u{fffd}'));
        let answer = tool.json(&[], LIMITS, "a state");
        assert!(
            matches!(answer, Err(Error::Format("a state"))),
            "{answer:?}"
        );
    }
}
