//! One report: who reports, what the collectors found, where in the stream it stands.

use std::time::Duration;

use jiff::Timestamp;
use pulse_agent_host::{Roots, Workers};
use pulse_protocol::report::host::{
    AgentInfo, HostInfo, HostReport, ModuleState, ModuleStatus, PrivilegeStatus,
};
use pulse_protocol::report::sequence::Sequence;
use tokio::sync::watch;

use crate::app::Surroundings;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::footprint::{Seen, Work};
use crate::identity::{AgentId, Machine};
use crate::random;

/// Name of the module that reports this machine.
pub(crate) const HOST: &str = "host";

/// Longest wait for what is collected beside the reports.
const SETTLING: Duration = Duration::from_secs(120);

/// Makes reports.
pub(crate) struct Assembler {
    workers: Workers,
    agent: AgentInfo,
    host: HostInfo,
    tags: Vec<String>,
    id: AgentId,
    position: Sequence,
    clock: Clock,
    module: ModuleStatus,
    seen: watch::Receiver<Seen>,
}

impl Assembler {
    /// Starts the collectors.
    pub(crate) fn start(
        config: &Config,
        machine: &Machine,
        id: AgentId,
        surroundings: &Surroundings,
        seen: watch::Receiver<Seen>,
    ) -> Result<Self, Error> {
        let Surroundings {
            clock,
            roots,
            collectors,
            ..
        } = surroundings.clone();
        let privilege = PrivilegeStatus {
            smartctl_helper: config.collect.smartctl.is_some(),
            pct_helper: config.collect.pct.is_some(),
            ..privilege(&roots)
        };
        let workers = Workers::start(&collectors, roots, config.collect.clone());
        Ok(Self {
            workers: workers.map_err(Error::Collectors)?,
            agent: AgentInfo {
                version: pulse_protocol::version::OWN.to_owned(),
                kind: "unified".to_owned(),
                interval_seconds: Some(config.interval.as_secs().max(1)),
                hostname: machine.hostname.clone(),
                disk_exclude: config.collect.disk_exclude.clone(),
                privilege: Some(privilege),
                ..AgentInfo::default()
            },
            host: HostInfo {
                id: machine.machine_id.clone(),
                hostname: machine.hostname.clone(),
                display_name: machine.hostname.clone(),
                machine_id: machine.machine_id.clone(),
                platform: std::env::consts::OS.to_owned(),
                report_ip: config
                    .report_ip
                    .map(|ip| ip.to_string())
                    .unwrap_or_default(),
                ..HostInfo::default()
            },
            tags: config.tags.clone(),
            id,
            position: Sequence {
                stream: u128::from_be_bytes(random::bytes()?),
                number: 0,
            },
            clock,
            module: ModuleStatus {
                name: HOST.to_owned(),
                enabled: true,
                state: ModuleState::Starting,
                ..ModuleStatus::default()
            },
            seen,
        })
    }

    /// Collects and makes the next report. Blocks for as long as the collectors take.
    pub(crate) fn next(&mut self) -> HostReport {
        let now = self.clock.now();
        let mut report = HostReport {
            host: self.host.clone(),
            tags: self.tags.clone(),
            timestamp: Some(now),
            ..HostReport::default()
        };
        let seen = self.seen.borrow().clone();
        self.workers.spare_slow(seen.is_shed(Work::SlowCollectors));
        self.workers.collect(now, &mut report);
        self.judge(&report, now);
        self.position.number += 1;
        report.sequence_id = self.position.to_string();
        report.agent = self.agent.clone();
        report.agent.id = self.id.presented();
        report.agent.footprint = seen.footprint();
        report.agent.modules = vec![self.module.clone()];
        report.agent.modules.extend(self.workers.health());
        report.agent.collectors = self.workers.collectors();
        report
    }

    /// Waits for what is collected beside the reports, so that the next one has it.
    pub(crate) fn settle(&mut self) {
        self.workers.settle(self.clock.now(), SETTLING);
    }

    /// A machine whose memory cannot be told is not being watched; anything less is a detail.
    fn judge(&mut self, report: &HostReport, now: Timestamp) {
        let is_fine = report.metrics.memory.total_bytes.is_some();
        let state = if is_fine {
            ModuleState::Running
        } else {
            ModuleState::Retrying
        };
        if self.module.state != state {
            self.module.state = state;
            self.module.updated_at = Some(now);
            let error = if is_fine {
                ""
            } else {
                "memory figures cannot be read"
            };
            error.clone_into(&mut self.module.last_error);
        }
    }
}

#[cfg(unix)]
fn privilege(roots: &Roots) -> PrivilegeStatus {
    let uid = nix::unistd::geteuid().as_raw();
    // Read directly: asking the system would load its name services into this small process.
    let users = std::fs::read_to_string(roots.etc.join("passwd")).unwrap_or_default();
    PrivilegeStatus {
        running_as_root: uid == 0,
        service_user: user_name(&users, uid).unwrap_or_default().to_owned(),
        ..PrivilegeStatus::default()
    }
}

#[cfg(not(unix))]
fn privilege(_roots: &Roots) -> PrivilegeStatus {
    PrivilegeStatus::default()
}

/// Finds a user's name in `/etc/passwd`.
#[cfg(unix)]
fn user_name(users: &str, uid: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(name)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_number() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\npulse:x:997:997::/:/bin/false\n";
        assert_eq!(user_name(users, 0), Some("root"));
        assert_eq!(user_name(users, 997), Some("pulse"));
        assert_eq!(user_name(users, 5), None);
    }
}
