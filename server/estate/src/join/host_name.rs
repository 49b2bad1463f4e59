//! *Same host name*, together with an address or a hardware address. Never alone: half of all
//! machines are called `debian`. And never for two agents, which their keys tell apart.

use crate::compose::View;
use crate::join::{is_agent, is_of_machine, shared_address, shared_mac, shared_name};

/// Speaks for two views of machines with one host name and one address.
pub(crate) fn same_host_name(a: &View<'_>, b: &View<'_>) -> Option<String> {
    if !is_of_machine(a) || !is_of_machine(b) || (is_agent(a) && is_agent(b)) {
        return None;
    }
    let name = shared_name(a.part, b.part)?;
    let address = shared_address(a.part, b.part);
    let address = address.or_else(|| shared_mac(a.part, b.part))?;
    Some(format!("same host name {name} and address {address}"))
}
