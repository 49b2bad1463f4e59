//! Host names: when two mean one machine.

/// Tells whether two host names mean one machine: equal, or equal up to the first dot when one of
/// them has no domain.
pub fn same_hostname(a: &str, b: &str) -> bool {
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let short = |name: &str| {
        name.split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    (!a.contains('.') || !b.contains('.')) && short(a) == short(b)
}
