//! A machine that reports as the original's agents do: a token, gzip, a numbered stream.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::person::Person;

/// Where hosts report.
pub const REPORT: &str = "/api/agents/agent/report";

/// A machine and the agent on it.
pub struct Reporter {
    person: Person,
    hostname: String,
    number: u64,
    stream: u8,
}

impl Reporter {
    pub(crate) fn new(person: Person, hostname: &str) -> Self {
        Self {
            person,
            hostname: hostname.to_owned(),
            number: 0,
            stream: 1,
        }
    }

    /// Returns the caller behind the reports, to misuse its token with.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Takes the machine's agent down and up again: another stream.
    pub fn restart(&mut self) {
        self.stream += 1;
        self.number = 0;
    }

    /// Returns the time on the machine's clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "a machine of its own has a clock of its own"
    )]
    pub fn now() -> Timestamp {
        Timestamp::now()
    }

    /// Returns the next report as JSON.
    pub fn next(&mut self, cpu: f64) -> Value {
        self.number += 1;
        json!({
            "agent": {"id": self.hostname, "version": "v6.3.0", "type": "unified", "intervalSeconds": 30},
            "host": {
                "id": self.hostname, "machineId": self.hostname, "hostname": self.hostname,
                "platform": "linux", "osName": "debian", "osVersion": "12", "cpuCount": 4,
                "uptimeSeconds": 600 + self.number, "loadAverage": [0.1, 0.2, 0.3],
            },
            "metrics": {
                "cpuUsagePercent": cpu,
                "memory": {"totalBytes": 8_000_000_000_u64, "usedBytes": 2_000_000_000_u64},
            },
            "disks": [{"device": "/dev/sda1", "mountpoint": "/", "totalBytes": 100, "usedBytes": 30, "usage": 30}],
            "network": null,
            "sensors": {},
            "timestamp": Self::now().to_string(),
            "sequenceId": format!("v1:{}:{}", format!("{:02x}", self.stream).repeat(16), self.number),
        })
    }

    /// Sends the next report.
    pub async fn report(&mut self, cpu: f64) -> Answer {
        let report = self.next(cpu);
        self.send(&report).await
    }

    /// Sends `report` as it is.
    pub async fn send(&self, report: &Value) -> Answer {
        self.person
            .post_bytes(REPORT, Some("gzip"), gzip(report.to_string().as_bytes()))
            .await
    }
}

/// Compresses `bytes`.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}
