//! What runs here: distribution or appliance, kernel, architecture, processor model.

use std::time::Duration;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;

/// These change with an upgrade, and most of those end in a restart of the agent.
const EVERY: Duration = Duration::from_secs(600);

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(System)
}

struct System;

/// What the machine says it is; empty where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) os_name: String,
    pub(crate) os_version: String,
    pub(crate) kernel: String,
    pub(crate) architecture: String,
    pub(crate) cpu_model: String,
}

impl Collector for System {
    fn name(&self) -> &'static str {
        "system"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let identity = identify(cx)?;
        Ok(Reading::new(move |report| {
            report.host.os_name.clone_from(&identity.os_name);
            report.host.os_version.clone_from(&identity.os_version);
            report.host.kernel_version.clone_from(&identity.kernel);
            report.host.architecture.clone_from(&identity.architecture);
            report.host.cpu_model.clone_from(&identity.cpu_model);
        }))
    }
}

#[cfg(not(target_os = "linux"))]
fn identify(_cx: &Context<'_>) -> Result<Identity, Error> {
    Ok(crate::portable::identity())
}

#[cfg(target_os = "linux")]
fn identify(cx: &Context<'_>) -> Result<Identity, Error> {
    use crate::roots::{read_line, read_text};

    let roots = cx.roots;
    let uname = nix::sys::utsname::uname().map_err(std::io::Error::from);
    let uname = uname.map_err(|source| Error::System {
        what: "the kernel's name",
        source,
    })?;
    let (os_name, os_version) = linux::system(roots);
    let kernel = read_line(&roots.proc.join("sys/kernel/osrelease"));
    let processors = read_text(&roots.proc.join("cpuinfo"), "processor models");
    Ok(Identity {
        os_name,
        os_version,
        kernel: kernel.unwrap_or_else(|| uname.release().to_string_lossy().into_owned()),
        architecture: uname.machine().to_string_lossy().into_owned(),
        cpu_model: processors
            .ok()
            .as_deref()
            .and_then(linux::model)
            .unwrap_or_default(),
    })
}

mod linux {
    use std::path::Path;
    use std::time::Duration;

    use crate::exec;
    use crate::roots::{Roots, read_line, read_text};

    /// Returns name and version: of the appliance if this is one, else of the distribution.
    pub(super) fn system(roots: &Roots) -> (String, String) {
        appliance(roots).unwrap_or_else(|| distribution(roots))
    }

    fn appliance(roots: &Roots) -> Option<(String, String)> {
        let value_in = |path: &str, name| {
            let text = read_text(&roots.root.join(path), "an appliance").ok()?;
            value(&text, name)
        };
        if roots.root.join("usr/syno").is_dir() {
            let version = value_in("etc.defaults/VERSION", "productversion");
            return Some(("Synology DSM".to_owned(), version.unwrap_or_default()));
        }
        if roots.etc.join("config/uLinux.conf").is_file() {
            let version = value_in("etc/config/uLinux.conf", "Version");
            return Some(("QNAP QTS".to_owned(), version.unwrap_or_default()));
        }
        if let Some(version) = value_in("etc/unraid-version", "version") {
            return Some(("unraid".to_owned(), version));
        }
        if roots.root.join("usr/bin/midclt").exists() {
            let version = read_line(&roots.etc.join("version")).unwrap_or_default();
            let version = version
                .trim_start_matches("TrueNAS-")
                .trim_start_matches("SCALE-");
            return Some(("truenas".to_owned(), version.to_owned()));
        }
        proxmox(roots).map(|version| ("Proxmox VE".to_owned(), version))
    }

    /// Asks Proxmox VE for its version, on its own machines only.
    fn proxmox(roots: &Roots) -> Option<String> {
        if !roots.is_this_machine() {
            return None;
        }
        let limits = exec::Limits {
            time: Duration::from_secs(5),
            output: 4_096,
        };
        let output = exec::run(Path::new("/usr/bin/pveversion"), &[], limits).ok()?;
        proxmox_version(&String::from_utf8_lossy(&output))
    }

    /// `pve-manager/8.2.4/faa83925c9641325 (running kernel: …)`.
    pub(super) fn proxmox_version(text: &str) -> Option<String> {
        let version = text
            .trim()
            .strip_prefix("pve-manager/")?
            .split(['/', ' '])
            .next()?;
        (!version.is_empty()).then(|| version.to_owned())
    }

    fn distribution(roots: &Roots) -> (String, String) {
        let places = [
            roots.etc.join("os-release"),
            roots.root.join("usr/lib/os-release"),
        ];
        let text = places
            .iter()
            .find_map(|path| read_text(path, "a distribution").ok());
        let text = text.unwrap_or_default();
        let name = value(&text, "ID").unwrap_or_else(|| "linux".to_owned());
        let version = value(&text, "VERSION_ID").unwrap_or_default();
        // Debian names the major version only; its own file has the point release.
        let point = (name == "debian").then(|| read_line(&roots.etc.join("debian_version")));
        let is_number = |text: &String| text.starts_with(|c: char| c.is_ascii_digit());
        (name, point.flatten().filter(is_number).unwrap_or(version))
    }

    /// Finds `NAME=value` or `NAME = "value"`.
    pub(super) fn value(text: &str, name: &str) -> Option<String> {
        let value = text.lines().find_map(|line| {
            let (found, value) = line.split_once('=')?;
            (found.trim() == name).then(|| value.trim().trim_matches(['"', '\'']))
        })?;
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Finds the processor's model in `/proc/cpuinfo`; ARM boards name the board instead.
    pub(super) fn model(text: &str) -> Option<String> {
        ["model name", "Model"].iter().find_map(|wanted| {
            text.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let value = value.trim();
                (name.trim() == *wanted && !value.is_empty()).then(|| value.to_owned())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::linux::{model, proxmox_version, system};
    use crate::hwmon::tests::write;
    use crate::roots::Roots;

    fn system_with(files: &[(&str, &str)]) -> (String, String) {
        let root = tempfile::tempdir().expect("a directory");
        for (path, text) in files {
            write(&root.path().join(path), text);
        }
        system(&Roots::under(root.path()))
    }

    fn pair(name: &str, version: &str) -> (String, String) {
        (name.to_owned(), version.to_owned())
    }

    #[test]
    fn a_distribution_is_named_by_its_id() {
        let ubuntu = "NAME=\"Ubuntu\"\nID=ubuntu\nVERSION_ID=\"24.04\"\n";
        assert_eq!(
            system_with(&[("etc/os-release", ubuntu)]),
            pair("ubuntu", "24.04")
        );
        assert_eq!(
            system_with(&[("usr/lib/os-release", ubuntu)]),
            pair("ubuntu", "24.04")
        );
        assert_eq!(system_with(&[]), pair("linux", ""));
    }

    #[test]
    fn debian_has_its_point_release_when_it_has_one() {
        let release = ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
        assert_eq!(
            system_with(&[release, ("etc/debian_version", "12.8\n")]),
            pair("debian", "12.8")
        );
        let sid = ("etc/debian_version", "trixie/sid\n");
        assert_eq!(system_with(&[release, sid]), pair("debian", "12"));
    }

    #[test]
    fn appliances_are_named_before_the_distribution_below_them() {
        let release = ("etc/os-release", "ID=slackware\n");
        let unraid = [release, ("etc/unraid-version", "version=\"7.0.1\"\n")];
        assert_eq!(system_with(&unraid), pair("unraid", "7.0.1"));
        let synology = [
            ("usr/syno/etc/x", ""),
            (
                "etc.defaults/VERSION",
                "majorversion=\"7\"\nproductversion=\"7.2.1\"\n",
            ),
        ];
        assert_eq!(system_with(&synology), pair("Synology DSM", "7.2.1"));
        let truenas = [
            release,
            ("usr/bin/midclt", ""),
            ("etc/version", "TrueNAS-SCALE-24.04.2\n"),
        ];
        assert_eq!(system_with(&truenas), pair("truenas", "24.04.2"));
        let qnap = [("etc/config/uLinux.conf", "[System]\nVersion = 5.1.8\n")];
        assert_eq!(system_with(&qnap), pair("QNAP QTS", "5.1.8"));
    }

    #[test]
    fn the_version_of_proxmox_is_read_from_its_tool() {
        let text = "pve-manager/8.2.4/faa83925c9641325 (running kernel: 6.8.8-4-pve)\n";
        assert_eq!(proxmox_version(text).as_deref(), Some("8.2.4"));
        assert_eq!(proxmox_version("perl: warning"), None);
    }

    #[test]
    fn the_processor_model_is_named() {
        let intel = "processor\t: 0\nmodel\t\t: 142\nmodel name\t: Intel(R) Core(TM) i7-8650U\n";
        assert_eq!(model(intel).as_deref(), Some("Intel(R) Core(TM) i7-8650U"));
        let board = "processor\t: 0\nBogoMIPS\t: 108\n\nModel\t\t: Raspberry Pi 4 Model B\n";
        assert_eq!(model(board).as_deref(), Some("Raspberry Pi 4 Model B"));
        assert_eq!(model("processor : 0\n"), None);
    }
}
