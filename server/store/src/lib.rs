//! Typed tables, settings documents and private files over an ordered key-value engine.
