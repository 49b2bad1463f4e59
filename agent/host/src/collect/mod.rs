//! The collectors, one file per subject, and the list that makes them run.

mod cpu;
mod disk_io;
mod fans;
mod filesystems;
mod load;
mod memory;
mod network;
mod power;
mod raid;
mod smart;
mod system;
mod temperatures;
mod zfs;

#[cfg(any(not(target_os = "linux"), test))]
pub(crate) use self::{filesystems::Mount, memory::Counted, system::Identity, temperatures::Found};
use crate::collector::MakeCollector;

/// Every collector of this machine; one that is not here never runs. They fill a report in this
/// order, and later ones may look at what earlier ones filled in.
pub const ALL: &[MakeCollector] = &[
    cpu::new,
    disk_io::new,
    fans::new,
    filesystems::new,
    load::new,
    memory::new,
    network::new,
    power::new,
    raid::new,
    smart::new,
    system::new,
    temperatures::new,
    zfs::new,
];

/// Returns the name of every collector.
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|make| make().name()).collect()
}
