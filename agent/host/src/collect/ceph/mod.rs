//! The Ceph cluster this machine belongs to, as its own `ceph` tells.

mod cluster;

use std::time::Duration;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;

/// Every question goes to the monitors, from every node that has an agent.
const EVERY: Duration = Duration::from_secs(60);

/// Longest run: two questions.
const BUDGET: Duration = Duration::from_secs(25);

/// Limits of one question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    output: 4 * 1024 * 1024,
};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Ceph)
}

struct Ceph;

impl Collector for Ceph {
    fn name(&self) -> &'static str {
        "ceph"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(BUDGET)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let tool = Tool::find(cx.roots, "ceph")?;
        if !cx.roots.etc.join("ceph/ceph.conf").exists() {
            return Err(Error::Absent("a Ceph cluster"));
        }
        let ask = |what: &str, name| tool.json(&[what, "--format", "json"], LIMITS, name);
        let status = ask("status", "the state of Ceph")?;
        let usage = ask("df", "the pools of Ceph");
        let remark = usage.as_ref().err().map(Error::to_string);
        let mut cluster = cluster::read(&status).ok_or(Error::Format("the state of Ceph"))?;
        cluster.pools = usage
            .map(|usage| cluster::pools(&usage))
            .unwrap_or_default();
        cluster.collected_at = cx.now.to_string();
        let reading = Reading::new(move |report| report.ceph = Some(cluster.clone()));
        Ok(reading.with_remark(remark.unwrap_or_default()))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Instant;

    use pulse_protocol::Time;
    use pulse_protocol::report::host::HostReport;

    use super::*;
    use crate::collector::{Pause, Settings};
    use crate::hwmon::tests::write;
    use crate::roots::Roots;
    use crate::tools::tests::plant;

    fn collect(roots: &Roots) -> Result<(HostReport, String), Error> {
        let settings = Settings::default();
        let cx = Context {
            roots,
            settings: &settings,
            now: Time::UNIX_EPOCH,
            deadline: Instant::now() + BUDGET,
            pause: &Pause::default(),
        };
        let reading = Ceph.collect(&cx)?;
        let mut report = HostReport::default();
        reading.fill(&mut report);
        Ok((report, reading.remark().to_owned()))
    }

    #[test]
    fn a_node_of_a_cluster_tells_of_it_and_others_stay_silent() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        assert!(matches!(collect(&roots), Err(Error::Absent("ceph"))));
        let status = r#"{"fsid":"a-b","health":{"status":"HEALTH_OK"},"osdmap":{"num_osds":3}}"#;
        let script = format!("case $1 in status) echo '{status}';; *) exit 1;; esac");
        plant(&roots, "ceph", &script);
        assert!(matches!(
            collect(&roots),
            Err(Error::Absent("a Ceph cluster"))
        ));
        write(&roots.etc.join("ceph/ceph.conf"), "");
        let (report, remark) = collect(&roots).expect("a cluster");
        let cluster = report.ceph.expect("a cluster");
        assert_eq!(
            (cluster.fsid.as_str(), cluster.osd_map.num_osds),
            ("a-b", 3)
        );
        assert_eq!(cluster.collected_at, "1970-01-01T00:00:00Z");
        assert!(remark.contains("ceph failed"), "{remark}");
    }

    #[test]
    fn what_makes_no_sense_is_a_failure() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        write(&roots.etc.join("ceph/ceph.conf"), "");
        for script in ["printf '\\377\\000'", "echo '[]'", "echo '{}'"] {
            plant(&roots, "ceph", script);
            let outcome = collect(&roots);
            assert!(
                matches!(outcome, Err(Error::Format(_))),
                "{script}: {outcome:?}"
            );
        }
    }
}
