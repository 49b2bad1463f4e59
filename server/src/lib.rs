//! The Pulse server, as a library so that tests can run one in process.
