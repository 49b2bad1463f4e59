//! Guests of libvirt, as its own `virsh` tells; read only.

use std::collections::BTreeMap;
use std::time::Duration;

use pulse_protocol::report::host::{LibvirtDomain, LibvirtInventory};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;

/// How often the guests are asked for.
const EVERY: Duration = Duration::from_secs(30);

/// Limits of one question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(8),
    output: 1024 * 1024,
};

/// Guests beyond this are left out.
const GUESTS: usize = 128;

const FIGURES: [&str; 10] = [
    "--readonly",
    "domstats",
    "--raw",
    "--nowait",
    "--state",
    "--cpu-total",
    "--balloon",
    "--vcpu",
    "--interface",
    "--block",
];

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Libvirt)
}

struct Libvirt;

impl Collector for Libvirt {
    fn name(&self) -> &'static str {
        "libvirt"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(LIMITS.time * 2)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let virsh = Tool::find(cx.roots, "virsh")?;
        // A client without a hypervisor beside it has nothing to tell of this machine.
        let sockets = ["run/libvirt", "var/run/libvirt"];
        if !sockets.iter().any(|path| cx.roots.root.join(path).is_dir()) {
            return Err(Error::Absent("libvirt"));
        }
        let names = ["--readonly", "list", "--all", "--uuid", "--name"];
        let ids = ids(&virsh.text(&names, LIMITS)?);
        let figures = virsh.text(&FIGURES, LIMITS)?;
        let mut domains = domains(&figures);
        // An empty list says that there are no guests any more.
        if domains.is_empty() && !figures.trim().is_empty() {
            return Err(Error::Format("the guests of libvirt"));
        }
        for domain in &mut domains {
            let id = ids.get(&domain.name).cloned();
            domain.id = id.unwrap_or_else(|| domain.name.clone());
        }
        let inventory = LibvirtInventory {
            domains,
            collected_at: Some(cx.now),
        };
        Ok(Reading::new(move |report| {
            report.libvirt = Some(inventory.clone());
        }))
    }
}

/// Reads lines of an id and a name, by name.
fn ids(text: &str) -> BTreeMap<String, String> {
    let pairs = text.lines().filter_map(|line| {
        let (id, name) = line.trim().split_once(' ')?;
        Some((name.trim().to_owned(), id.to_owned()))
    });
    pairs.collect()
}

/// Reads `Domain: 'name'` and the lines `  figure=value` below each.
fn domains(text: &str) -> Vec<LibvirtDomain> {
    let mut domains: Vec<LibvirtDomain> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.trim().strip_prefix("Domain: '") {
            if domains.len() == GUESTS {
                break;
            }
            domains.push(LibvirtDomain {
                name: name.trim_end_matches('\'').to_owned(),
                ..LibvirtDomain::default()
            });
        } else if let (Some(domain), Some((name, value))) =
            (domains.last_mut(), line.trim().split_once('='))
        {
            add(domain, name, value);
        }
    }
    domains
}

fn add(domain: &mut LibvirtDomain, name: &str, value: &str) {
    let number: Option<u64> = value.parse().ok();
    let kibibytes = number.and_then(|number| number.checked_mul(1024));
    let add = |sum: &mut Option<u64>| {
        if let Some(number) = number {
            *sum = Some(sum.unwrap_or(0).saturating_add(number));
        }
    };
    match name {
        "state.state" => domain.state = state(value).to_owned(),
        "cpu.time" => domain.cpu_time_nanoseconds = number,
        "vcpu.current" => domain.vcpus = number.and_then(|number| i64::try_from(number).ok()),
        "balloon.current" => domain.memory_current_bytes = kibibytes,
        "balloon.maximum" => domain.memory_maximum_bytes = kibibytes,
        _ if name.starts_with("net.") && name.ends_with(".rx.bytes") => {
            add(&mut domain.network_rx_bytes);
        }
        _ if name.starts_with("net.") && name.ends_with(".tx.bytes") => {
            add(&mut domain.network_tx_bytes);
        }
        _ if name.starts_with("block.") && name.ends_with(".rd.bytes") => {
            add(&mut domain.disk_read_bytes);
        }
        _ if name.starts_with("block.") && name.ends_with(".wr.bytes") => {
            add(&mut domain.disk_write_bytes);
        }
        _ => {}
    }
}

/// Words the state as `virsh list` does.
fn state(number: &str) -> &'static str {
    match number {
        "1" => "running",
        "2" => "idle",
        "3" => "paused",
        "4" => "in shutdown",
        "5" => "shut off",
        "6" => "crashed",
        "7" => "pmsuspended",
        _ => "no state",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_are_read_with_their_sums() {
        let text = "Domain: 'web 1'\n  state.state=1\n  cpu.time=123\n  vcpu.current=4\n  \
            balloon.current=1024\n  balloon.maximum=2048\n  net.count=2\n  net.0.rx.bytes=10\n  \
            net.1.rx.bytes=5\n  net.0.tx.bytes=1\n  block.0.rd.bytes=7\n  block.0.wr.bytes=x\n\n\
            Domain: 'old'\n  state.state=5\n";
        let domains = domains(text);
        assert_eq!(domains.len(), 2);
        let web = &domains[0];
        assert_eq!(
            (web.name.as_str(), web.state.as_str()),
            ("web 1", "running")
        );
        assert_eq!((web.vcpus, web.cpu_time_nanoseconds), (Some(4), Some(123)));
        assert_eq!(web.memory_current_bytes, Some(1_048_576));
        assert_eq!(
            (web.network_rx_bytes, web.network_tx_bytes),
            (Some(15), Some(1))
        );
        assert_eq!((web.disk_read_bytes, web.disk_write_bytes), (Some(7), None));
        assert_eq!(domains[1].state, "shut off");
    }

    #[test]
    fn ids_belong_to_names_with_spaces_too() {
        let ids = ids("6a5f-77 web 1\n\nrubbish\n");
        assert_eq!(ids.get("web 1").map(String::as_str), Some("6a5f-77"));
        assert_eq!(ids.len(), 1);
    }
}
