//! What is reported of each kind of object: the members the API is asked for, and the report's.
//!
//! Only members that are reported are known here; everything else an object holds is skipped while
//! it is read. Lists are `Option` because the API writes `null` for an empty one.

pub(crate) mod access;
pub(crate) mod configuration;
pub(crate) mod event;
pub(crate) mod namespace;
pub(crate) mod network;
pub(crate) mod node;
pub(crate) mod pod;
pub(crate) mod policy;
pub(crate) mod recovery;
pub(crate) mod storage;
pub(crate) mod workload;
