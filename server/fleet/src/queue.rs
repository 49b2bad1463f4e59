//! What an engine's agent is to do: one command at a time, handed over once, given up after ten minutes.

use jiff::{SignedDuration, Timestamp};

use pulse_model::facet::docker::DockerCommand;

use crate::error::AckError;

/// After which a command is not worth doing any more.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Longest word of an agent about its command.
const LONGEST_MESSAGE: usize = 512;

/// What can be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// To stop reporting, and to end.
    Stop,
    /// To ask the registries for newer images.
    CheckUpdates,
}

impl Verb {
    /// Returns its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::CheckUpdates => "check_updates",
        }
    }
}

/// How far a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Waits for the next report.
    Queued,
    /// Was handed over.
    Dispatched,
    /// The agent has it.
    Acknowledged,
    /// The agent is at it.
    InProgress,
    /// It is done.
    Completed,
    /// It could not be done.
    Failed,
    /// Nobody said anything about it for too long.
    Expired,
}

impl Progress {
    const ALL: [Self; 7] = [
        Self::Queued,
        Self::Dispatched,
        Self::Acknowledged,
        Self::InProgress,
        Self::Completed,
        Self::Failed,
        Self::Expired,
    ];

    /// Returns its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Dispatched => "dispatched",
            Self::Acknowledged => "acknowledged",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// Returns how far `command` is; a word nobody knows is over.
    pub fn of(command: &DockerCommand) -> Self {
        let known = Self::ALL
            .into_iter()
            .find(|one| one.word() == command.status);
        known.unwrap_or(Self::Expired)
    }

    /// Tells whether `command` is still to be done.
    pub fn is_active(command: &DockerCommand) -> bool {
        !matches!(
            Self::of(command),
            Self::Completed | Self::Failed | Self::Expired
        )
    }
}

/// Returns a command to queue.
pub(crate) fn queued(id: String, verb: Verb, now: Timestamp) -> DockerCommand {
    DockerCommand {
        id,
        verb: verb.word().to_owned(),
        status: Progress::Queued.word().to_owned(),
        created_at: now,
        updated_at: now,
        expires_at: now.checked_add(LIFE).ok(),
        ..DockerCommand::default()
    }
}

/// Lets `command` move on to `progress`.
fn advance(
    command: &mut DockerCommand,
    progress: Progress,
    message: Option<String>,
    now: Timestamp,
) {
    command.status = progress.word().to_owned();
    command.updated_at = now;
    match progress {
        Progress::Dispatched => command.dispatched_at = Some(now),
        Progress::Acknowledged => command.acknowledged_at = Some(now),
        Progress::Completed => command.completed_at = Some(now),
        Progress::Failed | Progress::Expired => command.failed_at = Some(now),
        Progress::Queued | Progress::InProgress => {}
    }
    if matches!(progress, Progress::Failed | Progress::Expired) {
        command.failure_reason.clone_from(&message);
    }
    command.message = message.or(command.message.take());
}

/// Marks `command` as handed over and returns it, if it waits for that.
pub(crate) fn dispatch(command: &mut DockerCommand, now: Timestamp) -> Option<DockerCommand> {
    if Progress::of(command) != Progress::Queued || expire(command, now) {
        return None;
    }
    advance(command, Progress::Dispatched, None, now);
    Some(command.clone())
}

/// Takes what the agent says of `command`.
pub(crate) fn acknowledge(
    command: &mut DockerCommand,
    progress: Progress,
    message: &str,
    now: Timestamp,
) -> Result<(), AckError> {
    expire(command, now);
    match Progress::of(command) {
        Progress::Queued => return Err(AckError::Early),
        Progress::Dispatched | Progress::Acknowledged | Progress::InProgress => {}
        // Said twice because the first answer was lost.
        over if over == progress => return Ok(()),
        over => {
            let status = over.word().to_owned();
            return Err(AckError::Over { status });
        }
    }
    let cut = message.floor_char_boundary(LONGEST_MESSAGE);
    let message = Some(message[..cut].trim().to_owned());
    let message = message.filter(|message| !message.is_empty());
    advance(command, progress, message, now);
    if Progress::is_active(command) {
        // It is being worked on: the time to be done starts anew.
        command.expires_at = now.checked_add(LIFE).ok();
    }
    Ok(())
}

/// Gives `command` up when its time is over; tells whether that just happened.
pub(crate) fn expire(command: &mut DockerCommand, now: Timestamp) -> bool {
    let is_late = command.expires_at.is_some_and(|end| now >= end);
    if !is_late || !Progress::is_active(command) {
        return false;
    }
    let reason = match command.dispatched_at {
        Some(_) => "its agent did not say that it is done",
        None => "its agent did not report",
    };
    advance(command, Progress::Expired, Some(reason.to_owned()), now);
    true
}
