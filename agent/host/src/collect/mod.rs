//! The collectors, one file per subject, and the list that makes them run.

mod ceph;
mod cpu;
mod custom;
mod disk_io;
mod fans;
mod filesystems;
mod gpu;
mod libvirt;
mod load;
mod lxc;
mod memory;
mod network;
mod nvidia;
mod packages;
mod power;
mod pressure;
mod raid;
mod smart;
mod sysctl;
mod system;
mod temperatures;
mod thermal;
mod unraid;
mod xcpng;
mod zfs;

#[cfg(any(not(target_os = "linux"), test))]
pub(crate) use self::{filesystems::Mount, memory::Counted, system::Identity, temperatures::Found};
use crate::collector::MakeCollector;

/// Every collector of this machine; one that is not here never runs. They fill a report in this
/// order, and later ones may look at what earlier ones filled in.
pub const ALL: &[MakeCollector] = &[
    ceph::new,
    cpu::new,
    custom::new,
    disk_io::new,
    fans::new,
    filesystems::new,
    gpu::new,
    libvirt::new,
    load::new,
    lxc::new,
    memory::new,
    network::new,
    nvidia::new,
    packages::new,
    power::new,
    pressure::new,
    raid::new,
    smart::new,
    system::new,
    temperatures::new,
    thermal::new,
    xcpng::new,
    sysctl::new,
    unraid::new,
    zfs::new,
];

/// Returns the name of every collector.
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|make| make().name()).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
