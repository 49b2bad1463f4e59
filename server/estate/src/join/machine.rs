//! *Same machine id*, *same DMI uuid*: what the system or the board calls itself.
//!
//! Copies of a disk share both. So two agents are joined by it only when they also share their host
//! name and one of them has fallen silent for good: the machine was installed anew. As long as both
//! are alive they are clones, and only an operator joins them.

use crate::compose::View;
use crate::join::{hints, is_agent, is_of_machine, is_offline, same, shared_name};

/// Why the views of two agents are one.
pub(crate) const RENEWED: &str = "same machine id and host name, installed anew";

/// Speaks for two views of machines with one machine id or one DMI uuid.
pub(crate) fn same_machine(a: &View<'_>, b: &View<'_>) -> Option<String> {
    if !is_of_machine(a) || !is_of_machine(b) {
        return None;
    }
    let (ours, theirs) = (&a.part.sighting.identity, &b.part.sighting.identity);
    let machine = (ours.machine_id.as_ref(), theirs.machine_id.as_ref());
    let is_same = same(machine.0, machine.1) && machine.0.is_some_and(|id| hints::is_unique(id));
    if is_agent(a) && is_agent(b) {
        let one_is_over = is_offline(a) != is_offline(b);
        let was_renewed = is_same && one_is_over && shared_name(a.part, b.part).is_some();
        return was_renewed.then(|| RENEWED.to_owned());
    }
    if is_same {
        return Some("same machine id".to_owned());
    }
    // A container sees the board of its host: two machine ids that differ say more.
    let differ = machine.0.is_some() && machine.1.is_some();
    let board = (ours.dmi_uuid.as_ref(), theirs.dmi_uuid.as_ref());
    let is_same = same(board.0, board.1) && board.0.is_some_and(|id| hints::is_unique(id));
    (is_same && !differ).then(|| "same DMI uuid".to_owned())
}
