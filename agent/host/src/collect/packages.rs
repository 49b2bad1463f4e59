//! Packages that wait for an upgrade, and what the package cache holds: Debian's and its kin.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use pulse_protocol::report::host::{PackageUpdate, PackageUpdateStatus, StorageCleanupStatus};
use sha2::{Digest, Sha256};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;

/// Package lists are renewed once or twice a day.
const EVERY: Duration = Duration::from_secs(1_800);

/// Limits of the question: the resolver thinks for a while on small machines.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(20),
    output: 4 * 1024 * 1024,
};

/// Packages named in one report.
const NAMED: usize = 200;

/// Files of the cache beyond this are not counted.
const FILES: usize = 100_000;

/// What would be done, without doing it, and without the lock that a real upgrade holds.
const QUESTION: [&str; 4] = ["-s", "-o", "Debug::NoLocking=1", "upgrade"];

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Packages)
}

struct Packages;

impl Collector for Packages {
    fn name(&self) -> &'static str {
        "packages"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(LIMITS.time + Duration::from_secs(5))
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let apt = Tool::find(cx.roots, "apt-get")?;
        let pending = apt.text(&QUESTION, LIMITS).and_then(|text| pending(&text));
        let remark = pending
            .as_ref()
            .err()
            .map(Error::to_string)
            .unwrap_or_default();
        let mut updates = match pending {
            Ok(packages) => status(packages),
            Err(_) => PackageUpdateStatus {
                supported: true,
                manager: "apt".to_owned(),
                error: remark.clone(),
                ..PackageUpdateStatus::default()
            },
        };
        updates.checked_at = Some(cx.now);
        let markers = ["run/reboot-required", "var/run/reboot-required"];
        updates.reboot_required = markers.iter().any(|path| cx.roots.root.join(path).exists());
        let mut cleanup = cache(&cx.roots.root.join("var/cache/apt/archives"));
        cleanup.checked_at = Some(cx.now);
        let reading = Reading::new(move |report| {
            report.host.package_updates = Some(updates.clone());
            report.host.storage_cleanup = Some(cleanup.clone());
        });
        Ok(reading.with_remark(remark))
    }
}

/// Reads `Inst name [installed] (available source [architecture])`.
fn pending(text: &str) -> Result<Vec<PackageUpdate>, Error> {
    // The line that sums it up: without it, nothing to do would look like nothing understood.
    if !text.contains(" upgraded, ") {
        return Err(Error::Format("what apt-get would do"));
    }
    let mut packages: Vec<PackageUpdate> = text.lines().filter_map(package).collect();
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}

fn package(line: &str) -> Option<PackageUpdate> {
    let (name, rest) = line.strip_prefix("Inst ")?.split_once(' ')?;
    let installed = rest
        .strip_prefix('[')
        .and_then(|rest| rest.split(']').next());
    let (_, available) = rest.split_once('(')?;
    let available = available.split([' ', ')']).next()?;
    Some(PackageUpdate {
        name: name.to_owned(),
        installed_version: installed.unwrap_or_default().to_owned(),
        available_version: available.to_owned(),
    })
}

fn status(mut packages: Vec<PackageUpdate>) -> PackageUpdateStatus {
    let mut inventory = String::new();
    for package in &packages {
        let PackageUpdate {
            name,
            installed_version,
            available_version,
        } = package;
        let _ = writeln!(
            inventory,
            "{name}\t{installed_version}\t{available_version}"
        );
    }
    let pending_count = packages.len() as u64;
    packages.truncate(NAMED);
    PackageUpdateStatus {
        supported: true,
        manager: "apt".to_owned(),
        inventory_hash: digest(&inventory),
        pending_count,
        packages,
        ..PackageUpdateStatus::default()
    }
}

fn digest(text: &str) -> String {
    let mut digest = "sha256:".to_owned();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

/// Adds up the downloaded packages, which nothing needs once they are installed.
fn cache(archives: &Path) -> StorageCleanupStatus {
    let mut files: Vec<(String, u64)> = [archives.to_owned(), archives.join("partial")]
        .iter()
        .filter_map(|directory| fs::read_dir(directory).ok())
        .flatten()
        .flatten()
        .take(FILES)
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let metadata = entry.metadata().ok()?;
            (metadata.is_file() && name.ends_with(".deb")).then_some((name, metadata.len()))
        })
        .collect();
    files.sort();
    let mut inventory = String::new();
    for (name, size) in &files {
        let _ = writeln!(inventory, "{name}\t{size}");
    }
    StorageCleanupStatus {
        supported: true,
        provider: "apt-package-cache".to_owned(),
        fingerprint: digest(&inventory),
        reclaimable_bytes: files.iter().map(|(_, size)| size).sum(),
        ..StorageCleanupStatus::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hwmon::tests::write;

    #[test]
    fn pending_packages_are_read_with_both_versions() {
        let text = "Reading package lists...\n\
            Inst openssl [3.0.14-1] (3.0.15-1 Debian:12.8/stable [amd64]) []\n\
            Inst libc6:i386 [2.36-9] (2.36-10 Debian:12.8/stable [i386])\n\
            Inst linux-image-6.1 (6.1.1 Debian:12.8/stable [amd64])\n\
            Conf openssl (3.0.15-1 Debian:12.8/stable [amd64])\n\
            2 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.\n";
        let packages = pending(text).expect("packages");
        assert!(pending("\u{fffd}").is_err());
        let told: Vec<_> = packages
            .iter()
            .map(|package| {
                let PackageUpdate {
                    name,
                    installed_version,
                    available_version,
                } = package;
                format!("{name} {installed_version} {available_version}")
            })
            .collect();
        assert_eq!(
            told,
            [
                "libc6:i386 2.36-9 2.36-10",
                "linux-image-6.1  6.1.1",
                "openssl 3.0.14-1 3.0.15-1"
            ]
        );
        let status = status(packages.clone());
        assert_eq!((status.pending_count, status.inventory_hash.len()), (3, 71));
        assert_ne!(
            status.inventory_hash,
            super::status(packages[1..].to_vec()).inventory_hash
        );
    }

    #[test]
    fn a_long_list_is_counted_in_full_and_named_in_part() {
        let package = |number| PackageUpdate {
            name: format!("p{number}"),
            ..PackageUpdate::default()
        };
        let status = status((0..300).map(package).collect());
        assert_eq!((status.pending_count, status.packages.len()), (300, NAMED));
    }

    #[test]
    fn the_cache_is_what_was_downloaded() {
        let root = tempfile::tempdir().expect("a directory");
        for (path, text) in [("a.deb", "12345"), ("partial/b.deb", "123"), ("lock", "1")] {
            write(&root.path().join(path), text);
        }
        let cleanup = cache(root.path());
        assert_eq!(cleanup.reclaimable_bytes, 8);
        let empty = cache(&root.path().join("nowhere"));
        assert_eq!(empty.reclaimable_bytes, 0);
        assert_ne!(cleanup.fingerprint, empty.fingerprint);
    }
}
