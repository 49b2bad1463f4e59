//! `pmg`: Proxmox Mail Gateways.

use jiff::Timestamp;

use pulse_model::Resource;
use pulse_model::facet::pmg::{
    Pmg, PmgDomainStat, PmgMailCount, PmgMailStats, PmgNode, PmgQuarantine, PmgRelayDomain,
    PmgSpamBucket,
};

use super::shape::{element, or_blank};

element! {
    /// A mail gateway.
    PmgInstance<'a> {
        told {
            id: &'a str,
            name: &'a str,
            host: &'a str,
            status: &'static str,
            version: &'a str,
            nodes: &'a [PmgNode],
            mail_count: &'a [PmgMailCount],
            spam_distribution: &'a [PmgSpamBucket],
            relay_domains: &'a [PmgRelayDomain],
            domain_stats: &'a [PmgDomainStat],
            connection_health: &'a str,
            last_seen: Timestamp,
            last_updated: Timestamp,
        }
        maybe {
            #[serde(rename = "guestURL")]
            guest_url: &'a str,
            mail_stats: &'a PmgMailStats,
            quarantine: &'a PmgQuarantine,
            domain_stats_as_of: Timestamp,
        }
    }
}

/// Returns the element of a mail gateway.
pub(super) fn pmg<'a>(resource: &'a Resource, facet: &'a Pmg) -> PmgInstance<'a> {
    PmgInstance {
        id: resource.id.as_str(),
        name: &resource.name,
        host: or_blank(&facet.host_url),
        status: resource.status.word(),
        version: or_blank(&facet.version),
        nodes: &facet.nodes,
        mail_count: &facet.mail_count,
        spam_distribution: &facet.spam_distribution,
        relay_domains: &facet.relay_domains,
        domain_stats: &facet.domain_stats,
        connection_health: or_blank(&facet.connection_health),
        last_seen: resource.last_seen,
        last_updated: facet.last_updated.unwrap_or(resource.last_seen),
        guest_url: facet.guest_url.as_deref(),
        mail_stats: facet.mail_stats.as_ref(),
        quarantine: facet.quarantine.as_ref(),
        domain_stats_as_of: facet.domain_stats_as_of,
    }
}
