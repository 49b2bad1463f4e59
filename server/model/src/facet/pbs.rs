//! A Proxmox Backup Server: its datastores and its jobs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use super::storage::StorageRisk;
use crate::units::{Bytes, Percent, Seconds};

facts! {
    /// A backup server.
    pub struct Pbs {
        maybe {
            /// The configured connection that reports it.
            instance_id: String,
            /// The name it calls itself.
            hostname: String,
            /// Where its API is.
            host_url: String,
            /// The address to offer instead.
            guest_url: String,
            /// Its release.
            version: String,
            /// Seconds since it started.
            uptime_seconds: Seconds,
            /// Its datastores, counted.
            datastore_count: u64,
            /// What threatens it.
            storage_risk: StorageRisk,
            /// How many datastores are in trouble.
            affected_datastore_count: u64,
            /// The same in a sentence.
            affected_datastore_summary: String,
            /// How many workloads are backed up here.
            protected_workload_count: u64,
            /// The same in a sentence.
            protected_workload_summary: String,
            /// How it stands, in a sentence.
            posture_summary: String,
            /// Backup jobs, counted.
            backup_job_count: u64,
            /// Sync jobs, counted.
            sync_job_count: u64,
            /// Verify jobs, counted.
            verify_job_count: u64,
            /// Prune jobs, counted.
            prune_job_count: u64,
            /// Garbage collections, counted.
            garbage_job_count: u64,
            /// Evidence of jobs, counted.
            job_health_evidence_count: u64,
            /// How the connection is.
            connection_health: String,
        }
        some {
            /// Its datastores.
            datastores: Vec<PbsDatastore>,
            /// Datastores in trouble, by name.
            affected_datastores: Vec<String>,
            /// Kinds of workload backed up here.
            protected_workload_types: Vec<String>,
            /// Workloads backed up here, by name.
            protected_workload_names: Vec<String>,
            /// Backup jobs.
            backup_jobs: Vec<PbsBackupJob>,
            /// Sync jobs.
            sync_jobs: Vec<PbsSyncJob>,
            /// Verify jobs.
            verify_jobs: Vec<PbsVerifyJob>,
            /// Prune jobs.
            prune_jobs: Vec<PbsPruneJob>,
            /// Garbage collections.
            garbage_jobs: Vec<PbsGarbageJob>,
            /// What its task log tells of each job.
            job_health_evidence: Vec<PbsJobEvidence>,
        }
    }

    /// A datastore.
    pub struct PbsDatastore {
        told {
            /// Its name.
            name: String,
            /// What it holds.
            total: Bytes,
            /// What is taken.
            used: Bytes,
            /// What is left.
            available: Bytes,
            /// How full it is.
            usage_percent: Percent,
            /// `available`, `error`, `maintenance` …
            status: String,
        }
        maybe {
            /// What is wrong.
            error: String,
            /// How many times its content is larger than what it takes.
            deduplication_factor: f64,
        }
        some {
            /// Its namespaces.
            namespaces: Vec<PbsNamespace>,
        }
    }

    /// A namespace of a datastore.
    pub struct PbsNamespace {
        told {
            /// Its path.
            path: String,
            /// How deep it is.
            depth: u32,
        }
        maybe {
            /// What it is in.
            parent: String,
        }
    }

    /// A backup job.
    pub struct PbsBackupJob {
        told {
            /// Its id.
            id: String,
            /// Its datastore.
            store: String,
            /// `vm`, `ct` or `host`.
            #[serde(rename = "type")]
            kind: String,
            /// How its last run ended.
            status: String,
        }
        maybe {
            /// The guest's number.
            vmid: String,
            /// When it last ran.
            last_backup: Timestamp,
            /// When it runs next.
            next_run: Timestamp,
            /// What went wrong.
            error: String,
        }
    }

    /// A sync job.
    pub struct PbsSyncJob {
        told {
            /// Its id.
            id: String,
            /// Its datastore.
            store: String,
            /// Where from.
            remote: String,
            /// How its last run ended.
            status: String,
        }
        maybe {
            /// When it last ran.
            last_sync: Timestamp,
            /// When it runs next.
            next_run: Timestamp,
            /// What went wrong.
            error: String,
        }
    }

    /// A verify job.
    pub struct PbsVerifyJob {
        told {
            /// Its id.
            id: String,
            /// Its datastore.
            store: String,
            /// How its last run ended.
            status: String,
        }
        maybe {
            /// When it last ran.
            last_verify: Timestamp,
            /// When it runs next.
            next_run: Timestamp,
            /// What went wrong.
            error: String,
        }
    }

    /// A prune job.
    pub struct PbsPruneJob {
        told {
            /// Its id.
            id: String,
            /// Its datastore.
            store: String,
            /// How its last run ended.
            status: String,
        }
        maybe {
            /// When it last ran.
            last_prune: Timestamp,
            /// When it runs next.
            next_run: Timestamp,
            /// What went wrong.
            error: String,
        }
    }

    /// A garbage collection.
    pub struct PbsGarbageJob {
        told {
            /// Its id.
            id: String,
            /// Its datastore.
            store: String,
            /// How its last run ended.
            status: String,
        }
        maybe {
            /// When it last ran.
            last_garbage: Timestamp,
            /// When it runs next.
            next_run: Timestamp,
            /// What it freed.
            removed_bytes: Bytes,
            /// What went wrong.
            error: String,
        }
    }

    /// What the task log tells of a job.
    pub struct PbsJobEvidence {
        told {
            /// The job's id.
            job_id: String,
            /// `backup`, `sync`, `verify`, `prune`, `garbage`.
            job_type: String,
            /// How its last run ended.
            status: String,
        }
        maybe {
            /// Its datastore.
            store: String,
            /// The task.
            upid: String,
            /// When it started.
            started_at: Timestamp,
            /// When it ended.
            ended_at: Timestamp,
            /// What went wrong.
            error: String,
        }
    }
}
