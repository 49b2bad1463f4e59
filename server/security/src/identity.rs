//! Where a request comes from.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

use crate::Error;

/// The proxies whose word about the client's address is taken.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads ranges and single addresses; blanks are skipped.
    ///
    /// A range that covers everybody is refused: then anybody could choose their address.
    pub fn parse<S: AsRef<str>>(ranges: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let mut trusted = Vec::new();
        for range in ranges {
            let text = range.as_ref().trim();
            if text.is_empty() {
                continue;
            }
            let refused = |problem| Error::ProxyRange {
                range: text.to_owned(),
                problem,
            };
            // A bare address is that one address, in either family.
            let net = match text.parse::<IpAddr>() {
                Ok(ip) => IpNet::from(ip),
                Err(_) => text
                    .parse::<IpNet>()
                    .map_err(|_| refused("is neither an address nor a range"))?,
            };
            if net.prefix_len() == 0 {
                return Err(refused("would trust every address"));
            }
            trusted.push(net);
        }
        Ok(Self(trusted))
    }

    /// Tells whether no proxy is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether `ip` is a trusted proxy.
    pub fn trusts(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|net| net.contains(&ip))
    }

    /// Returns the client's address: the peer's, unless a trusted proxy speaks for somebody else.
    ///
    /// `forwarded_for` are the values of `X-Forwarded-For` in the order they came. They are read
    /// from the end, where our own proxies append: what a client put in front is its own invention.
    pub fn client_ip<'a>(
        &self,
        peer: IpAddr,
        forwarded_for: impl IntoIterator<Item = &'a str>,
        real_ip: Option<&str>,
    ) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return peer;
        }
        let hops: Vec<&str> = forwarded_for
            .into_iter()
            .flat_map(|value| value.split(','))
            .collect();
        let mut client = None;
        for hop in hops.iter().rev() {
            let Some(ip) = read_address(hop) else { break };
            client = Some(ip);
            if !self.trusts(ip) {
                break;
            }
        }
        client
            .or_else(|| real_ip.and_then(read_address))
            .unwrap_or(peer)
    }
}

/// Returns what limits and locks count by: the address, or for IPv6 its /64, which is what one
/// customer gets.
pub fn network_of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
    }
}

/// What a request shows of its way here, for deciding whether it began on this very machine.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// Address of the socket's other end.
    pub peer: IpAddr,
    /// The `Host` header or authority.
    pub host: Option<&'a str>,
    /// Whether any `Forwarded`, `X-Forwarded-*` or `X-Real-IP` header is there.
    pub forwarded: bool,
    /// Whether an `Origin` header is there.
    pub has_origin: bool,
}

impl Arrival<'_> {
    /// Tells whether it certainly comes from this machine itself.
    ///
    /// A loopback peer is not enough: a reverse proxy on this machine lends it to the whole world,
    /// and a browser on it to every page it shows.
    pub fn is_direct_loopback(&self, proxies: &TrustedProxies) -> bool {
        self.peer.to_canonical().is_loopback()
            && self.host.is_some_and(names_loopback)
            && !self.forwarded
            && !self.has_origin
            && proxies.is_empty()
    }
}

fn names_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let is_loopback_ip = name
        .parse::<IpAddr>()
        .is_ok_and(|ip| ip.to_canonical().is_loopback());
    name.eq_ignore_ascii_case("localhost") || is_loopback_ip
}

/// Reads an address, with or without a port, as proxies write them.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let ip = text.parse::<IpAddr>().ok().or_else(|| {
        let socket = text
            .parse::<std::net::SocketAddr>()
            .ok()
            .map(|socket| socket.ip());
        socket.or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
    })?;
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn trusted(ranges: &[&str]) -> TrustedProxies {
        TrustedProxies::parse(ranges).unwrap()
    }

    #[test]
    fn a_range_that_trusts_everybody_is_refused() {
        for range in ["0.0.0.0/0", "::/0", "10.1.2.3/0"] {
            assert!(matches!(
                TrustedProxies::parse([range]),
                Err(Error::ProxyRange { .. })
            ));
        }
        for nonsense in ["10.0.0.0/33", "proxy.example", "10.0.0", "fe80::1%eth0/64"] {
            assert!(TrustedProxies::parse([nonsense]).is_err(), "{nonsense}");
        }
        assert!(trusted(&[" ", ""]).is_empty());
    }

    #[test]
    fn a_bare_address_is_that_address_alone() {
        let proxies = trusted(&["2001:db8::1", "10.0.0.1"]);
        assert!(proxies.trusts(ip("2001:db8::1")) && proxies.trusts(ip("::ffff:10.0.0.1")));
        assert!(!proxies.trusts(ip("2001:db8::2")) && !proxies.trusts(ip("10.0.0.2")));
    }

    #[test]
    fn the_clients_address_is_the_last_one_no_trusted_proxy_has() {
        let proxies = trusted(&["10.0.0.0/8"]);
        for (peer, forwarded, real, expected) in [
            ("192.0.2.9", &["1.1.1.1"][..], Some("2.2.2.2"), "192.0.2.9"),
            ("10.0.0.1", &["1.1.1.1"], None, "1.1.1.1"),
            ("10.0.0.1", &["6.6.6.6, 1.1.1.1"], None, "1.1.1.1"),
            (
                "10.0.0.1",
                &["6.6.6.6", "1.1.1.1, 10.0.0.2"],
                None,
                "1.1.1.1",
            ),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], None, "10.0.0.3"),
            ("10.0.0.1", &["1.1.1.1, nonsense"], None, "10.0.0.1"),
            ("10.0.0.1", &["nonsense"], Some("2.2.2.2"), "2.2.2.2"),
            ("10.0.0.1", &[], Some("2.2.2.2"), "2.2.2.2"),
            ("10.0.0.1", &[], Some("nonsense"), "10.0.0.1"),
            ("10.0.0.1", &["1.1.1.1:4711"], None, "1.1.1.1"),
            ("10.0.0.1", &["[2001:db8::5]:4711"], None, "2001:db8::5"),
            ("::ffff:10.0.0.1", &["1.1.1.1"], None, "1.1.1.1"),
        ] {
            let found = proxies.client_ip(ip(peer), forwarded.iter().copied(), real);
            assert_eq!(found, ip(expected), "{peer} {forwarded:?} {real:?}");
        }
    }

    #[test]
    fn one_ipv6_customer_is_one_network() {
        assert_eq!(network_of(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(network_of(ip("::ffff:192.0.2.1")), ip("192.0.2.1"));
    }

    #[test]
    fn loopback_counts_only_when_nothing_stands_between() {
        let plain = Arrival {
            peer: ip("127.0.0.1"),
            host: Some("localhost:7655"),
            forwarded: false,
            has_origin: false,
        };
        let nobody = TrustedProxies::default();
        let hosts = [
            "127.0.0.1",
            "127.9.9.9:1",
            "[::1]:7655",
            "[::1]",
            "LOCALHOST",
            "localhost",
        ];
        for host in hosts {
            let arrival = Arrival {
                host: Some(host),
                ..plain
            };
            assert!(arrival.is_direct_loopback(&nobody), "{host}");
        }
        let refused = [
            Arrival {
                peer: ip("192.0.2.1"),
                ..plain
            },
            Arrival {
                host: Some("pulse.example"),
                ..plain
            },
            Arrival {
                host: Some("localhost.example:80"),
                ..plain
            },
            Arrival {
                host: Some("127.0.0.1.example"),
                ..plain
            },
            Arrival {
                host: Some("[::1"),
                peer: ip("10.0.0.1"),
                ..plain
            },
            Arrival {
                host: Some(""),
                ..plain
            },
            Arrival {
                host: None,
                ..plain
            },
            Arrival {
                forwarded: true,
                ..plain
            },
            Arrival {
                has_origin: true,
                ..plain
            },
        ];
        for arrival in refused {
            assert!(!arrival.is_direct_loopback(&nobody), "{arrival:?}");
        }
        assert!(!plain.is_direct_loopback(&trusted(&["10.0.0.1"])));
    }
}
