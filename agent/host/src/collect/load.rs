//! How long the machine has been up, and how long its run queue was on average.

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Load)
}

struct Load;

impl Collector for Load {
    fn name(&self) -> &'static str {
        "load"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let (uptime, averages) = measure(cx)?;
        Ok(Reading::new(move |report| {
            report.host.uptime_seconds = Some(uptime);
            report.host.load_average = averages.clone();
        }))
    }
}

#[cfg(target_os = "linux")]
fn measure(cx: &Context<'_>) -> Result<(u64, Vec<f64>), Error> {
    use crate::roots::read_text;
    let uptime = read_text(&cx.roots.proc.join("uptime"), "a time since boot")?;
    let uptime = parse_uptime(&uptime).ok_or(Error::Format("the time since boot"))?;
    let averages = read_text(&cx.roots.proc.join("loadavg"), "load averages")?;
    let averages = parse_averages(&averages).ok_or(Error::Format("load averages"))?;
    Ok((uptime, averages))
}

#[cfg(not(target_os = "linux"))]
fn measure(_cx: &Context<'_>) -> Result<(u64, Vec<f64>), Error> {
    crate::portable::load()
}

/// Reads `/proc/uptime`: seconds since boot, then idle seconds.
fn parse_uptime(text: &str) -> Option<u64> {
    let seconds: f64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds as u64)
}

/// Reads `/proc/loadavg`: averages over 1, 5 and 15 minutes, then counts.
fn parse_averages(text: &str) -> Option<Vec<f64>> {
    let fields = text.split_ascii_whitespace().take(3);
    let averages: Vec<f64> = fields.map(str::parse).collect::<Result<_, _>>().ok()?;
    (averages.len() == 3 && averages.iter().all(|value| value.is_finite())).then_some(averages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_is_whole_seconds() {
        assert_eq!(parse_uptime("350735.47 234388.90\n"), Some(350_735));
        for text in ["", "soon", "-1 5", "inf 1", "nan 1"] {
            assert_eq!(parse_uptime(text), None, "{text}");
        }
    }

    #[test]
    fn three_averages_are_read() {
        assert_eq!(
            parse_averages("0.02 0.04 0.05 1/497 11947\n"),
            Some(vec![0.02, 0.04, 0.05])
        );
        for text in ["", "0.1 0.2", "0.1 0.2 x", "0.1 nan 0.2"] {
            assert_eq!(parse_averages(text), None, "{text}");
        }
    }

    #[test]
    fn a_captured_machine_reads() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/loadavg") else {
            return;
        };
        assert_eq!(parse_averages(&text), Some(vec![0.21, 0.37, 0.39]));
    }
}
