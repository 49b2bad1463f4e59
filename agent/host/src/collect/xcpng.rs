//! The pool of an XCP-ng host and its guests, as `xe` tells.

use std::time::Duration;

use pulse_protocol::report::host::{XcpngInventory, XcpngVm};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::roots::read_text;
use crate::tools::Tool;

/// How often the guests are asked for.
const EVERY: Duration = Duration::from_secs(60);

/// Limits of one question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(8),
    output: 4 * 1024 * 1024,
};

/// Guests beyond this are left out.
const GUESTS: usize = 1_024;

const POOL: [&str; 2] = ["pool-list", "params=uuid,name-label,master"];

const GUESTS_OF_POOL: [&str; 5] = [
    "vm-list",
    "is-control-domain=false",
    "is-a-template=false",
    "is-a-snapshot=false",
    "params=uuid,name-label,power-state,VCPUs-number,memory-actual,memory-static-max,resident-on",
];

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Xcpng)
}

struct Xcpng;

impl Collector for Xcpng {
    fn name(&self) -> &'static str {
        "xcp-ng"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(LIMITS.time * 2)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let own = read_text(&cx.roots.etc.join("xensource-inventory"), "XCP-ng")?;
        let xe = Tool::find(cx.roots, "xe")?;
        let pools = xe.text(&POOL, LIMITS)?;
        let pools = records(&pools);
        let pool = pools.iter().find(|pool| pool.value("uuid").is_some());
        let pool = pool.ok_or(Error::Format("the pool of XCP-ng"))?;
        let guests = xe.text(&GUESTS_OF_POOL, LIMITS)?;
        let mut vms: Vec<XcpngVm> = records(&guests).iter().filter_map(vm).collect();
        // An empty list says that there are no guests any more.
        if vms.is_empty() && !guests.trim().is_empty() {
            return Err(Error::Format("the guests of XCP-ng"));
        }
        vms.truncate(GUESTS);
        let own = own
            .lines()
            .find_map(|line| line.strip_prefix("INSTALLATION_UUID="));
        let inventory = XcpngInventory {
            pool_uuid: pool.text("uuid"),
            pool_name: pool.text("name-label"),
            master_uuid: pool.text("master"),
            local_host_uuid: own.unwrap_or_default().trim_matches('\'').to_owned(),
            vms,
            collected_at: Some(cx.now),
        };
        Ok(Reading::new(move |report| {
            report.xcpng = Some(inventory.clone());
        }))
    }
}

/// One object: lines `name ( RO): value`.
#[derive(Default)]
struct Record<'a>(Vec<(&'a str, &'a str)>);

impl Record<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| *known == name)?;
        Some(value)
    }

    fn text(&self, name: &str) -> String {
        self.value(name).unwrap_or_default().to_owned()
    }
}

/// Reads objects, which empty lines keep apart.
fn records(text: &str) -> Vec<Record<'_>> {
    let mut records = vec![Record::default()];
    for line in text.lines() {
        let Some((name, value)) = line.split_once(": ") else {
            if line.trim().is_empty() && records.last().is_some_and(|last| !last.0.is_empty()) {
                records.push(Record::default());
            }
            continue;
        };
        let name = name.split('(').next().unwrap_or_default().trim();
        if let Some(last) = records.last_mut() {
            last.0.push((name, value.trim()));
        }
    }
    records.retain(|record| !record.0.is_empty());
    records
}

fn vm(record: &Record<'_>) -> Option<XcpngVm> {
    let host = record.text("resident-on");
    let bytes = |name| record.value(name)?.parse::<u64>().ok();
    Some(XcpngVm {
        uuid: record.value("uuid")?.to_owned(),
        name: record.text("name-label"),
        power_state: record.text("power-state"),
        vcpus: record
            .value("VCPUs-number")
            .and_then(|count| count.parse().ok()),
        memory_actual_bytes: bytes("memory-actual").filter(|bytes| *bytes > 0),
        memory_static_max_bytes: bytes("memory-static-max"),
        resident_host_uuid: if host.starts_with('<') {
            String::new()
        } else {
            host
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_are_read_from_their_records() {
        let text = "uuid ( RO)                 : a-1\n        name-label ( RW): web: front\n       \
            power-state ( RO): running\n    VCPUs-number ( RO): 2\n   memory-actual ( RO): \
            2147483648\n memory-static-max ( RW): 4294967296\n resident-on ( RO): h-1\n\n\n\
            uuid ( RO)        : b-2\n  name-label ( RW): off\n memory-actual ( RO): 0\n \
            resident-on ( RO): <not in database>\n";
        let records = records(text);
        let vms: Vec<XcpngVm> = records.iter().filter_map(vm).collect();
        assert_eq!(vms.len(), 2);
        assert_eq!(
            (vms[0].name.as_str(), vms[0].vcpus),
            ("web: front", Some(2))
        );
        assert_eq!(vms[0].memory_actual_bytes, Some(2_147_483_648));
        assert_eq!(vms[0].resident_host_uuid, "h-1");
        assert_eq!(
            (
                vms[1].memory_actual_bytes,
                vms[1].resident_host_uuid.as_str()
            ),
            (None, "")
        );
    }

    #[test]
    fn other_texts_hold_no_record() {
        assert!(records("\n\nno colon here\n").is_empty());
    }
}
