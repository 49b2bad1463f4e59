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
mod system;
mod temperatures;

#[cfg(any(not(target_os = "linux"), test))]
pub(crate) use self::{filesystems::Mount, memory::Counted, system::Identity, temperatures::Found};
use crate::collector::MakeCollector;

/// Every collector of this machine; one that is not here never runs.
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
    system::new,
    temperatures::new,
];
