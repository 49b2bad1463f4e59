//! Every route, authentication, the live socket and the embedded dashboard.
