//! Which machine this is, as far as the machine itself can tell.
//!
//! These are hints: clones share them and reinstallation changes them. What the agent *is* is the
//! key it made, which lives in the agent.

use std::fs;
use std::path::Path;

use crate::roots::{Roots, read_line};

/// Interfaces that come and go or are made up; their address says nothing about the machine.
const PASSING: [&str; 7] = ["docker", "veth", "br-", "cni", "flannel", "virbr", "zt"];

/// Returns the machine id: the system's own if it has one, else one made of a hardware address.
pub fn machine_id(roots: &Roots) -> Option<String> {
    if cfg!(target_os = "linux") || !roots.is_this_machine() {
        let own = read_line(&roots.etc.join("machine-id"))
            .as_deref()
            .and_then(normal_id);
        return own.or_else(|| mac_id(&roots.sys));
    }
    other_machine_id()
}

/// Returns the name the machine calls itself.
pub fn hostname(roots: &Roots) -> Option<String> {
    if cfg!(target_os = "linux") || !roots.is_this_machine() {
        return read_line(&roots.proc.join("sys/kernel/hostname"));
    }
    other_hostname()
}

/// Accepts eight characters or more; 32 hexadecimal digits get the dashes of a UUID.
fn normal_id(text: &str) -> Option<String> {
    // An image prepared for cloning says so in place of an id.
    if text.len() < 8 || text == "uninitialized" {
        return None;
    }
    if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        let parts = [
            &text[..8],
            &text[8..12],
            &text[12..16],
            &text[16..20],
            &text[20..],
        ];
        return Some(parts.join("-"));
    }
    Some(text.to_owned())
}

fn mac_id(sys: &Path) -> Option<String> {
    let macs = macs(&sys.join("class/net"));
    let is_lasting = |name: &str| !PASSING.iter().any(|start| name.starts_with(start));
    let lasting = macs.iter().find(|(name, _)| is_lasting(name));
    let (_, mac) = lasting.or(macs.first())?;
    Some(format!("mac-{mac}"))
}

/// Lists the hardware addresses, as bare digits, by interface name.
fn macs(directory: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut macs: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let mac = read_line(&entry.path().join("address"))?
                .to_lowercase()
                .replace(':', "");
            let is_real = mac.len() >= 12
                && mac.bytes().all(|b| b.is_ascii_hexdigit())
                && mac.bytes().any(|b| b != b'0');
            (name != "lo" && is_real).then_some((name, mac))
        })
        .collect();
    macs.sort();
    macs
}

#[cfg(any(not(target_os = "linux"), test))]
fn other_machine_id() -> Option<String> {
    machine_uid::get()
        .ok()
        .as_deref()
        .map(str::trim)
        .and_then(normal_id)
}

#[cfg(any(not(target_os = "linux"), test))]
fn other_hostname() -> Option<String> {
    crate::portable::hostname()
}

#[cfg(all(target_os = "linux", not(test)))]
fn other_machine_id() -> Option<String> {
    None
}

#[cfg(all(target_os = "linux", not(test)))]
fn other_hostname() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;

    use super::*;

    fn plant(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        File::create(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .expect("a file");
    }

    fn id_with(files: &[(&str, &str)]) -> Option<String> {
        let root = tempfile::tempdir().expect("a directory");
        for (path, text) in files {
            plant(root.path(), path, text);
        }
        machine_id(&Roots::under(root.path()))
    }

    #[test]
    fn thirty_two_digits_become_a_uuid() {
        let id = id_with(&[("etc/machine-id", "0123456789abcdef0123456789abcdef\n")]);
        assert_eq!(id.as_deref(), Some("01234567-89ab-cdef-0123-456789abcdef"));
    }

    #[test]
    fn other_ids_are_taken_as_they_are() {
        let id = id_with(&[("etc/machine-id", " rack-7-slot-2 \n")]);
        assert_eq!(id.as_deref(), Some("rack-7-slot-2"));
    }

    #[test]
    fn without_an_id_the_first_lasting_hardware_address_serves() {
        let id = id_with(&[
            ("etc/machine-id", "uninitialized\n"),
            ("sys/class/net/docker0/address", "02:42:00:00:00:01\n"),
            ("sys/class/net/eth1/address", "52:54:00:AA:BB:02\n"),
            ("sys/class/net/eth0/address", "52:54:00:AA:BB:01\n"),
            ("sys/class/net/lo/address", "00:00:00:00:00:00\n"),
        ]);
        assert_eq!(id.as_deref(), Some("mac-525400aabb01"));
    }

    #[test]
    fn a_passing_interface_serves_when_there_is_no_other() {
        let id = id_with(&[("sys/class/net/docker0/address", "02:42:00:00:00:01\n")]);
        assert_eq!(id.as_deref(), Some("mac-024200000001"));
    }

    #[test]
    fn a_machine_without_either_has_no_id() {
        assert_eq!(
            id_with(&[("sys/class/net/lo/address", "00:00:00:00:00:00\n")]),
            None
        );
    }
}
