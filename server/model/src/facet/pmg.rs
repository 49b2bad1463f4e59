//! A Proxmox Mail Gateway: its nodes, its queues, its mail.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use crate::units::Seconds;

facts! {
    /// A mail gateway.
    pub struct Pmg {
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
            /// Its nodes, counted.
            node_count: u64,
            /// Seconds since it started.
            uptime_seconds: Seconds,
            /// Mail being delivered.
            queue_active: u64,
            /// Mail to be tried again.
            queue_deferred: u64,
            /// Mail held back.
            queue_hold: u64,
            /// Mail coming in.
            queue_incoming: u64,
            /// All of it.
            queue_total: u64,
            /// Messages of the window.
            mail_count_total: f64,
            /// Spam that came in.
            spam_in: f64,
            /// Viruses that came in.
            virus_in: f64,
            /// How the connection is.
            connection_health: String,
            /// When it was last read.
            last_updated: Timestamp,
            /// Its mail over the window.
            mail_stats: PmgMailStats,
            /// What it holds in quarantine.
            quarantine: PmgQuarantine,
            /// When the domains were counted.
            domain_stats_as_of: Timestamp,
        }
        some {
            /// Its nodes.
            nodes: Vec<PmgNode>,
            /// Its mail hour by hour.
            mail_count: Vec<PmgMailCount>,
            /// Its spam by score.
            spam_distribution: Vec<PmgSpamBucket>,
            /// Domains it relays for.
            relay_domains: Vec<PmgRelayDomain>,
            /// Its mail by domain.
            domain_stats: Vec<PmgDomainStat>,
        }
    }

    /// A node of a mail gateway.
    pub struct PmgNode {
        told {
            /// Its name.
            name: String,
            /// How it is.
            status: String,
        }
        maybe {
            /// `master` or `node`.
            role: String,
            /// Seconds since it started.
            uptime: Seconds,
            /// Its load, as text.
            load_avg: String,
            /// Its queues.
            queue_status: PmgQueue,
        }
    }

    /// The queues of a node.
    pub struct PmgQueue {
        told {
            /// Being delivered.
            active: u64,
            /// To be tried again.
            deferred: u64,
            /// Held back.
            hold: u64,
            /// Coming in.
            incoming: u64,
            /// All of it.
            total: u64,
            /// Age of the oldest, in seconds.
            oldest_age: Seconds,
        }
        maybe {
            /// When it was read.
            updated_at: Timestamp,
        }
    }

    /// Mail over a window.
    pub struct PmgMailStats {
        told {
            /// The window: `hour`, `day`.
            timeframe: String,
            /// Messages.
            count_total: f64,
            /// Messages in.
            count_in: f64,
            /// Messages out.
            count_out: f64,
            /// Spam in.
            spam_in: f64,
            /// Spam out.
            spam_out: f64,
            /// Viruses in.
            virus_in: f64,
            /// Viruses out.
            virus_out: f64,
            /// Bounces in.
            bounces_in: f64,
            /// Bounces out.
            bounces_out: f64,
            /// Bytes in.
            bytes_in: f64,
            /// Bytes out.
            bytes_out: f64,
            /// Greylisted.
            greylist_count: f64,
            /// Junk in.
            junk_in: f64,
            /// Milliseconds per message.
            average_process_time_ms: f64,
            /// Refused by a block list.
            rbl_rejects: f64,
            /// Refused for speaking first.
            pregreet_rejects: f64,
            /// When it was counted.
            updated_at: Timestamp,
        }
    }

    /// Mail of one hour or day.
    pub struct PmgMailCount {
        told {
            /// Its time.
            timestamp: Timestamp,
            /// Messages.
            count: f64,
            /// Messages in.
            count_in: f64,
            /// Messages out.
            count_out: f64,
            /// Spam in.
            spam_in: f64,
            /// Spam out.
            spam_out: f64,
            /// Viruses in.
            virus_in: f64,
            /// Viruses out.
            virus_out: f64,
            /// Refused by a block list.
            rbl_rejects: f64,
            /// Refused for speaking first.
            pregreet: f64,
            /// Bounces in.
            bounces_in: f64,
            /// Bounces out.
            bounces_out: f64,
            /// Greylisted.
            greylist: f64,
            /// Its place.
            index: u32,
            /// `hour` or `day`.
            timeframe: String,
        }
        maybe {
            /// When it starts.
            window_start: Timestamp,
            /// When it ends.
            window_end: Timestamp,
        }
    }

    /// Spam of one score.
    pub struct PmgSpamBucket {
        told {
            /// The score.
            score: String,
            /// Messages.
            count: f64,
        }
    }

    /// What is in quarantine.
    pub struct PmgQuarantine {
        told {
            /// Spam.
            spam: u64,
            /// Viruses.
            virus: u64,
            /// Attachments.
            attachment: u64,
            /// From senders nobody wants.
            blacklisted: u64,
        }
    }

    /// A domain mail is relayed for.
    pub struct PmgRelayDomain {
        told {
            /// Its name.
            domain: String,
        }
        maybe {
            /// What its operator wrote.
            comment: String,
        }
    }

    /// Mail of one domain.
    pub struct PmgDomainStat {
        told {
            /// Its name.
            domain: String,
            /// Messages.
            mail_count: f64,
            /// Spam.
            spam_count: f64,
            /// Viruses.
            virus_count: f64,
        }
        maybe {
            /// Bytes.
            bytes: f64,
        }
    }
}
