//! Routes, called in memory: one file per area, and the catalogue over all of them.

mod catalogue;
mod resources;
mod security;
mod site;
mod state;
