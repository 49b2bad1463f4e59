//! Collectors for one host: one file per subject.
