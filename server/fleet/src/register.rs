//! The register: who reports under which name, and what was decided about it. No disk, no task, no time of its own.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{Claim, SourceId, SourceKind};

use crate::error::{Error, Refusal};
use crate::handle::Ack;
use crate::owner::Owner;
use crate::queue;
use crate::record::Record;
use crate::removal::{self, Removed};

/// Sources kept; beyond it those silent longest make room.
pub(crate) const MOST: usize = 50_000;
/// Longest name; it is a key of a table.
const LONGEST_NAME: usize = 256;
/// Engines, and clusters, one token may report: one machine may have several.
pub(crate) const PER_TOKEN: usize = 4;
/// Whoever is silent for so long may be followed by another token.
const SILENT: Duration = Duration::from_secs(600);
/// Whoever is silent for so long, with nothing decided about it, is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(7 * 24 * 3_600);
/// A full register is looked through for room this seldom.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// When it is, on both faces of the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub now: Timestamp,
    pub mono: Duration,
}

#[derive(Debug)]
struct Kept {
    record: Record,
    /// When it last reported; after a start everybody has their full time.
    heard: Duration,
}

/// Everything that reports.
#[derive(Debug, Default)]
pub(crate) struct Register {
    sources: HashMap<SourceId, Kept>,
    /// Those that are refused.
    removed: BTreeSet<SourceId>,
    /// Those whose record is not on disk as it is here.
    unsaved: HashSet<SourceId>,
    /// Rises whenever somebody is removed or let in again.
    revision: u64,
    tidied: Option<Duration>,
}

impl Register {
    /// Makes one of what was kept.
    pub fn of(records: Vec<(SourceId, Record)>, mono: Duration) -> Self {
        let removed = records
            .iter()
            .filter(|(_, record)| record.removed.is_some());
        let removed = removed.map(|(source, _)| source.clone()).collect();
        let kept = |(source, record)| {
            (
                source,
                Kept {
                    record,
                    heard: mono,
                },
            )
        };
        Self {
            removed,
            sources: records.into_iter().map(kept).collect(),
            ..Self::default()
        }
    }

    /// Returns what is known of `source`.
    pub fn get(&self, source: &SourceId) -> Option<&Record> {
        self.sources.get(source).map(|kept| &kept.record)
    }

    /// Returns every source with what is known of it.
    pub fn iter(&self) -> impl Iterator<Item = (&SourceId, &Record)> {
        self.sources
            .iter()
            .map(|(source, kept)| (source, &kept.record))
    }

    /// Returns a number that rises whenever somebody is removed or let in again.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns those of `kind` that are refused.
    pub fn removed(&self, kind: SourceKind) -> impl Iterator<Item = Removed> {
        let of_kind = self
            .removed
            .iter()
            .filter(move |source| source.kind == kind);
        of_kind.filter_map(|source| {
            let record = self.get(source)?;
            let removal = record.removed.as_ref()?;
            Some(Removed {
                source: source.clone(),
                name: removal.name.clone(),
                hostname: record.hostname.clone(),
                at: removal.at,
            })
        })
    }

    /// Returns the engine whose command an agent speaks of, if it is its own.
    pub fn engine_of(&self, ack: &Ack<'_>) -> Option<SourceId> {
        let has_command = |record: &Record| {
            record
                .command
                .as_ref()
                .is_some_and(|command| command.id == ack.id)
        };
        let (engine, record) = self.iter().find(|(_, record)| has_command(record))?;
        let names = [
            Some(&*engine.name),
            record.agent_id.as_deref(),
            record.owner.agent.as_deref(),
        ];
        let is_named = names.contains(&Some(ack.agent_id));
        let is_own = ack
            .sender
            .is_none_or(|claim| record.owner.is(&Owner::of(claim)));
        (is_named && is_own).then(|| engine.clone())
    }

    /// Fails when `source` is new and there is no room for it.
    pub fn check_room(&self, source: &SourceId) -> Result<(), Error> {
        if self.sources.len() < MOST || self.sources.contains_key(source) {
            return Ok(());
        }
        Err(Error::Full { limit: MOST })
    }

    /// Changes the record of `source`, or makes one. It is written only if that made a difference.
    pub fn change<T>(
        &mut self,
        source: &SourceId,
        mono: Duration,
        change: impl FnOnce(&mut Record) -> T,
    ) -> T {
        let is_new = !self.sources.contains_key(source);
        let kept = self.sources.entry(source.clone()).or_insert_with(|| Kept {
            record: Record::default(),
            heard: mono,
        });
        let before = kept.record.clone();
        let done = change(&mut kept.record);
        let is_removed = kept.record.removed.is_some();
        if is_new || kept.record != before {
            self.unsaved.insert(source.clone());
        }
        if is_removed != self.removed.contains(source) {
            self.note_removed(source, is_removed);
        }
        done
    }

    /// Forgets `source`; tells whether it was known.
    pub fn drop(&mut self, source: &SourceId) -> bool {
        let was_known = self.sources.remove(source).is_some();
        if was_known {
            self.unsaved.insert(source.clone());
        }
        if self.removed.contains(source) {
            self.note_removed(source, false);
        }
        was_known
    }

    fn note_removed(&mut self, source: &SourceId, is_removed: bool) {
        self.revision += 1;
        if is_removed {
            self.removed.insert(source.clone());
        } else {
            self.removed.remove(source);
        }
    }

    /// Returns what is to be written, which counts as written from now on.
    pub fn take_unsaved(&mut self) -> Vec<(SourceId, Option<Record>)> {
        let unsaved = std::mem::take(&mut self.unsaved).into_iter();
        unsaved
            .map(|source| {
                let record = self.get(&source).cloned();
                (source, record)
            })
            .collect()
    }

    /// Notes that `sources` could not be written.
    pub fn put_back_unsaved(&mut self, sources: impl IntoIterator<Item = SourceId>) {
        self.unsaved.extend(sources);
    }

    /// Tells whether anything is to be written.
    pub fn is_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// Says whether the machine `claim` is from may report.
    pub fn admit_machine(&mut self, claim: &Claim, at: Moment) -> Result<(), Refusal> {
        let machines = self
            .removed
            .iter()
            .filter(|source| source.kind == SourceKind::Agent);
        let is_it = |source: &&SourceId| {
            self.get(source)
                .is_some_and(|record| removal::is_machine(&source.name, record, claim))
        };
        let meant: Vec<_> = machines.filter(is_it).cloned().collect();
        meant
            .iter()
            .try_for_each(|source| self.refuse_removed(source, claim, at.now))
    }

    /// Notes the machine the estate has taken a report of, unless it is removed.
    pub fn note_machine(
        &mut self,
        agent_id: &str,
        claim: &Claim,
        at: Moment,
    ) -> Result<(), Refusal> {
        let source = SourceId::agent(agent_id);
        self.refuse_removed(&source, claim, at.now)?;
        if agent_id.len() <= LONGEST_NAME && self.has_room_for(&source, at.mono) {
            self.note(&source, claim, at.mono);
        }
        Ok(())
    }

    /// Admits an engine or a cluster. Returns the one that goes for it: a token that reports under ever new names leaves
    /// no more behind than it may report.
    pub fn admit(
        &mut self,
        source: &SourceId,
        claim: &Claim,
        at: Moment,
    ) -> Result<Option<SourceId>, Refusal> {
        let name = &source.name;
        if name.len() > LONGEST_NAME {
            let text = format!("the id this reports under is longer than {LONGEST_NAME} bytes");
            return Err(Refusal::Taken(text));
        }
        self.refuse_removed(source, claim, at.now)?;
        let own = Owner::of(claim);
        let machine = (source.kind == SourceKind::Docker).then(|| SourceId::agent(name));
        let holders = [Some(source), machine.as_ref()].into_iter().flatten();
        for holder in holders.clone() {
            if !self.is_free_for(holder, &own, at.mono) {
                let text = format!("\"{name}\" is already in use by an agent with another token");
                return Err(Refusal::Taken(text));
            }
        }
        let is_known = holders.clone().any(|holder| self.is_of(holder, &own));
        if !is_known && self.reports(source.kind, &own, at.mono) >= PER_TOKEN {
            let what = match source.kind {
                SourceKind::Kubernetes => "clusters",
                _ => "engines",
            };
            return Err(Refusal::Taken(format!(
                "this token is already in use by agents with other {what}; make another one"
            )));
        }
        if !self.has_room_for(source, at.mono) {
            return Err(Refusal::Full { limit: MOST });
        }
        let goes = match is_known {
            true => None,
            false => self.surplus(source.kind, &own, at.mono),
        };
        if let Some(silent) = &goes {
            self.drop(silent);
        }
        self.note(source, claim, at.mono);
        Ok(goes)
    }

    /// Returns the one silent longest of what `own` has reported, if that is as much as it may and nothing is decided
    /// about it.
    fn surplus(&self, kind: SourceKind, own: &Owner, mono: Duration) -> Option<SourceId> {
        if *own == Owner::default() {
            return None;
        }
        // An engine on a machine that reports too does not count.
        let is_own = |source: &SourceId, kept: &Kept| {
            let has_machine = self.sources.contains_key(&SourceId::agent(&source.name));
            source.kind == kind && kept.record.owner.is(own) && !has_machine
        };
        let all = self.sources.iter();
        let all: Vec<_> = all.filter(|(source, kept)| is_own(source, kept)).collect();
        let may_go = |kept: &Kept| !kept.is_live(mono) && !kept.record.is_decided();
        let silent = all.iter().filter(|(_, kept)| may_go(kept));
        let longest = silent.min_by_key(|(source, kept)| (kept.heard, *source));
        longest
            .filter(|_| all.len() >= PER_TOKEN)
            .map(|(source, _)| (*source).clone())
    }

    /// Refuses what was removed, unless that is over or `claim` lifts it.
    fn refuse_removed(
        &mut self,
        source: &SourceId,
        claim: &Claim,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let Some(removal) = self.get(source).and_then(|record| record.removed.as_ref()) else {
            return Ok(());
        };
        if !removal.is_over(now) && !removal.is_lifted_by(claim) {
            return Err(removal.refusal(source));
        }
        tracing::info!(%source, "reports again after it was removed");
        self.drop(source);
        Ok(())
    }

    fn is_free_for(&self, holder: &SourceId, own: &Owner, mono: Duration) -> bool {
        self.sources.get(holder).is_none_or(|kept| {
            let owner = &kept.record.owner;
            *owner == Owner::default() || owner.gives_way_to(own, &holder.name, kept.is_live(mono))
        })
    }

    fn is_of(&self, holder: &SourceId, own: &Owner) -> bool {
        self.get(holder).is_some_and(|record| record.owner.is(own))
    }

    /// Returns how many of `kind` are reported by `own`, who may be a person: they are not counted.
    fn reports(&self, kind: SourceKind, own: &Owner, mono: Duration) -> usize {
        if *own == Owner::default() {
            return 0;
        }
        let of_kind = self
            .sources
            .iter()
            .filter(|(source, _)| source.kind == kind);
        let is_own = |kept: &Kept| kept.record.owner.is(own) && kept.is_live(mono);
        of_kind.filter(|(_, kept)| is_own(kept)).count()
    }

    fn note(&mut self, source: &SourceId, claim: &Claim, mono: Duration) {
        self.change(source, mono, |record| record.note(claim));
        if let Some(kept) = self.sources.get_mut(source) {
            kept.heard = mono;
        }
    }

    fn has_room_for(&mut self, source: &SourceId, mono: Duration) -> bool {
        if self.sources.len() < MOST || self.sources.contains_key(source) {
            return true;
        }
        let is_due = self
            .tidied
            .is_none_or(|at| mono.saturating_sub(at) >= TIDY_EVERY);
        if is_due {
            self.tidied = Some(mono);
            self.drop_silent(SILENT, mono);
        }
        self.sources.len() < MOST
    }

    fn drop_silent(&mut self, silence: Duration, mono: Duration) {
        let is_silent = |kept: &Kept| mono.saturating_sub(kept.heard) >= silence;
        let silent = self.sources.iter();
        let silent = silent.filter(|(_, kept)| is_silent(kept) && !kept.record.is_decided());
        let silent: Vec<_> = silent.map(|(source, _)| source.clone()).collect();
        for source in silent {
            self.drop(&source);
        }
    }

    /// Lets time count; returns the sources that show something else now.
    pub fn tick(&mut self, at: Moment) -> Vec<SourceId> {
        self.drop_silent(FORGOTTEN, at.mono);
        let is_over = |source: &SourceId| {
            let removal = self.get(source).and_then(|record| record.removed.as_ref());
            removal.is_none_or(|removal| removal.is_over(at.now))
        };
        let over: Vec<_> = self
            .removed
            .iter()
            .filter(|source| is_over(source))
            .cloned()
            .collect();
        for source in &over {
            self.drop(source);
        }
        let mut expired = Vec::new();
        for (source, kept) in &mut self.sources {
            let command = kept.record.command.as_mut();
            if command.is_some_and(|command| queue::expire(command, at.now)) {
                // A stop that nobody heard of is none.
                kept.record.pending_uninstall &= !kept.record.is_stopping();
                expired.push(source.clone());
            }
        }
        self.unsaved.extend(expired.iter().cloned());
        expired
    }
}

impl Kept {
    fn is_live(&self, mono: Duration) -> bool {
        mono.saturating_sub(self.heard) < SILENT
    }
}
