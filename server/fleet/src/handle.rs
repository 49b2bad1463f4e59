//! What others may ask of the fleet.
//!
//! What an operator decides holds at once, is on disk before it is answered, and is carried through even if whoever asked
//! hangs up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use pulse_model::facet::docker::DockerCommand;
use pulse_model::{Claim, Clock, Entropy, SourceId, SourceKind};
use pulse_store::Store;

use crate::error::{AckError, Error, Refusal};
use crate::port::Display;
use crate::queue::{self, Progress, Verb};
use crate::record::Record;
use crate::register::{Moment, Register};
use crate::removal::{Removed, Told};
use crate::tables;

/// What a fleet is made of.
pub struct Options {
    /// Where the register is kept.
    pub store: Store,
    /// Where what reports is shown.
    pub display: Arc<dyn Display>,
    /// What time it is.
    pub clock: Clock,
    /// Random bytes for the ids of commands.
    pub entropy: Entropy,
}

/// The one way in; cheap to clone.
#[derive(Clone)]
pub struct Handle(Arc<Shared>);

pub(crate) struct Shared {
    store: Store,
    display: Arc<dyn Display>,
    clock: Clock,
    entropy: Entropy,
    register: Mutex<Register>,
    /// One follows up at a time, so that what is written and shown last is what was decided last.
    turn: tokio::sync::Mutex<()>,
    /// Tells the task that there is something to write.
    pub(crate) unsaved: Notify,
}

/// What an agent says of a command.
#[derive(Clone, Copy, Debug)]
pub struct Ack<'a> {
    /// The command.
    pub id: &'a str,
    /// Who it says it is.
    pub agent_id: &'a str,
    /// Who it is, as its token shows; nothing for an operator.
    pub sender: Option<&'a Claim>,
    /// How far it is.
    pub progress: Progress,
    /// What more it says.
    pub message: &'a str,
}

/// What is to happen to what a source shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// It goes on.
    Stays,
    /// All of it goes.
    Goes,
}

impl Handle {
    /// Reads the register. Blocks.
    pub(crate) fn load(options: Options) -> Result<Self, pulse_store::Error> {
        let records = tables::load(&options.store)?;
        Ok(Self(Arc::new(Shared {
            register: Mutex::new(Register::of(records, options.clock.monotonic())),
            store: options.store,
            display: options.display,
            clock: options.clock,
            entropy: options.entropy,
            turn: tokio::sync::Mutex::new(()),
            unsaved: Notify::new(),
        })))
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }

    // --- reports

    /// Says whether the machine `claim` is from may report.
    pub fn admit_machine(&self, claim: &Claim) -> Result<(), Refusal> {
        let at = self.0.moment();
        self.0.change(|register| register.admit_machine(claim, at))
    }

    /// Notes the machine the estate took a report of, unless it is removed.
    pub fn note_machine(&self, agent_id: &str, claim: &Claim) -> Result<(), Refusal> {
        let at = self.0.moment();
        self.0
            .change(|register| register.note_machine(agent_id, claim, at))
    }

    /// Says whether whoever `claim` is from may report the engine or the cluster `source`, and notes that it does.
    pub fn admit(&self, source: &SourceId, claim: &Claim) -> Result<(), Refusal> {
        let at = self.0.moment();
        let goes = self
            .0
            .change(|register| register.admit(source, claim, at))?;
        if let Some(silent) = goes {
            tracing::info!(source = %silent, "its token reports others now: it goes");
            let fleet = self.clone();
            tokio::spawn(async move { fleet.follow_up(&silent, Shown::Goes).await });
        }
        Ok(())
    }

    /// Returns what the agent of `engine` is to do, which counts as told from now on.
    pub async fn next_command(&self, engine: &SourceId) -> Option<DockerCommand> {
        let at = self.0.moment();
        let command = self.0.change(|register| {
            let record = register.get(engine)?;
            let is_waiting = |command: &DockerCommand| Progress::of(command) == Progress::Queued;
            if !record.command.as_ref().is_some_and(is_waiting) {
                return None;
            }
            register.change(engine, at.mono, |record| {
                queue::dispatch(record.command.as_mut()?, at.now)
            })
        })?;
        // Not on disk is no reason not to tell: at worst it is told twice, and done once.
        let _ = self.follow_up(engine, Shown::Stays).await;
        Some(command)
    }

    // --- what is known

    /// Tells whether anything reports under that name, is removed, or is decided about.
    pub fn knows(&self, source: &SourceId) -> bool {
        self.0.register().get(source).is_some()
    }

    /// Returns the engine or cluster of `kind` whose agent calls itself `agent_id`, if there is only one.
    pub fn named_by_agent(&self, kind: SourceKind, agent_id: &str) -> Option<SourceId> {
        let register = self.0.register();
        let of_kind = register.iter().filter(|(source, record)| {
            source.kind == kind && record.agent_id.as_deref() == Some(agent_id)
        });
        let mut found = of_kind.map(|(source, _)| source.clone());
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Returns the engines and clusters that the agent of the machine `agent_id` reports besides it.
    pub fn reported_with(&self, agent_id: &str) -> Vec<SourceId> {
        let register = self.0.register();
        let Some(machine) = register.get(&SourceId::agent(agent_id)) else {
            return Vec::new();
        };
        let is_with = |source: &SourceId, record: &Record| {
            let is_its = *source.name == *agent_id || record.agent_id.as_deref() == Some(agent_id);
            let is_bound = record.owner.agent.as_deref() == Some(agent_id);
            source.kind != SourceKind::Agent
                && record.removed.is_none()
                && record.owner.is(&machine.owner)
                && (is_its || is_bound)
        };
        let with = register
            .iter()
            .filter(|(source, record)| is_with(source, record));
        with.map(|(source, _)| source.clone()).collect()
    }

    /// Returns those of `kind` that are refused.
    pub fn removed(&self, kind: SourceKind) -> Vec<Removed> {
        self.0.register().removed(kind).collect()
    }

    /// Returns a number that rises whenever somebody is removed or let in again.
    pub fn revision(&self) -> u64 {
        self.0.register().revision()
    }

    // --- what operators decide

    /// Removes `source`: what it shows goes, and it is refused for a day.
    pub async fn remove(&self, source: &SourceId, told: Told, by: &str) -> Result<(), Error> {
        let at = self.0.moment();
        self.0.change(|register| {
            register.check_room(source)?;
            register.change(source, at.mono, |record| record.remove(told, by, at.now));
            Ok(())
        })?;
        tracing::info!(%source, by, "removed; it is refused for a day");
        self.follow_up(source, Shown::Goes).await
    }

    /// Lets `source` go, which said good-bye itself: it may come back.
    pub async fn let_go(&self, source: &SourceId, by: &str) -> Result<(), Error> {
        self.0.change(|register| register.drop(source));
        tracing::info!(%source, by, "let go");
        self.follow_up(source, Shown::Goes).await
    }

    /// Lets `source` report again.
    ///
    /// # Errors
    /// When nothing is known of it.
    pub async fn allow(&self, source: &SourceId, by: &str) -> Result<(), Error> {
        self.0.change(|register| {
            let record = register.get(source).ok_or(Error::Unknown)?;
            if record.removed.is_some() {
                register.drop(source);
            }
            Ok(())
        })?;
        tracing::info!(%source, by, "may report again");
        self.follow_up(source, Shown::Stays).await
    }

    /// Hides `source`, or shows it again.
    pub async fn hide(&self, source: &SourceId, hidden: bool, by: &str) -> Result<(), Error> {
        self.decide(source, |record| record.hidden = hidden)?;
        tracing::info!(%source, by, hidden, "hidden or shown again");
        self.follow_up(source, Shown::Stays).await
    }

    /// Marks `source` as being uninstalled.
    pub async fn mark_leaving(&self, source: &SourceId, by: &str) -> Result<(), Error> {
        self.decide(source, |record| record.pending_uninstall = true)?;
        tracing::info!(%source, by, "marked as being uninstalled");
        self.follow_up(source, Shown::Stays).await
    }

    /// Queues a command for the agent of `engine`.
    ///
    /// # Errors
    /// While an earlier one is not over.
    pub async fn queue(
        &self,
        engine: &SourceId,
        verb: Verb,
        by: &str,
    ) -> Result<DockerCommand, Error> {
        let at = self.0.moment();
        let id = hex::encode(self.0.entropy.bytes::<16>());
        let queued = queue::queued(id, verb, at.now);
        let command = queued.clone();
        self.decide(engine, move |record| {
            if let Some(present) = &mut record.command {
                queue::expire(present, at.now);
                if Progress::is_active(present) {
                    return Err(Error::Busy {
                        id: present.id.clone(),
                        verb: present.verb.clone(),
                        status: present.status.clone(),
                    });
                }
            }
            record.command = Some(command);
            record.pending_uninstall |= verb == Verb::Stop;
            Ok(())
        })??;
        tracing::info!(source = %engine, by, command = queued.id, verb = queued.verb, "queued");
        self.follow_up(engine, Shown::Stays).await?;
        Ok(queued)
    }

    /// Takes what an agent says of a command one of its engines was sent. An engine that has stopped is gone, and may come
    /// back.
    pub async fn acknowledge(&self, ack: Ack<'_>) -> Result<DockerCommand, AckError> {
        let at = self.0.moment();
        let (engine, command, has_stopped) = self.0.change(|register| {
            let engine = register.engine_of(&ack).ok_or(AckError::Unknown)?;
            let (command, stops) = register.change(&engine, at.mono, |record| {
                let stops = record.is_stopping();
                let command = record.command.as_mut().ok_or(AckError::Unknown)?;
                queue::acknowledge(command, ack.progress, ack.message, at.now)?;
                let command = command.clone();
                // It could not be told to go.
                record.pending_uninstall &= !(stops && ack.progress == Progress::Failed);
                Ok::<_, AckError>((command, stops))
            })?;
            let has_stopped = stops && ack.progress == Progress::Completed;
            if has_stopped {
                register.drop(&engine);
            }
            Ok::<_, AckError>((engine, command, has_stopped))
        })?;
        tracing::info!(source = %engine, command = command.id, status = command.status, "its agent says");
        let shown = if has_stopped {
            Shown::Goes
        } else {
            Shown::Stays
        };
        self.follow_up(&engine, shown).await?;
        Ok(command)
    }

    fn decide<T>(
        &self,
        source: &SourceId,
        change: impl FnOnce(&mut Record) -> T,
    ) -> Result<T, Error> {
        let at = self.0.moment();
        self.0.change(|register| {
            let record = register.get(source).ok_or(Error::Unknown)?;
            if record.removed.is_some() {
                return Err(Error::Unknown);
            }
            Ok(register.change(source, at.mono, change))
        })
    }

    /// Writes what changed and shows it. It runs to its end, whoever asked may hang up.
    async fn follow_up(&self, source: &SourceId, shown: Shown) -> Result<(), Error> {
        let (shared, source) = (self.0.clone(), source.clone());
        let work = async move {
            let _turn = shared.turn.lock().await;
            let saved = shared.save().await;
            shared.show(source, shown).await;
            saved
        };
        tokio::spawn(work).await.unwrap_or(Err(Error::Stopping))
    }
}

impl Shared {
    fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment {
            now: self.clock.now(),
            mono: self.clock.monotonic(),
        }
    }

    /// Changes the register; the task is told if something is to be written.
    fn change<T>(&self, change: impl FnOnce(&mut Register) -> T) -> T {
        let mut register = self.register();
        let done = change(&mut register);
        if register.is_unsaved() {
            self.unsaved.notify_one();
        }
        done
    }

    #[cfg(test)]
    pub(crate) fn is_unsaved(&self) -> bool {
        self.register().is_unsaved()
    }

    /// Writes what is not on disk yet. Only who has the turn calls it.
    async fn save(&self) -> Result<(), Error> {
        let batch = self.register().take_unsaved();
        if batch.is_empty() {
            return Ok(());
        }
        let sources: Vec<_> = batch.iter().map(|(source, _)| source.clone()).collect();
        tables::save(&self.store, batch).await.map_err(|error| {
            self.register().put_back_unsaved(sources);
            Error::NotSaved(error)
        })
    }

    async fn show(&self, source: SourceId, shown: Shown) {
        if shown == Shown::Goes {
            self.display.forget(source.clone()).await;
        }
        let standing = self.register().get(&source).map(Record::standing);
        self.display
            .show(source, standing.unwrap_or_default())
            .await;
    }

    /// Writes what is not on disk yet, when it is its turn.
    pub(crate) async fn save_in_turn(&self) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        self.save().await
    }

    /// Shows everything as it was left, after a start.
    pub(crate) async fn show_all(&self) {
        let decided: Vec<_> = {
            let register = self.register();
            let decided = register
                .iter()
                .filter(|(_, record)| record.standing() != Default::default());
            decided.map(|(source, _)| source.clone()).collect()
        };
        for source in decided {
            let _turn = self.turn.lock().await;
            self.show(source, Shown::Stays).await;
        }
    }

    /// Lets time count.
    pub(crate) async fn tick(&self) {
        let at = self.moment();
        let changed = self.change(|register| register.tick(at));
        for source in changed {
            let _turn = self.turn.lock().await;
            self.show(source, Shown::Stays).await;
        }
    }
}
