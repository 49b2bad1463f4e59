//! What views may have in common, as an index: who shares a hint is compared, nobody else is.

use imbl::OrdSet;

use pulse_model::Kind;

use crate::join::{cluster, disk, may_join};
use crate::part::{Part, PartKey};

/// A hint that more views share tells nothing: an image rolled out a hundred times, a default.
pub(crate) const MOST_SHARING: usize = 8;

/// Something two views of one thing have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hint {
    Agent(Box<str>),
    Machine(Box<str>),
    Board(Box<str>),
    Guest(Box<str>),
    Hardware(Box<str>),
    HostName(Box<str>),
    Cluster(Box<str>),
    Disk(Box<str>),
}

/// Returns the hints of a part; what no rule would look at has none.
pub(crate) fn hints_of(part: &Part) -> Vec<Hint> {
    let sighting = &part.sighting;
    if !may_join(sighting.kind) {
        return Vec::new();
    }
    if sighting.kind == Kind::Ceph {
        return vec![Hint::Cluster(sighting.native.as_str().into())];
    }
    if cluster::is_of_swarm(sighting.kind) {
        let name = cluster::name_in_swarm(sighting).into_iter();
        return name.map(|name| Hint::Cluster(name.into())).collect();
    }
    if sighting.kind == Kind::PhysicalDisk {
        let disk = sighting.facets.physical_disk.as_deref();
        let names = disk.into_iter().flat_map(disk::names);
        return names.map(|name| Hint::Disk(name.into())).collect();
    }
    let lower = |text: &str| text.to_ascii_lowercase().into_boxed_str();
    let identity = &sighting.identity;
    let mut hints = Vec::new();
    if part.is_machine {
        hints.push(Hint::Agent((*part.source.name).into()));
    }
    let machine = identity.machine_id.iter().filter(|id| is_unique(id));
    hints.extend(machine.map(|id| Hint::Machine(lower(id))));
    let board = identity.dmi_uuid.iter().filter(|id| is_unique(id));
    hints.extend(board.map(|id| Hint::Board(lower(id))));
    let guest = identity.proxmox_guest_key.iter();
    hints.extend(guest.map(|key| Hint::Guest(lower(key))));
    let macs = identity.mac_addresses.iter().filter(|mac| is_hardware(mac));
    hints.extend(macs.map(|mac| Hint::Hardware(lower(mac))));
    // Alone a name joins nobody, so it needs an address beside it to be worth looking up.
    if identity
        .ip_addresses
        .iter()
        .any(|address| tells_apart(address))
    {
        let short = |name: &String| lower(name.split('.').next().unwrap_or_default());
        let names = identity.hostnames.iter().map(short);
        hints.extend(names.filter(|name| !name.is_empty()).map(Hint::HostName));
    }
    hints.sort();
    hints.dedup();
    hints
}

/// Tells whether an id can be one machine's: not a placeholder of zeros or of a lazy vendor.
pub(crate) fn is_unique(id: &str) -> bool {
    const LAZY: [&str; 2] = [
        "03000200-0400-0500-0006-000700080009",
        "12345678-1234-5678-90ab-cddeefaabbcc",
    ];
    let is_lazy = LAZY.iter().any(|lazy| lazy.eq_ignore_ascii_case(id));
    let mut digits = id.bytes().filter(u8::is_ascii_alphanumeric);
    let first = digits.next();
    let varies = digits.any(|digit| Some(digit) != first);
    !is_lazy && varies && id.len() >= 3
}

/// Tells whether a hardware address can be one machine's: not empty, not broadcast, not the bridge
/// that every container engine makes.
pub(crate) fn is_hardware(mac: &str) -> bool {
    is_unique(mac) && mac.len() >= 12 && !mac.to_ascii_lowercase().starts_with("02:42:")
}

/// Tells whether an address can be one machine's: not loopback, not link-local, not the bridge that
/// every container engine makes.
pub(crate) fn tells_apart(address: &str) -> bool {
    const EVERYWHERE: [&str; 6] = ["127.", "169.254.", "172.17.0.1", "::1", "fe80:", "0.0.0.0"];
    !address.is_empty() && !EVERYWHERE.iter().any(|prefix| address.starts_with(prefix))
}

/// Who has which hint. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hints(OrdSet<(Hint, PartKey)>);

impl Hints {
    /// Returns who shares `hint`, however many.
    pub fn all(&self, hint: &Hint) -> Vec<PartKey> {
        self.iter(hint).collect()
    }

    fn iter(&self, hint: &Hint) -> impl Iterator<Item = PartKey> {
        let all = (hint.clone(), PartKey::MIN)..=(hint.clone(), PartKey::MAX);
        self.0.range(all).map(|(_, key)| *key)
    }

    /// Tells whether `hint` is shared by so few that it tells something.
    pub fn is_telling(&self, hint: &Hint) -> bool {
        self.iter(hint).nth(MOST_SHARING).is_none()
    }

    /// Returns who shares `hint`, unless that are so many that it tells nothing.
    pub fn sharing(&self, hint: &Hint) -> Vec<PartKey> {
        if self.is_telling(hint) {
            self.all(hint)
        } else {
            Vec::new()
        }
    }

    /// Adds `key` to those with `hint`; returns whom that makes worth another look.
    pub fn add(&mut self, hint: Hint, key: PartKey) -> Vec<PartKey> {
        let is_new = self.0.insert((hint.clone(), key)).is_none();
        let all = self.few(&hint);
        let crossed = is_new && all.len() == MOST_SHARING + 1;
        if crossed { all } else { Vec::new() }
    }

    /// Returns who shares `hint`, but no more than it takes to see that they are too many by two.
    fn few(&self, hint: &Hint) -> Vec<PartKey> {
        self.iter(hint).take(MOST_SHARING + 2).collect()
    }

    /// Takes `key` from those with `hint`; returns whom that makes worth another look.
    pub fn remove(&mut self, hint: Hint, key: PartKey) -> Vec<PartKey> {
        self.0.remove(&(hint.clone(), key));
        let all = self.few(&hint);
        if all.len() == MOST_SHARING {
            all
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_tell_nothing() {
        for id in [
            "",
            "0",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff",
            "03000200-0400-0500-0006-000700080009",
        ] {
            assert!(!is_unique(id), "{id}");
        }
        for mac in [
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
            "02:42:ac:11:00:02",
            "",
        ] {
            assert!(!is_hardware(mac), "{mac}");
        }
        for address in ["127.0.0.1", "::1", "fe80::1", "172.17.0.1", ""] {
            assert!(!tells_apart(address), "{address}");
        }
        assert!(is_unique("m-1") && is_hardware("bc:24:11:00:00:01") && tells_apart("192.0.2.1"));
    }

    #[test]
    fn a_hint_that_too_many_share_says_nothing_until_enough_have_left() {
        let mut hints = Hints::default();
        let hint = Hint::Machine("image".into());
        for key in 0..=MOST_SHARING as u32 {
            let again = hints.add(hint.clone(), key);
            assert_eq!(again.len(), if key < 8 { 0 } else { 9 });
        }
        assert!(hints.sharing(&hint).is_empty());
        assert_eq!(hints.remove(hint.clone(), 0).len(), MOST_SHARING);
        assert_eq!(hints.sharing(&hint).len(), MOST_SHARING);
    }
}
