//! A queued command in the agents' words.

use pulse_model::facet::docker::DockerCommand;
use pulse_protocol::report::docker::{CommandRecord, QueuedVerb};

/// Returns the command as it stands.
pub(super) fn record(command: DockerCommand) -> CommandRecord {
    CommandRecord {
        id: command.id,
        verb: QueuedVerb::from(command.verb.as_str()),
        status: command.status,
        message: command.message.unwrap_or_default(),
        created_at: Some(command.created_at),
        updated_at: Some(command.updated_at),
        dispatched_at: command.dispatched_at,
        acknowledged_at: command.acknowledged_at,
        completed_at: command.completed_at,
        failed_at: command.failed_at,
        failure_reason: command.failure_reason.unwrap_or_default(),
        expires_at: command.expires_at,
    }
}
