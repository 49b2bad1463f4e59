//! `pbs`: Proxmox Backup Servers.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_model::facet::pbs::{
    Pbs, PbsBackupJob, PbsDatastore, PbsGarbageJob, PbsJobEvidence, PbsNamespace, PbsPruneJob,
    PbsSyncJob, PbsVerifyJob,
};
use pulse_model::{Bytes, Percent, Resource, Seconds};

use super::shape::{amounts, element, or_blank, percent};

element! {
    /// A backup server.
    PbsInstance<'a> {
        told {
            id: &'a str,
            name: &'a str,
            host: &'a str,
            status: &'static str,
            version: &'a str,
            datastores: Vec<Datastore<'a>>,
            backup_jobs: &'a [PbsBackupJob],
            sync_jobs: &'a [PbsSyncJob],
            verify_jobs: &'a [PbsVerifyJob],
            prune_jobs: &'a [PbsPruneJob],
            garbage_jobs: &'a [PbsGarbageJob],
            job_health_evidence: &'a [PbsJobEvidence],
            connection_health: &'a str,
            last_seen: Timestamp,
        }
        maybe {
            node_name: &'a str,
            #[serde(rename = "guestURL")]
            guest_url: &'a str,
            cpu: Percent,
            memory: Percent,
            memory_used: Bytes,
            memory_total: Bytes,
            uptime: Seconds,
        }
    }
}

/// A datastore as the older documents have it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Datastore<'a> {
    name: &'a str,
    total: Bytes,
    used: Bytes,
    free: Bytes,
    usage: Percent,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    namespaces: &'a [PbsNamespace],
    #[serde(skip_serializing_if = "Option::is_none")]
    deduplication_factor: Option<f64>,
}

/// Returns the element of a backup server.
pub(super) fn pbs<'a>(resource: &'a Resource, facet: &'a Pbs) -> PbsInstance<'a> {
    let memory = resource.metrics.memory.as_ref();
    let (memory_total, memory_used) = amounts(memory);
    PbsInstance {
        id: resource.id.as_str(),
        name: &resource.name,
        host: or_blank(&facet.host_url),
        status: resource.status.word(),
        version: or_blank(&facet.version),
        datastores: facet.datastores.iter().map(datastore).collect(),
        backup_jobs: &facet.backup_jobs,
        sync_jobs: &facet.sync_jobs,
        verify_jobs: &facet.verify_jobs,
        prune_jobs: &facet.prune_jobs,
        garbage_jobs: &facet.garbage_jobs,
        job_health_evidence: &facet.job_health_evidence,
        connection_health: or_blank(&facet.connection_health),
        last_seen: resource.last_seen,
        node_name: facet.hostname.as_deref(),
        guest_url: facet.guest_url.as_deref(),
        cpu: percent(resource.metrics.cpu.as_ref()),
        memory: percent(memory),
        memory_used,
        memory_total,
        uptime: facet.uptime_seconds.or(resource.uptime),
    }
}

fn datastore(datastore: &PbsDatastore) -> Datastore<'_> {
    Datastore {
        name: &datastore.name,
        total: datastore.total,
        used: datastore.used,
        free: datastore.available,
        usage: datastore.usage_percent,
        status: &datastore.status,
        error: datastore.error.as_deref(),
        namespaces: &datastore.namespaces,
        deduplication_factor: datastore.deduplication_factor,
    }
}
