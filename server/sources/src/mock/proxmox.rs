//! Proxmox VE: clusters of nodes, their guests, storages and disks, and Ceph under the first.

use std::sync::Arc;

use jiff::Timestamp;

use pulse_model::facet::ceph::{Ceph, CephCheck, CephDaemons, CephPool};
use pulse_model::facet::proxmox::{CpuModel, Proxmox, ProxmoxGuest, ProxmoxNode};
use pulse_model::facet::storage::Storage;
use pulse_model::facet::temperature::{CoreTemperature, Temperature};
use pulse_model::facet::zfs::{ZfsDevice, ZfsPool};
use pulse_model::{
    Bytes, BytesPerSecond, Celsius, Facets, Identity, Kind, MetricValue, Metrics, Observation,
    Outcome, Percent, Scope, Sighting, SourceId, SourceKind, Status,
};

use super::machine::{self, Machine, SYSTEMS};
use super::name;
use super::world::{GIB, MARK, World};

/// Nodes of one cluster.
pub(super) const NODES_PER_CLUSTER: usize = 8;
/// What a node has besides guests: storages, disks, and a share of what its cluster has.
pub(super) const BESIDES: usize = 5;
/// Of so many virtual machines, one has an agent of its own.
const ONE_WITH_AGENT: usize = 6;

/// Returns what a cluster's connection sees, and what agents in its guests report.
pub(super) fn observe(world: &World, cluster: usize, at: Timestamp) -> Vec<Observation> {
    let connection = format!("mock-{}", name::site(cluster));
    let first = cluster * NODES_PER_CLUSTER;
    let last = (first + NODES_PER_CLUSTER).min(world.config.node_count);
    let place = |node: usize| Place {
        world,
        connection: &connection,
        cluster,
        node,
        name: format!("{}-pve{}", name::site(cluster), node - first + 1),
        at,
    };
    let places: Vec<Place> = (first..last).map(place).collect();
    let slice = |scope: String, sightings: Vec<Sighting>| Observation {
        source: SourceId::new(SourceKind::Proxmox, &connection),
        at,
        interval: world.interval,
        outcome: Outcome::Slice {
            scope: Scope::new(scope),
            sightings,
        },
    };
    let nodes = places.iter().map(Place::machine).collect();
    let mut seen = vec![slice("nodes".to_owned(), nodes)];
    if cluster == 0 {
        seen.push(slice("ceph".to_owned(), vec![ceph(world, &connection, at)]));
    }
    for place in &places {
        seen.push(slice(format!("guests/{}", place.name), place.guests()));
        seen.push(slice(format!("storage/{}", place.name), place.storages()));
        seen.push(slice(format!("disks/{}", place.name), place.disks()));
        seen.extend(place.agents());
    }
    seen
}

/// A node and where it is.
struct Place<'a> {
    world: &'a World,
    connection: &'a str,
    cluster: usize,
    node: usize,
    name: String,
    at: Timestamp,
}

impl Place<'_> {
    fn native(&self) -> String {
        format!("node/{}", self.name)
    }

    fn proxmox(&self) -> Proxmox {
        Proxmox {
            source_id: Some(format!("{}-{}", self.connection, self.name)),
            instance: Some(self.connection.to_owned()),
            node_name: Some(self.name.clone()),
            cluster_name: Some(name::site(self.cluster)),
            connection_health: Some("healthy".to_owned()),
            ..Proxmox::default()
        }
    }

    fn machine(&self) -> Sighting {
        let (world, at, name) = (self.world, self.at, self.name.as_str());
        let curves = world.curves;
        let gib = *curves.pick(name, "memory", &[64u64, 128, 256, 512]);
        let used = (gib * GIB) as f64 * (0.3 + 0.55 * curves.load(name, "memory", at));
        let root = (94 * GIB) as f64 * world.fill(name, at);
        let busy = world.busy(name, at);
        let degrees = 38.0 + 0.4 * busy;
        let cores = *curves.pick(name, "cores", &[16u32, 24, 32, 64]);
        let node = ProxmoxNode {
            node_identity: Some(format!("{:016x}", curves.fixed(name, "identity"))),
            is_cluster_member: Some(true),
            host: Some(format!("https://{name}.mock.invalid:8006")),
            temperature: Some(Celsius(degrees)),
            temperature_details: Some(temperature(degrees, at)),
            pve_version: Some("9.0.10".to_owned()),
            kernel_version: Some("6.14.11-2-pve".to_owned()),
            cpu_info: Some(CpuModel {
                model: "Invented CPU 2.9 GHz".to_owned(),
                cores,
                sockets: 2,
                mhz: Some("2900".to_owned()),
            }),
            pending_updates: Some(curves.between(name, "updates", 0, 40)),
            pending_updates_checked_at: Some(at),
            load_average: vec![busy * f64::from(cores) / 100.0; 3],
            ..ProxmoxNode::default()
        };
        let used = Bytes(used as u64);
        Sighting {
            identity: Identity {
                hostnames: vec![name.to_owned()],
                ip_addresses: vec![name::address(self.cluster, 60_000 + self.node)],
                cluster_name: Some(name::site(self.cluster)),
                ..Identity::default()
            },
            metrics: Metrics {
                cpu: Some(MetricValue::percent(Percent(busy))),
                memory: MetricValue::share(used, Bytes(gib * GIB)),
                disk: MetricValue::share(Bytes(root as u64), Bytes(94 * GIB)),
                net_in: Some(self.rate(name, "rx", 4e6)),
                net_out: Some(self.rate(name, "tx", 3e6)),
                ..Metrics::default()
            },
            uptime: Some(world.uptime(name, at)),
            temperature: Some(Celsius(degrees)),
            tags: vec![MARK.to_owned()],
            facets: Facets {
                proxmox: Some(Arc::new(Proxmox {
                    cpus: Some(cores),
                    uptime: Some(world.uptime(name, at)),
                    node: Some(Box::new(node)),
                    ..self.proxmox()
                })),
                ..Facets::default()
            },
            ..Sighting::new(Kind::Agent, self.native(), name)
        }
    }

    fn rate(&self, key: &str, what: &str, per_second: f64) -> MetricValue {
        let load = self.world.curves.load(key, what, self.at);
        MetricValue::rate(BytesPerSecond((per_second * load).round()))
    }

    fn guests(&self) -> Vec<Sighting> {
        let config = &self.world.config;
        let vms = (0..config.vms_per_node).map(|index| self.guest(Kind::Vm, index));
        let lxcs = (0..config.lxcs_per_node).map(|index| self.guest(Kind::SystemContainer, index));
        vms.chain(lxcs).collect()
    }

    fn guest_name(&self, kind: Kind, index: usize) -> String {
        let letter = if kind == Kind::Vm { "vm" } else { "ct" };
        format!("{}-{letter}-{}", name::job(index), self.node + 1)
    }

    fn vmid(&self, kind: Kind, index: usize) -> u32 {
        let of_node = self.node % NODES_PER_CLUSTER * 4_000;
        let of_kind = if kind == Kind::Vm { 0 } else { 2_000 };
        u32::try_from(100 + of_node + of_kind + index).unwrap_or(u32::MAX)
    }

    fn guest(&self, kind: Kind, index: usize) -> Sighting {
        let (world, at) = (self.world, self.at);
        let name = self.guest_name(kind, index);
        let vmid = self.vmid(kind, index);
        let word = if kind == Kind::Vm { "qemu" } else { "lxc" };
        let runs = world.runs(&name, at);
        let (os, release, _) = *world.curves.pick(&name, "os", &SYSTEMS);
        let guest = ProxmoxGuest {
            vmid,
            pool: Some(
                (if index.is_multiple_of(3) {
                    "infra"
                } else {
                    "apps"
                })
                .to_owned(),
            ),
            container_type: (kind != Kind::Vm).then(|| word.to_owned()),
            template: Some(false),
            on_boot: Some(index % 5 != 4),
            last_backup: self.last_backup(&name),
            guest_agent_status: (kind == Kind::Vm && runs).then(|| "running".to_owned()),
            guest_agent_expected: (kind == Kind::Vm).then_some(true),
            os_name: Some(os.to_owned()),
            os_version: Some(release.to_owned()),
            has_docker: (kind != Kind::Vm).then_some(index.is_multiple_of(4)),
            ..ProxmoxGuest::default()
        };
        let uptime = runs.then(|| world.uptime(&name, at));
        Sighting {
            technology: Some(word.to_owned()),
            parent: Some(self.native().into()),
            status: Some(if runs {
                Status::Online
            } else {
                Status::Offline
            }),
            identity: Identity {
                machine_id: None,
                hostnames: vec![name.clone()],
                ip_addresses: vec![name::address(self.cluster, vmid as usize)],
                mac_addresses: vec![name::mac(self.cluster, vmid as usize)],
                cluster_name: Some(name::site(self.cluster)),
                proxmox_guest_key: Some(format!("{}/{vmid}", name::site(self.cluster))),
                ..Identity::default()
            },
            metrics: self.guest_metrics(&name, runs),
            uptime,
            tags: vec![MARK.to_owned(), name::job(index % 6)],
            facets: Facets {
                proxmox: Some(Arc::new(Proxmox {
                    runtime_status: Some((if runs { "running" } else { "stopped" }).to_owned()),
                    cpus: Some(*world.curves.pick(&name, "cores", &[1, 2, 4, 8])),
                    uptime,
                    guest: Some(Box::new(guest)),
                    ..self.proxmox()
                })),
                ..Facets::default()
            },
            ..Sighting::new(kind, format!("{word}/{vmid}"), name)
        }
    }

    fn last_backup(&self, name: &str) -> Option<Timestamp> {
        let curves = self.world.curves;
        let has_any = curves.share(name, "backed up") < 0.85;
        let nights = if curves.share(name, "backup late") < 0.1 {
            9
        } else {
            0
        };
        let last_night = self.at.as_second().div_euclid(86_400) * 86_400 + 7_200;
        let minute = curves.between(name, "backup minute", 0, 180) as i64;
        let second = last_night - 86_400 * (nights + 1) + minute * 60;
        has_any
            .then(|| Timestamp::from_second(second).ok())
            .flatten()
    }

    fn guest_metrics(&self, name: &str, runs: bool) -> Metrics {
        let (world, at) = (self.world, self.at);
        let gib = *world.curves.pick(name, "memory", &[1u64, 2, 4, 8, 16]);
        let disk = *world.curves.pick(name, "disk", &[8u64, 16, 32, 64, 128]) * GIB;
        let full = MetricValue::share(
            Bytes((disk as f64 * world.fill(name, at)) as u64),
            Bytes(disk),
        );
        if !runs {
            return Metrics {
                disk: full,
                ..Metrics::default()
            };
        }
        let used = (gib * GIB) as f64 * (0.2 + 0.7 * world.curves.load(name, "memory", at));
        Metrics {
            cpu: Some(MetricValue::percent(Percent(world.busy(name, at)))),
            memory: MetricValue::share(Bytes(used as u64), Bytes(gib * GIB)),
            disk: full,
            net_in: Some(self.rate(name, "rx", 600_000.0)),
            net_out: Some(self.rate(name, "tx", 400_000.0)),
            disk_read: Some(self.rate(name, "read", 900_000.0)),
            disk_write: Some(self.rate(name, "write", 700_000.0)),
        }
    }

    /// Agents that some virtual machines run: the same machine, seen from inside.
    fn agents(&self) -> impl Iterator<Item = Observation> + '_ {
        let with_agent = (0..self.world.config.vms_per_node).step_by(ONE_WITH_AGENT);
        let with_agent = with_agent.map(|index| (index, self.guest_name(Kind::Vm, index)));
        let running = with_agent.filter(|(_, name)| self.world.runs(name, self.at));
        running.map(|(index, name)| {
            let machine = Machine {
                os: *self.world.curves.pick(&name, "os", &SYSTEMS),
                net: self.cluster,
                index: self.vmid(Kind::Vm, index) as usize,
                name,
            };
            machine::report(self.world, &machine, self.at, Facets::default(), Vec::new())
        })
    }

    fn storages(&self) -> Vec<Sighting> {
        let local = Storage {
            kind: Some("dir".to_owned()),
            content: Some("iso,vztmpl,backup".to_owned()),
            path: Some("/var/lib/vz".to_owned()),
            ..Storage::default()
        };
        let pool = self.pool();
        let zfs = Storage {
            kind: Some("zfspool".to_owned()),
            content: Some("images,rootdir".to_owned()),
            is_zfs: true,
            pool: Some("tank".to_owned()),
            zfs_pool_state: Some(pool.state.clone()),
            zfs_read_errors: Some(pool.read_errors),
            zfs_write_errors: Some(pool.write_errors),
            zfs_checksum_errors: Some(pool.checksum_errors),
            zfs_pool: Some(pool),
            ..Storage::default()
        };
        vec![
            self.storage("local", 180, local),
            self.storage("tank", 7_200, zfs),
        ]
    }

    fn pool(&self) -> ZfsPool {
        let curves = self.world.curves;
        let is_degraded = curves.share(&self.name, "pool") < 0.12;
        let device = |number: usize| ZfsDevice {
            name: format!("sd{}", (b'b' + number as u8) as char),
            kind: "disk".to_owned(),
            state: (if is_degraded && number == 0 {
                "FAULTED"
            } else {
                "ONLINE"
            })
            .to_owned(),
            read_errors: if is_degraded && number == 0 { 14 } else { 0 },
            parent: Some("mirror-0".to_owned()),
            ..ZfsDevice::default()
        };
        ZfsPool {
            name: "tank".to_owned(),
            state: (if is_degraded { "DEGRADED" } else { "ONLINE" }).to_owned(),
            status: String::new(),
            scan: "scrub repaired 0B".to_owned(),
            read_errors: if is_degraded { 14 } else { 0 },
            devices: vec![device(0), device(1)],
            ..ZfsPool::default()
        }
    }

    fn storage(&self, name: &str, gib: u64, facet: Storage) -> Sighting {
        let key = format!("{}/{name}", self.name);
        let total = gib * GIB;
        let used = (total as f64 * self.world.fill(&key, self.at)) as u64;
        let is_degraded = facet.zfs_pool_state.as_deref() == Some("DEGRADED");
        let content = facet.content.as_deref().unwrap_or_default();
        let facet = Storage {
            enabled: true,
            active: true,
            platform: Some("proxmox".to_owned()),
            content_types: content.split(',').map(str::to_owned).collect(),
            nodes: vec![self.name.clone()],
            ..facet
        };
        Sighting {
            technology: facet.kind.clone(),
            parent: Some(self.native().into()),
            status: Some(if is_degraded {
                Status::Warning
            } else {
                Status::Online
            }),
            metrics: Metrics {
                disk: MetricValue::share(Bytes(used), Bytes(total)),
                ..Metrics::default()
            },
            tags: vec![MARK.to_owned()],
            facets: Facets {
                proxmox: Some(Arc::new(self.proxmox())),
                storage: Some(Arc::new(facet)),
                ..Facets::default()
            },
            ..Sighting::new(Kind::Storage, format!("storage/{key}"), name)
        }
    }

    fn disks(&self) -> Vec<Sighting> {
        let disk = |number: usize| {
            let seen = machine::disk(self.world, &self.name, number, self.at);
            let native = format!("disk/{}/{number}", self.name);
            Sighting {
                parent: Some(self.native().into()),
                native: native.into(),
                facets: Facets {
                    proxmox: Some(Arc::new(self.proxmox())),
                    ..seen.facets.clone()
                },
                ..seen
            }
        };
        (0..machine::DISKS).map(disk).collect()
    }
}

fn temperature(degrees: f64, at: Timestamp) -> Temperature {
    let core = |core: u32| CoreTemperature {
        core,
        temp: Celsius(degrees - 1.5 * f64::from(core)),
    };
    Temperature {
        cores: (0..4).map(core).collect(),
        available: true,
        has_cpu: true,
        cpu_package: Some(Celsius(degrees)),
        cpu_max: Some(Celsius(degrees)),
        last_update: Some(at),
        ..Temperature::default()
    }
}

fn ceph(world: &World, connection: &str, at: Timestamp) -> Sighting {
    let total = 42_000 * GIB;
    let used = (total as f64 * world.fill("ceph", at)) as u64;
    let daemons = |kind: &str, running: u32, total: u32| CephDaemons {
        kind: kind.to_owned(),
        running,
        total,
        message: None,
    };
    let pool = |id: i64, name: &str, share: f64| CephPool {
        id,
        name: name.to_owned(),
        stored_bytes: Bytes((used as f64 * share) as u64),
        available_bytes: Bytes((total - used) / 3),
        objects: (used as f64 * share / 4e6) as u64,
        percent_used: Percent(100.0 * used as f64 / total as f64 * share),
    };
    let facet = Ceph {
        health_status: "HEALTH_WARN".to_owned(),
        health_message: Some("1 OSD is down".to_owned()),
        health_checks: vec![CephCheck {
            code: "OSD_DOWN".to_owned(),
            severity: Some("HEALTH_WARN".to_owned()),
            summary: Some("1 OSD is down".to_owned()),
        }],
        num_mons: 3,
        num_mgrs: 2,
        num_osds: 12,
        num_osds_up: 11,
        num_osds_in: 12,
        num_pgs: 256,
        fsid: Some("00000000-feed-4000-8000-000000000001".to_owned()),
        total_bytes: Some(Bytes(total)),
        used_bytes: Some(Bytes(used)),
        available_bytes: Some(Bytes(total - used)),
        last_updated: Some(at),
        pools: vec![pool(1, "vms", 0.7), pool(2, "media", 0.3)],
        services: vec![
            daemons("mon", 3, 3),
            daemons("mgr", 2, 2),
            daemons("osd", 11, 12),
        ],
        ..Ceph::default()
    };
    Sighting {
        status: Some(Status::Warning),
        metrics: Metrics {
            disk: MetricValue::share(Bytes(used), Bytes(total)),
            ..Metrics::default()
        },
        tags: vec![MARK.to_owned()],
        facets: Facets {
            proxmox: Some(Arc::new(Proxmox {
                instance: Some(connection.to_owned()),
                ..Proxmox::default()
            })),
            ceph: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Ceph, "ceph", format!("{connection} ceph"))
    }
}
