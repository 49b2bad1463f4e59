//! How many connections there may be: in all, and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use pulse_security::identity::network_of;

/// More than a thousand agents and their dashboards need.
const MOST: usize = 8_192;
/// A large fleet behind one address. Trusted proxies speak for everybody and have no bound of
/// their own.
const MOST_PER_ADDRESS: usize = 2_048;

/// Counts open connections.
#[derive(Clone)]
pub(super) struct Slots {
    security: pulse_security::Handle,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
    was_full: bool,
}

/// One connection's place; free again when dropped.
pub(super) struct Slot {
    address: IpAddr,
    open: Arc<Mutex<Open>>,
}

impl Slots {
    pub fn new(security: pulse_security::Handle) -> Self {
        Self {
            security,
            open: Arc::default(),
        }
    }

    /// Returns a place, or nothing when there is none left for that address.
    pub fn take(&self, address: IpAddr) -> Option<Slot> {
        let is_proxy = self.security.proxies().trusts(address);
        let address = network_of(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = open.by_address.get(&address).copied().unwrap_or_default();
        let is_full = open.total >= MOST || (of_address >= MOST_PER_ADDRESS && !is_proxy);
        if is_full && !open.was_full {
            tracing::warn!(
                total = open.total,
                of_address,
                "too many connections, new ones are closed"
            );
        }
        open.was_full = is_full;
        if is_full {
            return None;
        }
        open.total += 1;
        *open.by_address.entry(address).or_default() += 1;
        Some(Slot {
            address,
            open: self.open.clone(),
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total = open.total.saturating_sub(1);
        let left = open
            .by_address
            .get(&self.address)
            .copied()
            .unwrap_or_default()
            .saturating_sub(1);
        if left == 0 {
            open.by_address.remove(&self.address);
        } else {
            open.by_address.insert(self.address, left);
        }
    }
}
