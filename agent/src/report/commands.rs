//! What the server queued for this machine's engines, handed over with the answer to a report.

use std::collections::VecDeque;
use std::time::Duration;

use pulse_agent_docker::Checker;
use pulse_protocol::report::docker::{AckStatus, CommandAck, QueuedCommand, QueuedVerb};
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::Report;

/// Longest asking of all registries.
const CHECK: Duration = Duration::from_secs(5 * 60);

/// Commands that are remembered, so that one handed over twice is not done twice.
const DONE: usize = 64;

/// Does what is queued, one after the other, until told to stop.
pub(crate) async fn run(
    checker: Checker,
    mut commands: Receiver<QueuedCommand>,
    reports: Sender<Report>,
    shutdown: CancellationToken,
) {
    let mut done: VecDeque<(String, CommandAck)> = VecDeque::new();
    let work = async {
        while let Some(command) = commands.recv().await {
            let known = done.iter().find(|(id, _)| *id == command.id);
            let result = match known {
                Some((_, result)) => result.clone(),
                None => {
                    info!(id = command.id, verb = %command.verb, "the server asks");
                    let result = act(&checker, &command, &reports).await;
                    if done.len() == DONE {
                        done.pop_front();
                    }
                    done.push_back((command.id.clone(), result.clone()));
                    result
                }
            };
            if reports.send(Report::Ack(command.id, result)).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = work => {}
    }
}

async fn act(checker: &Checker, command: &QueuedCommand, reports: &Sender<Report>) -> CommandAck {
    if command.verb != QueuedVerb::CheckUpdates {
        return ack(AckStatus::Failed, "this agent does not do that");
    }
    let begun = ack(AckStatus::InProgress, "asking the registries");
    // An error means that the agent is about to end.
    let _ = reports.send(Report::Ack(command.id.clone(), begun)).await;
    match timeout(CHECK, checker.check()).await {
        Ok(false) => ack(
            AckStatus::Failed,
            "the agent is at its ceiling and leaves update checks out",
        ),
        Ok(true) => ack(AckStatus::Completed, "the registries have been asked"),
        Err(_) => ack(
            AckStatus::Failed,
            "the registries did not all answer within five minutes",
        ),
    }
}

/// Writes down how far a command is.
pub(super) fn ack(status: AckStatus, message: &str) -> CommandAck {
    CommandAck {
        status: status.to_string(),
        message: message.to_owned(),
        ..CommandAck::default()
    }
}
