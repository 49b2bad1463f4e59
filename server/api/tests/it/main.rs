//! Routes, called in memory: one file per area, and the catalogue over all of them.

mod agents;
mod agents_clusters;
mod agents_engines;
mod agents_lifecycle;
mod catalogue;
mod clusters;
mod contract;
mod golden;
mod history;
mod live;
mod metadata;
mod pages;
mod prometheus;
mod promised;
mod resources;
mod security;
mod site;
mod state;
mod system;
mod unchanged;
