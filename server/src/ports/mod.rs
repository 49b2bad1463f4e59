//! Where one area needs another: each file adapts one area's port to another's handle.

pub mod admission;
pub mod display;
pub mod intake;
pub mod mock;
pub mod recorder;
