//! The sources' way into the estate.

use pulse_estate::{Error, Refusal};
use pulse_model::{Observation, SourceId};
use pulse_sources::port::{Intake, NotTaken, Pending, Taken};

/// Hands observations to an estate.
pub struct EstateIntake(pub pulse_estate::Handle);

impl Intake for EstateIntake {
    fn observe(&self, observation: Observation) -> Pending<'_, Result<Taken, NotTaken>> {
        Box::pin(async move {
            match self.0.observe(observation).await {
                Ok(folded) => Ok(Taken {
                    agent_id: folded.agent_id,
                    last_seen: folded.last_seen,
                }),
                Err(error) => Err(not_taken(error)),
            }
        })
    }

    fn forget(&self, source: SourceId) -> Pending<'_, ()> {
        Box::pin(async move {
            // An estate that has ended has forgotten everything.
            let _ = self.0.forget(source).await;
        })
    }
}

fn not_taken(error: Error) -> NotTaken {
    match error {
        Error::Busy | Error::Closed | Error::NotSaved | Error::Read(_) => NotTaken::Busy,
        Error::Quarantined => NotTaken::Quarantined,
        Error::Refused(refusal @ Refusal::KeyRequired { .. }) => {
            NotTaken::KeyRequired(refusal.to_string())
        }
        Error::Refused(full @ (Refusal::Full { .. } | Refusal::TokenFull { .. })) => {
            NotTaken::Full(full.to_string())
        }
        Error::Link(error) => NotTaken::Invalid(error.to_string()),
        Error::Refused(refusal) => NotTaken::Invalid(refusal.to_string()),
    }
}
