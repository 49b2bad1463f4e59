//! How the history itself is doing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_history::Handle;
use pulse_security::Scope;

use crate::access::Access;
use crate::error::ApiError;
use crate::routes::row::Routes;

pub(super) fn rows(routes: Routes) -> Routes {
    routes
        .get(
            "/api/metrics-store/stats",
            Access::Scope(Scope::MonitoringRead),
            "How the history is doing",
            stats,
        )
        .answers::<StoreStats>()
}

/// How the history is doing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StoreStats {
    /// Whether there is a history.
    enabled: bool,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Bytes on disk, database and logs.
    db_size: u64,
    /// Samples stored as they came.
    raw_count: u64,
    /// Minutes stored.
    minute_count: u64,
    /// Hours stored.
    hourly_count: u64,
    /// Always 0: days are made of hours.
    daily_count: u64,
    /// Values recorded since the start.
    total_writes: u64,
    /// Rows in memory that are not sealed yet, and readings that wait.
    buffer_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_flush: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_rollup: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_retention: Option<Timestamp>,
    /// `log`, `sealed` or `memory`.
    durability: &'static str,
    /// What keeps it from storing, if anything does.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// Whether the database found at the start was no good and a fresh one was begun.
    was_replaced: bool,
    /// Resources with a history.
    resources: usize,
    /// Bytes of memory open hours take.
    memory_bytes: usize,
    /// Bytes written since midnight UTC, the file system's own share not counted.
    bytes_written_today: u64,
    /// What was refused, lost or found damaged since the start.
    counted: BTreeMap<&'static str, u64>,
}

async fn stats(State(history): State<Handle>) -> Result<axum::Json<serde_json::Value>, ApiError> {
    let found = match history.stats().await {
        Ok(found) => found,
        Err(error) => {
            return Ok(axum::Json(serde_json::json!({
                "enabled": false,
                "error": error.to_string(),
            })));
        }
    };
    let counted = history.counters();
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let stats = StoreStats {
        enabled: true,
        error: None,
        db_size: found.database_bytes + found.log_bytes,
        raw_count: found.points[0],
        minute_count: found.points[1],
        hourly_count: found.points[2],
        daily_count: 0,
        total_writes: count(&counted.recorded),
        buffer_size: found.open_rows + found.waiting as u64,
        last_flush: found.flushed_at,
        last_rollup: found.rolled_at,
        last_retention: found.expired_at,
        durability: found.durability.word(),
        trouble: found.trouble,
        was_replaced: found.was_replaced,
        resources: found.resources,
        memory_bytes: found.open_bytes,
        bytes_written_today: found.written_today,
        counted: counted.all().into_iter().collect(),
    };
    let stats = serde_json::to_value(stats).map_err(ApiError::internal)?;
    Ok(axum::Json(stats))
}
