//! The one HTTPS client factory.
