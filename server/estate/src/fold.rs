//! One observation into the estate: pure, over the immutable snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{
    Claim, Kind, MetricsTarget, Resource, ResourceId, Sighting, SourceKind, SourceState,
    SourceStatus, Status,
};

use crate::derive::fill_rates;
use crate::freshness::Verdict;
use crate::snapshot::Estate;

/// Clocks this far apart are shown; closer ones are taken for delay.
const NOTABLE_SKEW: Duration = Duration::from_secs(300);

/// The name tests give a host whose report shall panic here.
#[cfg(test)]
pub(crate) const POISON: &str = "poison";

/// When a host's report was made and when it arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// By the agent's clock.
    pub made_at: Timestamp,
    /// By ours.
    pub now: Timestamp,
}

impl Times {
    /// Returns when the figures were true by our clock: the agent's time unless its clock is off.
    pub fn true_at(self) -> Timestamp {
        if self.skew().is_some() {
            self.now
        } else {
            self.made_at.min(self.now)
        }
    }

    /// Returns how many seconds the agent's clock is ahead when that is more than delay explains.
    /// A report may be old because it waited for us, so only the future tells of a wrong clock,
    /// or a past no queue reaches back to.
    fn skew(self) -> Option<i64> {
        const LONGEST_QUEUE: Duration = Duration::from_secs(24 * 3600);
        let ahead = self.made_at.duration_since(self.now);
        let wrong = if ahead.is_negative() {
            ahead.unsigned_abs() > LONGEST_QUEUE
        } else {
            ahead.unsigned_abs() > NOTABLE_SKEW
        };
        wrong.then(|| ahead.as_secs())
    }
}

/// Returns the host `agent_id` after `sighting`.
pub(crate) fn fold_host(
    estate: &Estate,
    agent_id: &str,
    claim: &Claim,
    sighting: Sighting,
    times: Times,
) -> Resource {
    #[cfg(test)]
    assert_ne!(sighting.name, POISON, "planted");
    let id = ResourceId::new(agent_id);
    let before = estate.get(agent_id).map(|entry| entry.resource());
    let at = times.true_at();
    let mut metrics = sighting.metrics;
    let mut facets = sighting.facets;
    if let Some(host) = &mut facets.agent {
        let host = Arc::make_mut(host);
        host.agent_id = agent_id.to_owned();
        host.token_id.clone_from(&claim.token_id);
        host.trust = Some(if claim.keyed { "keyed" } else { "token" }.to_owned());
        host.last_report_at = Some(times.made_at);
        host.clock_skew_seconds = times.skew();
        if let Some(earlier) = before.and_then(|resource| resource.facets.agent.as_deref()) {
            let span = earlier
                .last_report_at
                .map(|then| times.made_at.duration_since(then));
            if let Some(span) = span.filter(|span| span.is_positive()) {
                fill_rates(earlier, host, &mut metrics, span.unsigned_abs());
            }
        }
    }
    let source = SourceStatus {
        status: SourceState::Online,
        last_seen: at,
        error: None,
    };
    Resource {
        metrics_target: Some(MetricsTarget {
            resource_type: Kind::Agent.word().to_owned(),
            resource_id: agent_id.to_owned(),
        }),
        id,
        kind: sighting.kind,
        technology: None,
        name: sighting.name,
        status: Status::Online,
        last_seen: at,
        updated_at: Some(times.now),
        sources: vec![SourceKind::Agent],
        source_status: BTreeMap::from([(SourceKind::Agent, source)]),
        identity: sighting.identity,
        metrics,
        uptime: sighting.uptime,
        temperature: sighting.temperature,
        parent_id: None,
        tags: sighting.tags,
        facets,
    }
}

/// Returns `resource` with its agent's freshness set to `verdict`. Facts stay as they were seen.
pub(crate) fn with_verdict(resource: &Resource, verdict: Verdict, now: Timestamp) -> Resource {
    let mut resource = resource.clone();
    if let Some(source) = resource.source_status.get_mut(&SourceKind::Agent) {
        source.status = verdict.state();
    }
    resource.status = match verdict {
        Verdict::Online => Status::Online,
        Verdict::Stale => Status::Unknown,
        Verdict::Offline { .. } => Status::Offline,
    };
    resource.updated_at = Some(now);
    resource
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(made: i64, now: i64) -> Times {
        let at = |second| Timestamp::from_second(second).expect("a valid second");
        Times {
            made_at: at(made),
            now: at(now),
        }
    }

    #[test]
    fn a_queued_report_keeps_its_own_time() {
        assert_eq!(times(1_000, 2_800).true_at().as_second(), 1_000);
        assert_eq!(times(1_000, 2_800).skew(), None);
    }

    #[test]
    fn a_clock_ahead_or_years_behind_is_shown_and_not_believed() {
        assert_eq!(times(10_000, 1_000).true_at().as_second(), 1_000);
        assert_eq!(times(10_000, 1_000).skew(), Some(9_000));
        assert_eq!(times(0, 1_700_000_000).true_at().as_second(), 1_700_000_000);
        assert_eq!(times(0, 1_700_000_000).skew(), Some(-1_700_000_000));
    }

    #[test]
    fn a_small_lead_is_delay_and_never_lies_in_the_future() {
        assert_eq!(times(1_004, 1_000).true_at().as_second(), 1_000);
        assert_eq!(times(1_004, 1_000).skew(), None);
    }
}
