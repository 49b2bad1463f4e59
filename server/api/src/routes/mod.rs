//! Every route is a row of data: method, path, who may call it, what it takes and answers.
//!
//! The same rows make the router, the access checks, the API description and the tests that call
//! each of them. One file per area.

pub mod agents;
pub mod history;
pub mod infra_updates;
pub mod meta;
pub mod metadata;
pub mod prometheus;
pub mod resources;
pub mod row;
pub mod security;
pub mod state;
pub mod status;
pub mod system;

pub use row::{Category, Routes, Row};

/// Returns every route of the server.
pub fn all() -> Vec<Row> {
    let areas = [
        status::routes(),
        state::routes(),
        resources::routes(),
        metadata::routes(),
        history::routes(),
        agents::routes(),
        infra_updates::routes(),
        security::routes(),
        system::routes(),
        prometheus::routes(),
        meta::routes(),
        crate::live::routes(),
    ];
    areas.into_iter().flat_map(Routes::into_rows).collect()
}
