//! Network interfaces: addresses, hardware address, what they moved since boot.

use pulse_protocol::report::host::NetworkInterface;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Network)
}

struct Network;

impl Collector for Network {
    fn name(&self) -> &'static str {
        "network"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let mut interfaces: Vec<_> = interfaces(cx)?.into_iter().filter(is_reachable).collect();
        interfaces.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Reading::new(move |report| {
            report.network.clone_from(&interfaces)
        }))
    }
}

/// Ends of container links carry nothing but an address they gave themselves; hundreds of those
/// would hide the interfaces people know.
fn is_reachable(interface: &NetworkInterface) -> bool {
    interface
        .addresses
        .iter()
        .any(|address| !address.to_lowercase().starts_with("fe80:"))
}

#[cfg(not(target_os = "linux"))]
fn interfaces(_cx: &Context<'_>) -> Result<Vec<NetworkInterface>, Error> {
    crate::portable::interfaces()
}

#[cfg(target_os = "linux")]
fn interfaces(cx: &Context<'_>) -> Result<Vec<NetworkInterface>, Error> {
    use crate::roots::{read_line, read_number, read_text};

    let counters = read_text(&cx.roots.proc.join("net/dev"), "network counters")?;
    let mut interfaces = addressed()?;
    for interface in &mut interfaces {
        let directory = cx.roots.sys.join("class/net").join(&interface.name);
        let mac = read_line(&directory.join("address"));
        interface.mac = mac
            .filter(|mac| mac.bytes().any(|b| b"123456789abcdefABCDEF".contains(&b)))
            .unwrap_or_default();
        // The kernel says -1 when the link is down or has no speed.
        let speed: Option<i64> = read_number(&directory.join("speed"));
        interface.speed_mbps = speed.filter(|speed| *speed > 0).map(i64::unsigned_abs);
        if let Some((received, sent)) = counters_of(&counters, &interface.name) {
            (interface.rx_bytes, interface.tx_bytes) = (Some(received), Some(sent));
        }
    }
    Ok(interfaces)
}

/// Lists the interfaces that have an address and are not the loopback.
#[cfg(target_os = "linux")]
fn addressed() -> Result<Vec<NetworkInterface>, Error> {
    use nix::ifaddrs::getifaddrs;
    use nix::net::if_::InterfaceFlags;

    let failed = |errno| Error::System {
        what: "network addresses",
        source: errno,
    };
    let mut interfaces: Vec<NetworkInterface> = Vec::new();
    for entry in getifaddrs().map_err(std::io::Error::from).map_err(failed)? {
        let address = entry.address.as_ref().and_then(ip);
        let is_loopback = entry.flags.contains(InterfaceFlags::IFF_LOOPBACK);
        let Some(address) = address.filter(|_| !is_loopback) else {
            continue;
        };
        let text = with_prefix(address, entry.netmask.as_ref().and_then(ip));
        match interfaces
            .iter_mut()
            .find(|known| known.name == entry.interface_name)
        {
            Some(known) => known.addresses.push(text),
            None => interfaces.push(NetworkInterface {
                name: entry.interface_name,
                addresses: vec![text],
                ..NetworkInterface::default()
            }),
        }
    }
    Ok(interfaces)
}

#[cfg(target_os = "linux")]
fn ip(address: &nix::sys::socket::SockaddrStorage) -> Option<std::net::IpAddr> {
    let v4 = address.as_sockaddr_in().map(|address| address.ip().into());
    v4.or_else(|| address.as_sockaddr_in6().map(|address| address.ip().into()))
}

/// Writes an address with the length of its network, when the mask is known.
fn with_prefix(address: std::net::IpAddr, mask: Option<std::net::IpAddr>) -> String {
    use std::net::IpAddr;
    let ones = match mask {
        Some(IpAddr::V4(mask)) => u32::from(mask).count_ones(),
        Some(IpAddr::V6(mask)) => u128::from(mask).count_ones(),
        None => return address.to_string(),
    };
    format!("{address}/{ones}")
}

/// Finds an interface's received and sent bytes in `/proc/net/dev`.
fn counters_of(text: &str, name: &str) -> Option<(u64, u64)> {
    let figures = text.lines().find_map(|line| {
        let (interface, figures) = line.split_once(':')?;
        (interface.trim() == name).then_some(figures)
    })?;
    let mut figures = figures.split_ascii_whitespace();
    let received = figures.next()?.parse().ok()?;
    Some((received, figures.nth(7)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTERS: &str = "Inter-|   Receive                    |  Transmit\n \
        face |bytes    packets errs drop fifo frame compressed multicast|bytes packets\n    \
        lo: 7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0\n  \
        eth0:68210035552 520993275 0 0 0 0 0 0 9315587528 43451486 0 0 0 0 0 0\n\
        short: 1 2 3\n";

    #[test]
    fn counters_are_found_by_name() {
        assert_eq!(
            counters_of(COUNTERS, "eth0"),
            Some((68_210_035_552, 9_315_587_528))
        );
        assert_eq!(counters_of(COUNTERS, "lo"), Some((7, 8)));
        assert_eq!(counters_of(COUNTERS, "short"), None);
        assert_eq!(counters_of(COUNTERS, "eth"), None);
    }

    #[test]
    fn addresses_carry_the_length_of_their_network() {
        let text = |address: &str, mask: &str| {
            with_prefix(address.parse().expect("an address"), mask.parse().ok())
        };
        assert_eq!(text("192.168.1.20", "255.255.255.0"), "192.168.1.20/24");
        assert_eq!(
            text("2001:db8::1", "ffff:ffff:ffff:ffff::"),
            "2001:db8::1/64"
        );
        assert_eq!(text("10.0.0.1", "unknown"), "10.0.0.1");
    }

    #[test]
    fn the_end_of_a_container_link_is_no_interface_of_interest() {
        let with = |addresses: &[&str]| NetworkInterface {
            addresses: addresses
                .iter()
                .map(|&address| address.to_owned())
                .collect(),
            ..NetworkInterface::default()
        };
        assert!(!is_reachable(&with(&["fe80::1/64"])));
        assert!(is_reachable(&with(&["fe80::1/64", "10.0.0.1/8"])));
        assert!(!is_reachable(&with(&[])));
    }
}
