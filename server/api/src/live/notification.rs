//! A made-up frame, for those who want to see whether theirs arrive.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;

/// It is on its way.
#[derive(Serialize, ToSchema)]
pub(super) struct Sent {
    status: &'static str,
}

/// Tells every live socket of a node that does not exist.
pub(super) async fn test(State(app): State<App>) -> Json<Sent> {
    let node = json!({
        "type": "pve", "source": "test", "host": "test-node.example.com", "name": "Test Node",
        "tokenId": "", "hasToken": false, "verifySSL": true, "status": "test",
    });
    app.0.hub.announce("node_auto_registered", &node);
    Json(Sent {
        status: "notification sent",
    })
}
