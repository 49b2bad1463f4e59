//! How polling works.

use axum::extract::State;

use pulse_sources::scheduler::Health;

use crate::app::App;

pub(super) async fn health(State(app): State<App>) -> axum::Json<Health> {
    let is_adaptive = app.settings().get().adaptive_polling_enabled;
    axum::Json(
        app.0
            .services
            .scheduler
            .health(app.clock().now(), is_adaptive),
    )
}
