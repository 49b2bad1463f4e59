//! How much of one host is kept.
//!
//! The wire's bounds are wide, because a rich report is no crime. What stays in memory for every
//! host is bounded again, in bytes: a thousand hosts of the richest reports must not cost more
//! than a thousand hosts.

use pulse_model::facet::AgentHost;

/// Bytes of text in the lists of one host. A machine with a hundred file systems has a tenth of it.
const KEPT: usize = 32 << 10;
/// What an element costs besides its texts.
const ELEMENT: usize = 64;

/// Shortens the lists of `host` to what is kept, the longest-winded last.
pub(super) fn keep(host: &mut AgentHost) {
    let mut left = KEPT;
    let len = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    fit(&mut host.disks, &mut left, |disk| {
        len(&disk.device) + len(&disk.mountpoint) + len(&disk.filesystem)
    });
    fit(&mut host.disk_io, &mut left, |device| device.device.len());
    for interface in &mut host.network_interfaces {
        fit(&mut interface.addresses, &mut left, String::len);
    }
    fit(&mut host.network_interfaces, &mut left, |interface| {
        interface.name.len() + len(&interface.mac)
    });
    fit(&mut host.raid, &mut left, |array| {
        array.device.len() + array.level.len() + array.state.len()
    });
    fit(&mut host.modules, &mut left, |module| {
        module.name.len() + len(&module.last_error)
    });
    fit(&mut host.collectors, &mut left, |collector| {
        collector.name.len() + len(&collector.last_error)
    });
    fit(&mut host.disk_exclude, &mut left, String::len);
    keep_rare(host, &mut left);
    let sensors = &mut host.sensors;
    let mut fits = |name: &String| take(&mut left, name.len());
    sensors.temperature_celsius.retain(|name, _| fits(name));
    sensors.fan_rpm.retain(|name, _| fits(name));
    sensors.power_watts.retain(|name, _| fits(name));
    sensors.additional.retain(|name, _| fits(name));
}

/// Shortens what few hosts have: members of arrays, disks with SMART, guests, packages.
fn keep_rare(host: &mut AgentHost, left: &mut usize) {
    let len = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    for array in &mut host.raid {
        fit(&mut array.devices, left, |member| member.device.len());
    }
    for pool in &mut host.zfs_pools {
        fit(&mut pool.devices, left, |device| {
            device.name.len() + len(&device.disk) + len(&device.message)
        });
    }
    fit(&mut host.zfs_pools, left, |pool| {
        pool.name.len() + pool.status.len() + pool.scan.len()
    });
    let sensors = &mut host.sensors;
    fit(&mut sensors.smart, left, |disk| {
        disk.device.len() + len(&disk.model) + len(&disk.serial) + len(&disk.wwn)
    });
    fit(&mut sensors.gpu, left, |card| {
        len(&card.id) + len(&card.name)
    });
    fit(&mut sensors.custom, left, |sensor| {
        sensor.id.len() + sensor.name.len() + len(&sensor.group) + len(&sensor.error)
    });
    if let Some(unraid) = &mut host.unraid {
        fit(&mut unraid.disks, left, |disk| {
            disk.name.len() + len(&disk.model) + len(&disk.serial)
        });
    }
    if let Some(libvirt) = &mut host.libvirt {
        fit(&mut libvirt.domains, left, |domain| {
            domain.id.len() + domain.name.len()
        });
    }
    if let Some(lxc) = &mut host.proxmox_lxc {
        for container in &mut lxc.containers {
            fit(&mut container.disks, left, |disk| {
                len(&disk.device) + len(&disk.mountpoint)
            });
        }
        fit(&mut lxc.containers, left, |container| container.name.len());
    }
    if let Some(xcpng) = &mut host.xcpng {
        fit(&mut xcpng.vms, left, |vm| vm.uuid.len() + vm.name.len());
    }
    if let Some(ceph) = &mut host.ceph {
        fit(&mut ceph.pools, left, |pool| pool.name.len());
        fit(&mut ceph.mon_map.monitors, left, |monitor| {
            monitor.name.len() + len(&monitor.addr)
        });
        for daemons in &mut ceph.services {
            fit(&mut daemons.daemons, left, String::len);
        }
    }
    if let Some(updates) = &mut host.package_updates {
        fit(&mut updates.packages, left, |package| {
            package.name.len() + len(&package.available_version)
        });
    }
}

fn fit<T>(list: &mut Vec<T>, left: &mut usize, texts: impl Fn(&T) -> usize) {
    let kept = list
        .iter()
        .take_while(|item| take(left, texts(item)))
        .count();
    list.truncate(kept);
}

fn take(left: &mut usize, texts: usize) -> bool {
    let Some(rest) = left.checked_sub(texts + ELEMENT) else {
        return false;
    };
    *left = rest;
    true
}

#[cfg(test)]
mod tests {
    use pulse_model::facet::agent_host::FileSystem;

    use super::*;

    fn host(disks: usize, name: usize) -> AgentHost {
        let disk = FileSystem {
            mountpoint: Some("m".repeat(name)),
            ..FileSystem::default()
        };
        AgentHost {
            disks: vec![disk; disks],
            ..AgentHost::default()
        }
    }

    #[test]
    fn an_ordinary_host_is_kept_whole() {
        let mut ordinary = host(100, 40);
        keep(&mut ordinary);
        assert_eq!(ordinary.disks.len(), 100);
    }

    #[test]
    fn a_host_that_tells_too_much_is_shortened() {
        let mut windy = host(256, 4_096);
        keep(&mut windy);
        assert!(
            (1..10).contains(&windy.disks.len()),
            "{}",
            windy.disks.len()
        );
    }
}
