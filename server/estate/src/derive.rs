//! Figures nobody measures but two sightings together tell: rates from counters.

use std::time::Duration;

use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::{BlockDevice, NetworkInterface};
use pulse_model::{Bytes, BytesPerSecond, MetricValue, Metrics};

/// Below this distance a rate says more about jitter than about the machine.
const SHORTEST_SPAN: Duration = Duration::from_millis(500);

/// Fills the rates of `host` and of its `metrics` from the counters of `before`, seen `span` earlier.
///
/// A counter that went back (restart, replaced interface) gives no rate: a rate is never negative
/// and never guessed.
pub(crate) fn fill_rates(
    before: &AgentHost,
    host: &mut AgentHost,
    metrics: &mut Metrics,
    span: Duration,
) {
    if span < SHORTEST_SPAN {
        return;
    }
    let rate = |bytes: u64| BytesPerSecond(bytes as f64 / span.as_secs_f64());
    let over_interfaces = |pick: fn(&NetworkInterface) -> Option<Bytes>| {
        growth(
            &before.network_interfaces,
            &host.network_interfaces,
            |i| &i.name,
            pick,
        )
        .map(rate)
    };
    let over_devices = |pick: fn(&BlockDevice) -> Option<Bytes>| {
        growth(&before.disk_io, &host.disk_io, |d| &d.device, pick).map(rate)
    };
    let net_in = over_interfaces(|interface| interface.rx_bytes);
    let net_out = over_interfaces(|interface| interface.tx_bytes);
    let read = over_devices(|device| device.read_bytes);
    let write = over_devices(|device| device.write_bytes);

    metrics.net_in = net_in.map(MetricValue::rate);
    metrics.net_out = net_out.map(MetricValue::rate);
    metrics.disk_read = read.map(MetricValue::rate);
    metrics.disk_write = write.map(MetricValue::rate);
    host.net_in_rate = net_in;
    host.net_out_rate = net_out;
    host.disk_read_rate = read;
    host.disk_write_rate = write;
}

/// Returns how much the counters of everything present in both lists grew together, or nothing
/// when no counter could be compared.
fn growth<T>(
    before: &[T],
    after: &[T],
    name: impl Fn(&T) -> &str,
    pick: fn(&T) -> Option<Bytes>,
) -> Option<u64> {
    let mut sum = None;
    for (at, item) in after.iter().enumerate() {
        // Lists keep their order between reports: look at the same place first.
        let same_place = before.get(at).filter(|earlier| name(earlier) == name(item));
        let earlier =
            same_place.or_else(|| before.iter().find(|earlier| name(earlier) == name(item)));
        let Some((then, now)) = earlier.and_then(pick).zip(pick(item)) else {
            continue;
        };
        if let Some(grown) = now.0.checked_sub(then.0) {
            sum = Some(sum.unwrap_or(0u64).saturating_add(grown));
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(counters: &[(&str, u64)]) -> AgentHost {
        let interface = |&(name, rx): &(&str, u64)| NetworkInterface {
            name: name.into(),
            rx_bytes: Some(Bytes(rx)),
            ..NetworkInterface::default()
        };
        let network_interfaces = counters.iter().map(interface).collect();
        AgentHost {
            network_interfaces,
            ..AgentHost::default()
        }
    }

    fn net_in(before: &[(&str, u64)], after: &[(&str, u64)]) -> Option<f64> {
        let (before, mut after) = (host(before), host(after));
        let mut metrics = Metrics::default();
        fill_rates(&before, &mut after, &mut metrics, Duration::from_secs(10));
        metrics.net_in.map(|metric| metric.value)
    }

    #[test]
    fn a_rate_is_the_growth_of_all_counters_over_time() {
        assert_eq!(
            net_in(&[("a", 100), ("b", 0)], &[("a", 600), ("b", 500)]),
            Some(100.0)
        );
    }

    #[test]
    fn a_counter_that_went_back_counts_for_nothing() {
        assert_eq!(
            net_in(&[("a", 1_000), ("b", 0)], &[("a", 5), ("b", 50)]),
            Some(5.0)
        );
        assert_eq!(net_in(&[("a", 1_000)], &[("a", 5)]), None);
    }

    #[test]
    fn an_interface_seen_for_the_first_time_has_no_rate_yet() {
        assert_eq!(net_in(&[], &[("a", 1_000)]), None);
    }

    #[test]
    fn interfaces_may_change_places() {
        assert_eq!(
            net_in(&[("a", 0), ("b", 0)], &[("b", 100), ("a", 0)]),
            Some(10.0)
        );
    }
}
