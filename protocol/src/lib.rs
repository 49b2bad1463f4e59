//! What crosses the wire between Pulse agents and the Pulse server.
