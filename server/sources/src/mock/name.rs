//! Names nobody has: invented, and the same for the same place in the list.

const SITES: [&str; 16] = [
    "aspen", "basalt", "cobalt", "dune", "ember", "fjord", "garnet", "heron", "indigo", "juniper",
    "kestrel", "lagoon", "mistral", "nimbus", "onyx", "prairie",
];
const JOBS: [&str; 24] = [
    "ledger", "search", "mailer", "gateway", "archive", "queue", "portal", "metrics", "wiki",
    "printer", "camera", "backup", "cache", "report", "planner", "stock", "billing", "media",
    "auth", "dns", "build", "chat", "forms", "maps",
];

/// Returns the name of the `index`-th site.
pub(super) fn site(index: usize) -> String {
    numbered(&SITES, index)
}

/// Returns what the `index`-th workload does.
pub(super) fn job(index: usize) -> String {
    numbered(&JOBS, index)
}

fn numbered(words: &[&str], index: usize) -> String {
    let word = words[index % words.len()];
    match index / words.len() {
        0 => word.to_owned(),
        round => format!("{word}{}", round + 1),
    }
}

/// Returns an address of a network nobody routes, for the `index`-th thing of `net`.
pub(super) fn address(net: usize, index: usize) -> String {
    format!(
        "10.{}.{}.{}",
        net % 200 + 20,
        index / 250 % 250,
        index % 250 + 2
    )
}

/// Returns a hardware address that is locally given, for the `index`-th thing of `net`.
pub(super) fn mac(net: usize, index: usize) -> String {
    let [.., a, b, c] = (index as u32).to_be_bytes();
    let [.., x, y] = (net as u32).to_be_bytes();
    format!("02:{x:02x}:{y:02x}:{a:02x}:{b:02x}:{c:02x}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_places_share_a_name_or_an_address() {
        let names: BTreeSet<String> = (0..500).map(job).collect();
        assert_eq!(names.len(), 500);
        let macs: BTreeSet<String> = (0..70_000).map(|index| mac(3, index)).collect();
        assert_eq!(macs.len(), 70_000);
        let addresses: BTreeSet<String> = (0..62_000).map(|index| address(3, index)).collect();
        assert_eq!(addresses.len(), 62_000);
    }
}
