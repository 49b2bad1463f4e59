//! Registries that are invented: what is asked, with what proof, and what comes of it.
