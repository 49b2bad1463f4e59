//! What stands alone: backup servers, a mail gateway, TrueNAS, probed addresses.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use pulse_model::facet::pbs::{
    Pbs, PbsBackupJob, PbsDatastore, PbsGarbageJob, PbsNamespace, PbsPruneJob, PbsSyncJob,
    PbsVerifyJob,
};
use pulse_model::facet::pmg::{
    Pmg, PmgDomainStat, PmgMailCount, PmgMailStats, PmgNode, PmgQuarantine, PmgQueue,
    PmgRelayDomain, PmgSpamBucket,
};
use pulse_model::facet::storage::Storage;
use pulse_model::facet::truenas::{TrueNas, TrueNasService, TrueNasShare};
use pulse_model::facet::{Availability, Facets};
use pulse_model::{
    Bytes, Celsius, Identity, Kind, MetricValue, Metrics, Observation, Outcome, Percent, Scope,
    Seconds, Sighting, SourceId, SourceKind, Status,
};

use super::machine;
use super::name;
use super::world::{GIB, MARK, World};

/// How many resources these are.
pub(super) const COUNT: usize = 16;

/// Returns what all of them report.
pub(super) fn observe(world: &World, at: Timestamp) -> Vec<Observation> {
    let slice = |kind, name: &str, sightings| Observation {
        source: SourceId::new(kind, name),
        at,
        interval: world.interval,
        outcome: Outcome::Slice {
            scope: Scope::new("system"),
            sightings,
        },
    };
    let pbs = |index: usize| {
        let name = format!("mock-pbs{}", index + 1);
        slice(SourceKind::Pbs, &name, vec![pbs(world, &name, index, at)])
    };
    let nas = |index: usize| {
        let name = format!("mock-nas{}", index + 1);
        slice(SourceKind::Truenas, &name, truenas(world, &name, index, at))
    };
    let mail = slice(SourceKind::Pmg, "mock-mail", vec![pmg(world, at)]);
    vec![pbs(0), pbs(1), mail, nas(0), nas(1)]
}

fn metrics(world: &World, name: &str, gib: u64, at: Timestamp) -> Metrics {
    let used = (gib * GIB) as f64 * (0.25 + 0.5 * world.curves.load(name, "memory", at));
    Metrics {
        cpu: Some(MetricValue::percent(Percent(world.busy(name, at)))),
        memory: MetricValue::share(Bytes(used as u64), Bytes(gib * GIB)),
        ..Metrics::default()
    }
}

fn ago(at: Timestamp, hours: i64) -> Option<Timestamp> {
    at.checked_sub(SignedDuration::from_hours(hours)).ok()
}

fn pbs(world: &World, name: &str, index: usize, at: Timestamp) -> Sighting {
    let datastore = |store: &str, gib: u64| {
        let total = gib * GIB;
        let used = (total as f64 * world.fill(&format!("{name}/{store}"), at)) as u64;
        PbsDatastore {
            name: store.to_owned(),
            total: Bytes(total),
            used: Bytes(used),
            available: Bytes(total - used),
            usage_percent: Percent(used as f64 * 100.0 / total as f64),
            status: "available".to_owned(),
            deduplication_factor: Some(11.4),
            namespaces: vec![PbsNamespace {
                path: "production".to_owned(),
                depth: 1,
                parent: None,
            }],
            ..PbsDatastore::default()
        }
    };
    let datastores = vec![datastore("main", 16_000), datastore("offsite", 8_000)];
    let fails = index == 1;
    let facet = Pbs {
        instance_id: Some(name.to_owned()),
        hostname: Some(name.to_owned()),
        host_url: Some(format!("https://{name}.mock.invalid:8007")),
        version: Some("4.0.14".to_owned()),
        uptime_seconds: Some(world.uptime(name, at)),
        datastore_count: Some(2),
        backup_job_count: Some(1),
        sync_job_count: Some(1),
        verify_job_count: Some(1),
        prune_job_count: Some(1),
        garbage_job_count: Some(1),
        connection_health: Some("healthy".to_owned()),
        datastores,
        ..jobs(fails, at)
    };
    Sighting {
        status: Some(if fails {
            Status::Warning
        } else {
            Status::Online
        }),
        identity: Identity {
            hostnames: vec![name.to_owned()],
            ..Identity::default()
        },
        metrics: metrics(world, name, 16, at),
        uptime: Some(world.uptime(name, at)),
        tags: vec![MARK.to_owned()],
        facets: Facets {
            pbs: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Pbs, "server", name)
    }
}

/// Returns jobs, of which the one to far away may fail.
fn jobs(fails: bool, at: Timestamp) -> Pbs {
    let status = if fails { "error" } else { "ok" }.to_owned();
    let error = fails.then(|| "connection to the remote was lost".to_owned());
    Pbs {
        backup_jobs: vec![PbsBackupJob {
            id: "nightly".to_owned(),
            store: "main".to_owned(),
            kind: "vm".to_owned(),
            status: "ok".to_owned(),
            last_backup: ago(at, 7),
            ..PbsBackupJob::default()
        }],
        sync_jobs: vec![PbsSyncJob {
            id: "to-offsite".to_owned(),
            store: "offsite".to_owned(),
            remote: "far-away".to_owned(),
            status,
            last_sync: ago(at, 5),
            error,
            ..PbsSyncJob::default()
        }],
        verify_jobs: vec![PbsVerifyJob {
            id: "weekly".to_owned(),
            store: "main".to_owned(),
            status: "ok".to_owned(),
            last_verify: ago(at, 60),
            ..PbsVerifyJob::default()
        }],
        prune_jobs: vec![PbsPruneJob {
            id: "daily".to_owned(),
            store: "main".to_owned(),
            status: "ok".to_owned(),
            last_prune: ago(at, 12),
            ..PbsPruneJob::default()
        }],
        garbage_jobs: vec![PbsGarbageJob {
            id: "gc-main".to_owned(),
            store: "main".to_owned(),
            status: "ok".to_owned(),
            last_garbage: ago(at, 20),
            removed_bytes: Some(Bytes(31 * GIB)),
            ..PbsGarbageJob::default()
        }],
        ..Pbs::default()
    }
}

fn pmg(world: &World, at: Timestamp) -> Sighting {
    let name = "mock-mail";
    let deferred = world.curves.between(name, "deferred", 4, 60);
    let facet = Pmg {
        instance_id: Some(name.to_owned()),
        hostname: Some(name.to_owned()),
        host_url: Some("https://mail.mock.invalid:8006".to_owned()),
        guest_url: None,
        version: Some("9.0.3".to_owned()),
        node_count: Some(1),
        uptime_seconds: Some(world.uptime(name, at)),
        queue_active: Some(2),
        queue_deferred: Some(deferred),
        queue_hold: Some(0),
        queue_incoming: Some(1),
        queue_total: Some(deferred + 3),
        mail_count_total: Some(4_810.0),
        spam_in: Some(912.0),
        virus_in: Some(3.0),
        connection_health: Some("healthy".to_owned()),
        last_updated: Some(at),
        mail_stats: Some(PmgMailStats {
            timeframe: "day".to_owned(),
            count_total: 4_810.0,
            count_in: 3_600.0,
            count_out: 1_210.0,
            spam_in: 912.0,
            virus_in: 3.0,
            average_process_time_ms: 840.0,
            updated_at: at,
            ..PmgMailStats::default()
        }),
        quarantine: Some(PmgQuarantine {
            spam: 210,
            virus: 3,
            attachment: 5,
            blacklisted: 12,
        }),
        nodes: vec![node(name, deferred, world.uptime(name, at), at)],
        mail_count: mail_count(world, name, at),
        spam_distribution: (0..8).map(spam_bucket).collect(),
        relay_domains: vec![PmgRelayDomain {
            domain: "mock.invalid".to_owned(),
            comment: Some("invented".to_owned()),
        }],
        domain_stats: vec![PmgDomainStat {
            domain: "mock.invalid".to_owned(),
            mail_count: 3_600.0,
            spam_count: 912.0,
            virus_count: 3.0,
            bytes: Some(9.4e8),
        }],
        domain_stats_as_of: Some(at),
    };
    Sighting {
        identity: Identity {
            hostnames: vec![name.to_owned()],
            ..Identity::default()
        },
        metrics: metrics(world, name, 8, at),
        uptime: Some(world.uptime(name, at)),
        tags: vec![MARK.to_owned()],
        facets: Facets {
            pmg: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Pmg, "gateway", name)
    }
}

fn node(name: &str, deferred: u64, uptime: Seconds, at: Timestamp) -> PmgNode {
    PmgNode {
        name: name.to_owned(),
        status: "online".to_owned(),
        role: Some("master".to_owned()),
        uptime: Some(uptime),
        load_avg: Some("0.42 0.40 0.38".to_owned()),
        queue_status: Some(PmgQueue {
            active: 2,
            deferred,
            hold: 0,
            incoming: 1,
            total: deferred + 3,
            oldest_age: Seconds(5_400),
            updated_at: Some(at),
        }),
    }
}

fn mail_count(world: &World, name: &str, at: Timestamp) -> Vec<PmgMailCount> {
    let hour = |back: u32| {
        let time = ago(at, i64::from(back))?;
        let count = (400.0 * world.curves.load(name, "mail", time)).round();
        Some(PmgMailCount {
            timestamp: time,
            count,
            count_in: (count * 0.75).round(),
            count_out: (count * 0.25).round(),
            spam_in: (count * 0.19).round(),
            index: 23 - back,
            timeframe: "hour".to_owned(),
            window_start: ago(at, i64::from(back) + 1),
            window_end: Some(time),
            ..PmgMailCount::default()
        })
    };
    (0..24).rev().filter_map(hour).collect()
}

fn spam_bucket(score: u32) -> PmgSpamBucket {
    PmgSpamBucket {
        score: score.to_string(),
        count: f64::from(2_400 / (score + 1)),
    }
}

fn truenas(world: &World, name: &str, index: usize, at: Timestamp) -> Vec<Sighting> {
    let is_rebuilding = index == 1;
    let mut seen = vec![
        pool(world, name, is_rebuilding, at),
        share(name),
        network(),
        endpoint(index, at),
        machine::disk(world, name, 1, at),
    ];
    for sighting in &mut seen {
        sighting.parent = Some("system".into());
        sighting.tags = vec![MARK.to_owned()];
    }
    seen.push(system(world, name, index, at));
    seen
}

fn status(is_rebuilding: bool) -> Option<Status> {
    Some(if is_rebuilding {
        Status::Warning
    } else {
        Status::Online
    })
}

fn system(world: &World, name: &str, index: usize, at: Timestamp) -> Sighting {
    let is_rebuilding = index == 1;
    let facet = TrueNas {
        hostname: Some(name.to_owned()),
        version: Some("25.10.0".to_owned()),
        uptime_seconds: Some(world.uptime(name, at)),
        protection_reduced: Some(is_rebuilding),
        rebuild_in_progress: Some(is_rebuilding),
        services: vec![TrueNasService {
            service: "smb".to_owned(),
            enabled: true,
            state: "RUNNING".to_owned(),
        }],
        ..TrueNas::default()
    };
    Sighting {
        status: status(is_rebuilding),
        identity: Identity {
            hostnames: vec![name.to_owned()],
            ip_addresses: vec![name::address(180, index)],
            ..Identity::default()
        },
        metrics: metrics(world, name, 64, at),
        uptime: Some(world.uptime(name, at)),
        temperature: Some(Celsius(41.0)),
        tags: vec![MARK.to_owned()],
        facets: Facets {
            truenas: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Agent, "system", name)
    }
}

fn pool(world: &World, name: &str, is_rebuilding: bool, at: Timestamp) -> Sighting {
    let total = 44_000 * GIB;
    let used = (total as f64 * world.fill(name, at)) as u64;
    let state = if is_rebuilding { "DEGRADED" } else { "ONLINE" };
    let facet = Storage {
        enabled: true,
        active: true,
        is_zfs: true,
        kind: Some("zfs".to_owned()),
        platform: Some("truenas".to_owned()),
        topology: Some("pool".to_owned()),
        protection: Some("raidz2".to_owned()),
        rebuild_in_progress: Some(is_rebuilding),
        zfs_pool_state: Some(state.to_owned()),
        ..Storage::default()
    };
    Sighting {
        technology: Some("zfs".to_owned()),
        status: status(is_rebuilding),
        metrics: Metrics {
            disk: MetricValue::share(Bytes(used), Bytes(total)),
            ..Metrics::default()
        },
        facets: Facets {
            storage: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Storage, "pool/vault", "vault")
    }
}

fn share(name: &str) -> Sighting {
    let share = TrueNasShare {
        enabled: true,
        name: Some("team".to_owned()),
        protocol: Some("smb".to_owned()),
        path: Some("/mnt/vault/team".to_owned()),
        ..TrueNasShare::default()
    };
    Sighting {
        facets: Facets {
            truenas: Some(Arc::new(TrueNas {
                hostname: Some(name.to_owned()),
                share: Some(Box::new(share)),
                ..TrueNas::default()
            })),
            ..Facets::default()
        },
        ..Sighting::new(Kind::NetworkShare, "share/team", "team")
    }
}

fn network() -> Sighting {
    Sighting::new(Kind::Network, "network/storage", "storage network")
}

fn endpoint(index: usize, at: Timestamp) -> Sighting {
    let answers = index == 0;
    let facet = Availability {
        enabled: true,
        available: answers,
        target_id: Some(format!("mock-probe-{index}")),
        name: Some("storage console".to_owned()),
        protocol: Some("https".to_owned()),
        port: Some(443),
        last_checked: Some(at),
        latency_millis: answers.then_some(12),
        consecutive_failures: Some(if answers { 0 } else { 5 }),
        last_error: (!answers).then(|| "connection refused".to_owned()),
        ..Availability::default()
    };
    Sighting {
        status: Some(if answers {
            Status::Online
        } else {
            Status::Offline
        }),
        facets: Facets {
            availability: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::NetworkEndpoint, "probe/console", "storage console")
    }
}
