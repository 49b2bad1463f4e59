//! One list of a report: read when it is due, kept in between, and what is missing of it.

use std::time::Duration;

use pulse_protocol::report::kubernetes::{Gap, GapReason};
use pulse_protocol::{limits, text};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::client::Client;
use crate::error::{Error, chain};
use crate::list::{Collected, Listed, Resource, list};
use crate::namespaces::Namespaces;
use crate::object::Object;

/// Objects of one kind in a report.
pub(crate) const MOST: usize = 1_000;

/// What one round of reading shares.
pub(crate) struct Round<'a> {
    pub(crate) client: &'a Client,
    pub(crate) namespaces: &'a Namespaces,
    /// The namespaces, if they are all known by name.
    pub(crate) named: Option<Vec<String>>,
    /// When the round has to end.
    pub(crate) deadline: Instant,
}

impl Round<'_> {
    /// Reads a list; what `keep` refuses is left out without a word.
    pub(crate) async fn list<W: Object + DeserializeOwned, T>(
        &self,
        resource: &Resource,
        mut keep: impl FnMut(W) -> Option<T>,
    ) -> Result<(Vec<T>, Listed), Error> {
        let mut collected = Collected::new(MOST, |object: W| {
            let is_wanted = self.namespaces.wants(object.within());
            is_wanted.then(|| keep(object)).flatten()
        });
        let named = self.named.as_deref();
        let listed = list(self.client, resource, named, self.deadline, &mut collected).await?;
        Ok((collected.objects, listed))
    }
}

/// A list and when it was read.
pub(crate) struct Kept<T> {
    pub(crate) value: Vec<T>,
    pub(crate) gaps: Vec<Gap>,
    read: Option<Instant>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            value: Vec::new(),
            gaps: Vec::new(),
            read: None,
        }
    }
}

impl<T> Kept<T> {
    /// Reads the list when it is due. One that cannot be read stays as it was and is tried again
    /// with the next report; one that may not be read is empty.
    pub(crate) async fn refresh<W: Object + DeserializeOwned>(
        &mut self,
        round: &Round<'_>,
        resource: &Resource,
        every: Duration,
        keep: impl FnMut(W) -> Option<T>,
    ) {
        if self.read.is_some_and(|read| read.elapsed() < every) {
            return;
        }
        let member = resource.member;
        match round.list(resource, keep).await {
            Ok((value, listed)) => {
                self.value = value;
                self.gaps = left_out(member, &listed);
                self.read = Some(Instant::now());
            }
            Err(error) if error.is_absent() => {
                *self = Self::default();
                self.read = Some(Instant::now());
            }
            Err(error) => {
                if error.is_forbidden() {
                    self.value.clear();
                    self.read = Some(Instant::now());
                } else {
                    self.read = None;
                }
                self.gaps = vec![Gap {
                    earlier: !self.value.is_empty(),
                    ..unread(member, &error)
                }];
            }
        }
    }
}

/// Says that a kind of object could not be read.
pub(crate) fn unread(member: &str, error: &Error) -> Gap {
    let reason = match error.is_forbidden() {
        true => GapReason::Forbidden,
        false => GapReason::Failed,
    };
    gap(member, reason, 0, &chain(error))
}

/// Says what a list lacks, if anything.
pub(crate) fn left_out(member: &str, listed: &Listed) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if listed.is_cut {
        let text = "there are more than are reported";
        gaps.push(gap(member, GapReason::Limit, listed.remaining, text));
    }
    if listed.odd > 0 {
        let text = "some objects make no sense";
        gaps.push(gap(member, GapReason::Failed, listed.odd, text));
    }
    if !listed.forbidden.is_empty() {
        let names = listed.forbidden.join(", ");
        let text = format!("namespaces {names} may not be read");
        gaps.push(gap(member, GapReason::Forbidden, 0, &text));
    }
    gaps
}

/// Makes a gap.
pub(crate) fn gap(member: &str, reason: GapReason, left_out: u64, detail: &str) -> Gap {
    Gap {
        member: member.to_owned(),
        reason,
        left_out: i64::try_from(left_out).unwrap_or(i64::MAX),
        earlier: false,
        detail: text::fit(detail, limits::NAME).into_owned(),
    }
}
