//! *Proxmox*: an agent inside a guest and the hypervisor's view of the guest, an agent on a node
//! and the cluster's view of the node, one guest seen through two connections.

use pulse_model::{Kind, SourceKind};

use crate::compose::View;
use crate::join::{is_of_machine, same, shared_address, shared_mac, shared_name};

/// Speaks for `a`, which Proxmox shows, and `b`.
pub(crate) fn same_in_proxmox(a: &View<'_>, b: &View<'_>) -> Option<String> {
    if a.part.source.kind != SourceKind::Proxmox || !is_of_machine(b) {
        return None;
    }
    match a.part.sighting.kind {
        Kind::Vm | Kind::SystemContainer if b.part.source.kind == SourceKind::Proxmox => {
            through_two_connections(a, b)
        }
        Kind::Vm | Kind::SystemContainer => inside_guest(a, b),
        Kind::Agent => on_node(a, b),
        _ => None,
    }
}

fn inside_guest(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let mac = shared_mac(a.part, b.part)?;
    if let Some(address) = shared_address(a.part, b.part) {
        return Some(format!("same hardware address {mac} and address {address}"));
    }
    shared_name(a.part, b.part).map(|name| format!("same hardware address {mac} and name {name}"))
}

fn on_node(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let name = shared_name(a.part, b.part)?;
    let address = shared_address(a.part, b.part)?;
    let is_node = b.part.sighting.kind == Kind::Agent;
    is_node.then(|| format!("node {name}: same host name and address {address}"))
}

fn through_two_connections(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let (ours, theirs) = (&a.part.sighting, &b.part.sighting);
    let key = ours.identity.proxmox_guest_key.as_ref();
    if !same(key, theirs.identity.proxmox_guest_key.as_ref()) {
        return None;
    }
    let is_sure = ours.name == theirs.name || shared_mac(a.part, b.part).is_some();
    key.filter(|_| is_sure)
        .map(|key| format!("same guest {key} through two connections"))
}
