//! What the estate needs of others.

use pulse_model::Reading;

/// Takes what was measured.
pub trait Recorder: Send + Sync {
    /// Takes the readings of one observation: one for each resource it refreshed. Must not block:
    /// the estate's only writer calls it.
    fn record(&self, readings: Vec<Reading>);
}

/// Keeps nothing.
impl Recorder for () {
    fn record(&self, _: Vec<Reading>) {}
}
