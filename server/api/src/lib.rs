//! Every route, authentication, the live socket and the embedded dashboard.
//!
//! The only crate that knows HTTP. It asks areas through their handles and turns what they say
//! into answers; it decides nothing about hosts, alerts or credentials.

mod access;
mod app;
mod asked;
mod assets;
mod body;
mod collections;
mod counters;
mod error;
mod exposition;
mod layers;
mod listen;
mod live;
pub mod mock;
mod openapi;
mod packed;
pub mod port;
mod router;
mod routes;
mod snapshot;

pub use access::Access;
pub use app::{App, Facts, Services};
pub use error::{ApiError, ErrorBody};
pub use listen::{Listening, Tls, serve};
pub use openapi::document as openapi_document;
pub use router::router;
pub use routes::{Row, all as all_routes};
