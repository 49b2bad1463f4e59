//! The store as its users meet it, on good disks and on bad ones.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod crash;
mod damage;
mod fault_disk;
mod private;
mod settings;
mod tables;
