//! The sources' way to whoever says who may report.

use pulse_fleet::Refusal;
use pulse_model::facet::docker::DockerCommand;
use pulse_model::{Claim, SourceId};
use pulse_sources::port::{Admission, NotTaken, Pending};

/// Lets in what a fleet lets in.
pub struct FleetAdmission(pub pulse_fleet::Handle);

impl Admission for FleetAdmission {
    fn admit_machine(&self, claim: &Claim) -> Result<(), NotTaken> {
        self.0.admit_machine(claim).map_err(not_taken)
    }

    fn note_machine(&self, agent_id: &str, claim: &Claim) -> Result<(), NotTaken> {
        self.0.note_machine(agent_id, claim).map_err(not_taken)
    }

    fn admit(&self, source: &SourceId, claim: &Claim) -> Result<(), NotTaken> {
        self.0.admit(source, claim).map_err(not_taken)
    }

    fn next_command<'a>(&'a self, engine: &'a SourceId) -> Pending<'a, Option<DockerCommand>> {
        Box::pin(self.0.next_command(engine))
    }
}

fn not_taken(refusal: Refusal) -> NotTaken {
    let text = refusal.to_string();
    match refusal {
        Refusal::Full { .. } => NotTaken::Full(text),
        Refusal::Taken(_) | Refusal::Removed(_) => NotTaken::Invalid(text),
    }
}
