//! *Same agent*: two kinds of report of one agent, which its key or its token names.

use crate::compose::View;

/// Speaks for two machines' views that came from one agent.
pub(crate) fn same_agent(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let both = a.part.is_machine && b.part.is_machine;
    let same = a.part.source.name == b.part.source.name;
    (both && same).then(|| format!("same agent {}", a.part.source.name))
}
