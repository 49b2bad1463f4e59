//! Figures nobody measures but two sightings together tell: rates from counters.

use std::sync::Arc;
use std::time::Duration;

use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::{BlockDevice, NetworkInterface};
use pulse_model::{Bytes, BytesPerSecond, Counters, MetricValue, Metrics, Sighting};

use crate::time::Times;

/// Below this distance a rate says more about jitter than about the machine.
const SHORTEST_SPAN: Duration = Duration::from_millis(500);
/// Above this one it is an average over a time nobody saw.
const LONGEST_SPAN: Duration = Duration::from_secs(2 * 3600);

/// Fills the rates of `sighting` from what the same source saw of the same thing before.
///
/// A counter that went back (restart, replaced interface), a clock that was set and a distance too
/// short or too long give no rate: a rate is never negative and never guessed.
pub(crate) fn fill_rates(before: &Sighting, then: Times, sighting: &mut Sighting, times: Times) {
    let Some(span) = times.since(then) else {
        return;
    };
    if !(SHORTEST_SPAN..=LONGEST_SPAN).contains(&span) {
        return;
    }
    let facets = (&before.facets.agent, &mut sighting.facets.agent);
    if let (Some(earlier), Some(host)) = facets {
        fill_host(earlier, Arc::make_mut(host), &mut sighting.metrics, span);
    }
    let grown = |pick: fn(&Counters) -> Option<Bytes>| {
        let (then, now) = pick(&before.counters).zip(pick(&sighting.counters))?;
        let bytes = now.0.checked_sub(then.0)?;
        Some(MetricValue::rate(per_second(bytes, span)))
    };
    let metrics = &mut sighting.metrics;
    for (slot, rate) in [
        (&mut metrics.net_in, grown(|counters| counters.net_in)),
        (&mut metrics.net_out, grown(|counters| counters.net_out)),
        (&mut metrics.disk_read, grown(|counters| counters.disk_read)),
        (
            &mut metrics.disk_write,
            grown(|counters| counters.disk_write),
        ),
    ] {
        if slot.is_none() {
            *slot = rate;
        }
    }
}

fn per_second(bytes: u64, span: Duration) -> BytesPerSecond {
    BytesPerSecond(bytes as f64 / span.as_secs_f64())
}

/// Takes out what no source may say: values that are no numbers, and rates below nothing.
pub(crate) fn drop_nonsense(metrics: &mut Metrics) {
    let Metrics {
        cpu,
        memory,
        disk,
        net_in,
        net_out,
        disk_read,
        disk_write,
    } = metrics;
    for slot in [cpu, memory, disk, net_in, net_out, disk_read, disk_write] {
        let is_sane = |metric: &mut MetricValue| metric.value.is_finite() && metric.value >= 0.0;
        if !slot.as_mut().is_none_or(is_sane) {
            *slot = None;
        }
    }
}

fn fill_host(before: &AgentHost, host: &mut AgentHost, metrics: &mut Metrics, span: Duration) {
    let rate = |bytes: u64| per_second(bytes, span);
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
    use jiff::Timestamp;
    use pulse_model::Kind;

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
        fill_host(&before, &mut after, &mut metrics, Duration::from_secs(10));
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

    fn times(second: i64) -> Times {
        let at = Timestamp::from_second(second).expect("a valid second");
        Times {
            made_at: at,
            now: at,
        }
    }

    fn container(net_in: u64) -> Sighting {
        let counters = Counters {
            net_in: Some(Bytes(net_in)),
            ..Counters::default()
        };
        Sighting {
            counters,
            ..Sighting::new(Kind::AppContainer, "container/1", "web")
        }
    }

    fn received(before: u64, after: u64, span: i64) -> Option<f64> {
        let (before, mut after) = (container(before), container(after));
        fill_rates(&before, times(1_000), &mut after, times(1_000 + span));
        after.metrics.net_in.map(|metric| metric.value)
    }

    #[test]
    fn anything_that_counts_has_rates() {
        assert_eq!(received(1_000, 6_000, 10), Some(500.0));
        assert_eq!(received(1_000, 1_000, 10), Some(0.0));
    }

    #[test]
    fn a_reset_a_clock_that_went_back_and_a_long_silence_give_no_rate() {
        assert_eq!(received(6_000, 1_000, 10), None);
        assert_eq!(received(1_000, 6_000, -10), None);
        assert_eq!(received(1_000, 6_000, 0), None);
        assert_eq!(received(1_000, 6_000, 86_400), None);
    }

    #[test]
    fn what_is_no_number_is_not_known() {
        let of = |value| {
            Some(MetricValue {
                value,
                ..MetricValue::default()
            })
        };
        let mut metrics = Metrics {
            cpu: of(f64::NAN),
            memory: of(f64::INFINITY),
            disk: of(-1.0),
            net_in: of(0.0),
            ..Metrics::default()
        };
        drop_nonsense(&mut metrics);
        assert_eq!(
            metrics,
            Metrics {
                net_in: of(0.0),
                ..Metrics::default()
            }
        );
    }
}
