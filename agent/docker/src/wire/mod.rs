//! The engine's own JSON, as far as it is used.
//!
//! Everything is optional: Docker leaves out what is empty, writes `null` for the rest, and Podman
//! knows half of it. Words stay texts, so that one nobody has heard of hides nothing.

mod container;
mod engine;
mod object;
mod stats;
mod swarm;

use std::collections::BTreeMap;

pub(crate) use container::*;
pub(crate) use engine::*;
pub(crate) use object::*;
pub(crate) use stats::*;
pub(crate) use swarm::*;

/// Labels and options.
pub(crate) type Texts = BTreeMap<String, String>;
