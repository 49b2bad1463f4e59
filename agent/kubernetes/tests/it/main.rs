//! Clusters that are invented but speak real HTTP.

mod access;
#[cfg(test)]
mod captures;
#[allow(
    dead_code,
    unused_imports,
    reason = "shared with the flows of the whole product"
)]
#[path = "../../../../tests/src/fake/kubernetes/mod.rs"]
mod fake;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod large;
mod paging;
mod refusals;
mod rights;
mod setting;
mod usage;
mod watching;
mod whole;
