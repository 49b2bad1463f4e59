//! Everything monitored, as one snapshot with a single writer.
