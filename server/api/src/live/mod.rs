//! The live socket: state once, then what changed.
//!
//! `hub` turns estate changes into frames, each encoded once for all; `socket` is one client's
//! connection, `socketio` the same for Socket.IO clients; `patch` says in JSON what changed in a
//! resource.

mod allowance;
mod hub;
mod notification;
mod patch;
mod socket;
mod socketio;

pub(crate) use hub::Hub;
pub(crate) use socketio::Sessions;

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
        name: "max_message_bytes",
        about: "the largest frame the client takes, at least 65536; larger ones are announced by stateTooLarge",
    },
    Param {
        name: "token",
        about: "an API token, for clients that cannot send headers",
    },
];

const SOCKET_IO: &[Param] = &[
    Param {
        name: "EIO",
        about: "4, the version of Engine.IO",
    },
    Param {
        name: "transport",
        about: "polling or websocket",
    },
    Param {
        name: "sid",
        about: "the session, from the second request on",
    },
];

/// The live socket.
pub(crate) fn routes() -> Routes {
    let about =
        "Live state as WebSocket frames: welcome, initialState, then rawDataDelta or rawData";
    let read = Access::Scope(Scope::MonitoringRead);
    Routes::new("live")
        .get("/ws", read, about, socket::upgrade)
        .query(QUERY)
        .status(101)
        .limited(Category::Socket)
        .get(
            "/socket.io/",
            read,
            "The same events for Socket.IO clients, by polling or WebSocket",
            socketio::get,
        )
        .query(SOCKET_IO)
        .media("text/plain")
        .also_empty(101, "The transport is WebSocket from here on")
        .legacy()
        .post(
            "/socket.io/",
            read,
            "What a polling Socket.IO client sends",
            socketio::post,
        )
        .query(SOCKET_IO)
        .media("text/plain")
        .body_limit(socketio::LARGEST)
        .legacy()
        .post(
            "/api/test-notification",
            Access::Scope(Scope::SettingsWrite),
            "Sends a made-up node_auto_registered frame to every live socket",
            notification::test,
        )
        .answers::<notification::Sent>()
}
