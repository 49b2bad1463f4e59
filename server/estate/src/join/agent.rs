//! *Same agent*: two kinds of report of one agent, which its key or its token names.

use pulse_model::Kind;

use crate::compose::View;

/// Speaks for two machines' views that came from one agent: of the machine itself, of its engine.
pub(crate) fn same_agent(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let of_machine =
        |view: &View<'_>| view.part.is_machine || view.part.sighting.kind == Kind::DockerHost;
    let same = a.part.source.name == b.part.source.name;
    (of_machine(a) && of_machine(b) && same).then(|| format!("same agent {}", a.part.source.name))
}
