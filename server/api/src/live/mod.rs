//! The live socket: state once, then what changed.
//!
//! `hub` turns estate changes into frames, each encoded once for all; `socket` is one client's
//! connection; `patch` says in JSON what changed in a resource.

mod hub;
mod patch;
mod socket;

pub(crate) use hub::Hub;
pub(crate) use socket::framed;

use crate::access::Access;
use crate::routes::row::{Category, Param, Routes};
use pulse_security::Scope;

const QUERY: &[Param] = &[
    Param {
        name: "delta",
        about: "1: after the first state only what changed, numbered",
    },
    Param {
        name: "since",
        about: "epoch:seq of the last frame seen, to go on from there",
    },
    Param {
        name: "token",
        about: "an API token, for clients that cannot send headers",
    },
];

/// The live socket.
pub(crate) fn routes() -> Routes {
    let about =
        "Live state as WebSocket frames: welcome, initialState, then rawDataDelta or rawData";
    Routes::new("live")
        .get(
            "/ws",
            Access::Scope(Scope::MonitoringRead),
            about,
            socket::upgrade,
        )
        .query(QUERY)
        .limited(Category::Socket)
}
