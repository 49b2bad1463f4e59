//! Tells open pages of settings they show.

use pulse_settings::{System, Updated};
use serde_json::json;

use crate::app::App;

/// Sends `settingsUpdate` to every live socket when something a page shows has changed.
pub(super) fn changed(app: &App, updated: &Updated) {
    let shown = |system: &System| {
        json!({
            "theme": system.theme,
            "fullWidthMode": system.full_width_mode,
        })
    };
    let now = shown(&updated.after);
    if now != shown(&updated.before) {
        app.0.hub.announce("settingsUpdate", &now);
    }
}
