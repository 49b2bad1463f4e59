//! The command channel: what server and agent say to each other over the socket.
//!
//! One file per verb, holding what the server sends and what the agent answers. A [`Frame`] is one
//! text frame. Members are in snake case. Typed operations are read strictly, because both ends
//! must agree to the letter on what is about to be done.

mod deploy;
mod docker_lifecycle;
mod docker_update;
mod execute;
mod frame;
mod grant;
mod host_storage_cleanup;
mod host_update;
mod message;
mod operation;
mod operation_query;
mod preflight;
mod read_file;
mod register;

pub use deploy::*;
pub use docker_lifecycle::*;
pub use docker_update::*;
pub use execute::*;
pub use frame::Frame;
pub use grant::*;
pub use host_storage_cleanup::*;
pub use host_update::*;
pub use message::{FromAgent, FromServer};
pub use operation::{CONTRACT_VERSION, Runtime, TypedOperation, Verification};
pub use operation_query::*;
pub use preflight::*;
pub use read_file::*;
pub use register::*;

#[cfg(test)]
mod tests;
