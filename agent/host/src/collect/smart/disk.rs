//! What is known of one disk, and what a look at it changes.

use std::time::{Duration, Instant};

use pulse_protocol::report::host::{
    Availability, DiskSmart, SmartCollection, SmartHealth, SmartPart,
};

use super::scan::Target;
use crate::block::PhysicalDisk;

/// Reads and writes the kernel counted for a disk.
pub(super) type Moved = Option<(Option<u64>, Option<u64>)>;

/// How long an idle disk's counters are taken as they were. Reading them may keep a disk from going
/// to sleep, and most are told to sleep after less than this.
const IDLE: Duration = Duration::from_secs(3_600);

/// How long a disk is left alone that made `smartctl` hang.
const REST: Duration = Duration::from_secs(1_800);

/// Drivers that show the volumes they make of disks as if those were disks.
const VOLUME_MAKERS: [&str; 7] = [
    "megaraid", "arcmsr", "aacraid", "hpsa", "smartpqi", "3w-", "mpi3mr",
];

/// What a look at a disk brought.
#[derive(Debug)]
pub(super) enum Look {
    /// Everything `smartctl` tells.
    Read(Box<DiskSmart>),
    /// It spins; nothing else was asked.
    Awake,
    /// It sleeps; nothing else was asked.
    Asleep,
    /// It has no SMART, or nothing here can ask for it.
    Unsupported {
        /// Why.
        reason: String,
        /// What was told all the same.
        facts: Box<DiskSmart>,
    },
    /// It could not be read.
    Failed(String),
    /// `smartctl` hung on it.
    Hung(String),
    /// It was not looked at.
    Skipped,
}

impl Look {
    pub(super) fn unsupported(reason: &str) -> Self {
        Self::Unsupported {
            reason: reason.to_owned(),
            facts: Box::default(),
        }
    }
}

/// What is known of one disk.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) disk: DiskSmart,
    hardware: PhysicalDisk,
    moved: Moved,
    read: Option<Instant>,
    hung: Option<Instant>,
    is_supported: bool,
}

impl Known {
    fn of(target: &Target) -> Self {
        Self {
            disk: bare(target),
            hardware: target.disk.clone(),
            moved: None,
            read: None,
            hung: None,
            is_supported: true,
        }
    }

    /// Tells whether nothing was read from or written to it since its counters were read.
    pub(super) fn was_idle(&self, moved: Moved) -> bool {
        let is_recent = self.read.is_some_and(|at| at.elapsed() < IDLE);
        is_recent && !self.disk.standby && moved.is_some() && self.moved == moved
    }

    /// Tells whether it is left alone after it made `smartctl` hang.
    pub(super) fn is_resting(&self) -> bool {
        self.hung.is_some_and(|at| at.elapsed() < REST)
    }

    /// Tells whether it is a volume that a controller made, rather than a disk.
    pub(super) fn is_volume(&self) -> bool {
        let driver = &self.disk.controller;
        !self.is_supported && VOLUME_MAKERS.iter().any(|maker| driver.starts_with(maker))
    }

    /// Returns what is known after a look; another disk in the same place is a new one.
    pub(super) fn after(earlier: Option<Self>, target: &Target, look: Look, moved: Moved) -> Self {
        let earlier = earlier.filter(|known| known.hardware == target.disk);
        let mut known = earlier.unwrap_or_else(|| Self::of(target));
        match look {
            Look::Read(facts) => {
                known.disk = overlay(bare(target), *facts);
                known.disk.collection = Some(collection(&known.disk, None));
                (known.read, known.moved) = (Some(Instant::now()), moved);
                (known.hung, known.is_supported) = (None, true);
            }
            Look::Awake => known.disk.standby = false,
            Look::Asleep => {
                known.disk.standby = true;
                known.disk.temperature = 0;
                let asleep = (Availability::Unavailable, "the disk sleeps");
                known.disk.collection = Some(collection(&known.disk, Some(asleep)));
            }
            Look::Unsupported { reason, facts } => {
                known.disk = overlay(bare(target), *facts);
                let reason = (Availability::Unsupported, reason.as_str());
                known.disk.collection = Some(collection(&known.disk, Some(reason)));
                known.is_supported = false;
            }
            Look::Failed(reason) => known.forget(&reason),
            Look::Hung(reason) => {
                known.forget(&reason);
                known.hung = Some(Instant::now());
            }
            Look::Skipped if known.read.is_none() && known.hung.is_none() => {
                known.forget("not reached in time");
            }
            Look::Skipped => {}
        }
        known
    }

    /// Keeps what a disk is, not how it was.
    fn forget(&mut self, reason: &str) {
        self.disk.temperature = 0;
        self.disk.health = SmartHealth::NotStated;
        self.disk.attributes = None;
        self.disk.standby = false;
        self.read = None;
        let reason = (Availability::Unavailable, reason);
        self.disk.collection = Some(collection(&self.disk, Some(reason)));
    }
}

/// What is known without asking the disk.
fn bare(target: &Target) -> DiskSmart {
    let disk = &target.disk;
    let mut bare = DiskSmart {
        device: disk.name.clone(),
        model: disk.model.clone(),
        serial: disk.serial.clone(),
        wwn: disk.wwn.clone(),
        controller: disk.controller.clone(),
        target: disk.target.clone(),
        size_bytes: disk.size,
        health: SmartHealth::NotStated,
        ..DiskSmart::default()
    };
    if disk.name.starts_with("nvme") {
        bare.kind = "nvme".to_owned();
    }
    if let Some((controller, _)) = target.member.split_once(',') {
        bare.controller = controller.to_owned();
        bare.target = target.member.clone();
    }
    bare
}

/// Puts what the disk said over what was known without it.
fn overlay(mut disk: DiskSmart, facts: DiskSmart) -> DiskSmart {
    let put = |place: &mut String, text: String| {
        if !text.is_empty() {
            *place = text;
        }
    };
    put(&mut disk.model, facts.model);
    put(&mut disk.serial, facts.serial);
    put(&mut disk.wwn, facts.wwn);
    put(&mut disk.kind, facts.kind);
    disk.size_bytes = facts.size_bytes.or(disk.size_bytes);
    disk.temperature = facts.temperature;
    if !facts.health.as_str().is_empty() {
        disk.health = facts.health;
    }
    disk.attributes = facts.attributes;
    disk
}

/// Says how each part was read; `trouble` is why nothing came from the disk itself.
fn collection(disk: &DiskSmart, trouble: Option<(Availability, &str)>) -> SmartCollection {
    let part = |is_known: bool, source: &str| match (is_known, &trouble) {
        (true, _) => available(source),
        (false, Some((state, reason))) => missing(state.clone(), reason),
        (false, None) => missing(Availability::Unsupported, "the disk does not tell"),
    };
    SmartCollection {
        serial: part(!disk.serial.is_empty(), "smartctl"),
        temperature: part(disk.temperature != 0, "smartctl"),
        controller: match disk.controller.as_str() {
            "" => missing(Availability::Missing, "the system does not tell"),
            _ => available("sysfs"),
        },
        io: SmartPart::default(),
        pool: missing(Availability::Missing, "in no ZFS pool"),
    }
}

/// Says whether the disk's counters are there.
pub(super) fn note_counters(disk: &mut DiskSmart) {
    let has_counters = disk.io.is_some();
    if let Some(collection) = &mut disk.collection {
        collection.io = if has_counters {
            available("diskstats")
        } else {
            missing(Availability::Missing, "the system counts none for it")
        };
    }
}

fn available(source: &str) -> SmartPart {
    SmartPart {
        state: Availability::Available,
        source: source.to_owned(),
        reason: String::new(),
    }
}

fn missing(state: Availability, reason: &str) -> SmartPart {
    SmartPart {
        state,
        source: String::new(),
        reason: reason.to_owned(),
    }
}
