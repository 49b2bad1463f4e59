//! What the estate measures on its way into the history.

use pulse_estate::Recorder;
use pulse_model::Reading;

/// Hands readings to a history, which never blocks.
pub struct HistoryRecorder(pub pulse_history::Handle);

impl Recorder for HistoryRecorder {
    fn record(&self, readings: Vec<Reading>) {
        self.0.record(readings);
    }
}
