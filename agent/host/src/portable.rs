//! What `sysinfo` tells about systems whose kernel files this agent does not read itself.
//!
//! Compiled for tests on Linux as well, so that a change is tried before another system meets it.

use std::ffi::OsStr;
use std::io;
use std::time::Duration;

use pulse_protocol::report::host::NetworkInterface;
use sysinfo::{
    Components, Disks, MINIMUM_CPU_UPDATE_INTERVAL, Networks, ProcessRefreshKind,
    ProcessesToUpdate, System,
};

use crate::collect::{Counted, Found, Identity, Mount};
use crate::collector::Pause;
use crate::error::Error;
use crate::own::Own;

/// The processors between two looks.
#[derive(Default)]
pub(crate) struct Processors(Option<System>);

impl Processors {
    /// Returns use since the last call, 0 to 100, and the number of logical processors.
    pub(crate) fn usage(&mut self, pause: &Pause) -> Result<(f64, u32), Error> {
        if self.0.is_none() {
            let mut system = System::new().map_err(failed("processor times"))?;
            system.refresh_cpu_usage();
            pause.wait(MINIMUM_CPU_UPDATE_INTERVAL)?;
            self.0 = Some(system);
        }
        let system = self.0.as_mut().ok_or(Error::Format("processor times"))?;
        system.refresh_cpu_usage();
        let count = u32::try_from(system.cpus().len().max(1)).unwrap_or(u32::MAX);
        Ok((
            f64::from(system.global_cpu_usage()).clamp(0.0, 100.0),
            count,
        ))
    }
}

pub(crate) fn memory() -> Result<Counted, Error> {
    let mut system = System::new().map_err(failed("memory figures"))?;
    system.refresh_memory();
    if system.total_memory() == 0 {
        return Err(Error::Format("memory figures"));
    }
    Ok(Counted {
        total: system.total_memory(),
        free: system.free_memory(),
        available: system.available_memory(),
        swap_total: system.total_swap(),
        swap_free: system.free_swap(),
        arc: 0,
    })
}

/// Returns seconds since boot, and load averages where the system has them.
pub(crate) fn load() -> Result<(u64, Vec<f64>), Error> {
    let uptime = System::uptime().map_err(failed("the time since boot"))?;
    let averages = System::load_average().map(|load| vec![load.one, load.five, load.fifteen]);
    Ok((uptime, averages.unwrap_or_default()))
}

pub(crate) fn interfaces() -> Result<Vec<NetworkInterface>, Error> {
    let networks = Networks::new_with_refreshed_list().map_err(failed("network interfaces"))?;
    let interfaces = networks.iter().filter_map(|(name, network)| {
        let addresses = network
            .ip_networks()
            .iter()
            .filter(|ip| !ip.addr.is_loopback());
        let addresses: Vec<_> = addresses
            .map(|ip| format!("{}/{}", ip.addr, ip.prefix))
            .collect();
        let mac = network.mac_address();
        (!addresses.is_empty()).then(|| NetworkInterface {
            name: text(name),
            mac: if mac.is_unspecified() {
                String::new()
            } else {
                mac.to_string()
            },
            addresses,
            rx_bytes: Some(network.total_received()),
            tx_bytes: Some(network.total_transmitted()),
            speed_mbps: None,
        })
    });
    Ok(interfaces.collect())
}

pub(crate) fn identity() -> Identity {
    let mut cpu_model = String::new();
    if let Ok(mut system) = System::new() {
        system.refresh_cpu_list(sysinfo::CpuRefreshKind::nothing());
        cpu_model = system
            .cpus()
            .first()
            .map(|cpu| cpu.brand().to_owned())
            .unwrap_or_default();
    }
    Identity {
        os_name: System::name().unwrap_or_default(),
        os_version: System::os_version().unwrap_or_default(),
        kernel: System::kernel_version().unwrap_or_default(),
        architecture: System::cpu_arch(),
        cpu_model,
    }
}

pub(crate) fn mounts() -> Result<Vec<Mount>, Error> {
    let disks = Disks::new_with_refreshed_list().map_err(failed("file systems"))?;
    let mounts = disks.iter().map(|disk| Mount {
        device: text(disk.name()),
        mountpoint: text(disk.mount_point().as_os_str()),
        kind: text(disk.file_system()),
    });
    Ok(mounts.collect())
}

/// Returns size and available space of what is mounted at `mountpoint`.
#[cfg(any(not(unix), test))]
pub(crate) fn space(mountpoint: &std::path::Path) -> io::Result<(u64, u64)> {
    let disks = Disks::new_with_refreshed_list().map_err(io::Error::other)?;
    let disk = disks.iter().find(|disk| disk.mount_point() == mountpoint);
    let disk = disk.ok_or(io::ErrorKind::NotFound)?;
    Ok((disk.total_space(), disk.available_space()))
}

pub(crate) fn temperatures() -> Found {
    let mut found = Found::default();
    let Ok(components) = Components::new_with_refreshed_list() else {
        return found;
    };
    for component in &components {
        let celsius = component.temperature().map(f64::from);
        let Some(celsius) = celsius.filter(|value| *value > 0.0 && *value < 150.0) else {
            continue;
        };
        let label = component.label().to_lowercase();
        if label.contains("cpu") {
            let hottest = found
                .main
                .entry("cpu_package".to_owned())
                .or_insert(celsius);
            *hottest = hottest.max(celsius);
        }
        let words: Vec<_> = label
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        found.additional.insert(words.join("_"), celsius);
    }
    found
}

/// Returns what this process uses.
pub(crate) fn own() -> Own {
    let (Ok(pid), Ok(mut system)) = (sysinfo::get_current_pid(), System::new()) else {
        return Own::default();
    };
    let wanted = ProcessRefreshKind::nothing().with_memory().with_cpu();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, wanted);
    let Some(process) = system.process(pid) else {
        return Own::default();
    };
    Own {
        resident: Some(process.memory()).filter(|bytes| *bytes > 0),
        processor: Some(Duration::from_millis(process.accumulated_cpu_time())),
    }
}

pub(crate) fn hostname() -> Option<String> {
    System::host_name().ok().filter(|name| !name.is_empty())
}

fn text(text: &OsStr) -> String {
    text.to_string_lossy().into_owned()
}

fn failed(what: &'static str) -> impl FnOnce(sysinfo::Error) -> Error {
    move |error| Error::System {
        what,
        source: io::Error::other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_processors_and_memory() {
        let (usage, count) = Processors::default()
            .usage(&Pause::default())
            .expect("figures");
        assert!((0.0..=100.0).contains(&usage) && count > 0);
        let memory = memory().expect("figures");
        assert!(memory.available <= memory.total);
        assert!(load().expect("figures").0 > 0);
    }

    #[test]
    fn this_process_uses_memory() {
        assert!(own().resident.is_some_and(|bytes| bytes > 100_000));
    }

    #[test]
    fn this_machine_has_a_name_and_a_system() {
        assert!(hostname().is_some());
        assert!(!identity().architecture.is_empty());
    }

    #[test]
    fn mounts_interfaces_and_temperatures_can_be_asked_for() {
        let mounts = mounts().expect("mounts");
        for mount in mounts {
            let _ = space(std::path::Path::new(&mount.mountpoint));
        }
        interfaces().expect("interfaces");
        temperatures();
    }
}
