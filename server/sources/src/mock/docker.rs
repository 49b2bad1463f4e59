//! Container engines: their machines, containers, services, and the rest of what they keep.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use pulse_model::facet::Docker;
use pulse_model::facet::Labels;
use pulse_model::facet::docker::{
    DockerContainer, DockerEngine, DockerLink, DockerObject, DockerPort, DockerService,
    DockerStorageShare, DockerSubnet, DockerSwarm, DockerUpdate,
};
use pulse_model::{
    Bytes, BytesPerSecond, Facets, Kind, MetricValue, Metrics, Observation, Outcome, Percent,
    Scope, Seconds, Sighting, SourceId, SourceKind, Status,
};

use super::machine::{self, Machine, SYSTEMS};
use super::name;
use super::world::{GIB, MARK, World};

/// What an engine has besides containers.
pub(super) const BESIDES: usize = 13;
const IMAGES: [&str; 8] = [
    "nginx:1.29",
    "postgres:17",
    "redis:8",
    "grafana/grafana:12.1",
    "traefik:3.5",
    "ghcr.io/example/worker:2.4",
    "rabbitmq:4",
    "ghcr.io/example/api:7.1",
];

/// Returns what the `index`-th engine's agent reports.
pub(super) fn observe(world: &World, index: usize, at: Timestamp) -> Vec<Observation> {
    let name = format!("{}-docker{}", name::site(index), index / 16 + 1);
    let host = Host {
        world,
        engine: format!("mock-engine-{name}"),
        name,
        index,
        at,
    };
    // One engine in eight is known without an agent on its machine.
    if index % 8 == 7 {
        return vec![host.alone()];
    }
    let machine = Machine {
        name: host.name.clone(),
        net: 160,
        index,
        os: SYSTEMS[index % 3],
    };
    let mut others = host.everything("host");
    others.extend(machine::disks(world, &machine, at));
    let facets = Facets {
        docker: Some(Arc::new(host.facet())),
        ..Facets::default()
    };
    vec![machine::report(world, &machine, at, facets, others)]
}

struct Host<'a> {
    world: &'a World,
    engine: String,
    name: String,
    index: usize,
    at: Timestamp,
}

impl Host<'_> {
    /// Returns the engine and everything on it as a source of its own.
    fn alone(&self) -> Observation {
        let engine = Sighting {
            metrics: Metrics {
                cpu: Some(MetricValue::percent(Percent(
                    self.world.busy(&self.name, self.at),
                ))),
                ..Metrics::default()
            },
            uptime: Some(self.world.uptime(&self.name, self.at)),
            tags: vec![MARK.to_owned()],
            facets: Facets {
                docker: Some(Arc::new(self.facet())),
                ..Facets::default()
            },
            ..Sighting::new(Kind::DockerHost, "engine", self.name.clone())
        };
        let mut sightings = vec![engine];
        sightings.extend(self.everything("engine"));
        Observation {
            source: SourceId::new(SourceKind::Docker, &self.engine),
            at: self.at,
            interval: self.world.interval,
            outcome: Outcome::Slice {
                scope: Scope::new("engine"),
                sightings,
            },
        }
    }

    fn is_swarm(&self) -> bool {
        self.index.is_multiple_of(4)
    }

    fn origin(&self) -> Docker {
        Docker {
            host_source_id: Some(self.engine.clone()),
            hostname: Some(self.name.clone()),
            runtime: Some(
                (if self.index % 3 == 2 {
                    "podman"
                } else {
                    "docker"
                })
                .to_owned(),
            ),
            ..Docker::default()
        }
    }

    fn facet(&self) -> Docker {
        let curves = self.world.curves;
        let share = |count: usize, gib: u64| DockerStorageShare {
            total_count: Some(count as u64),
            active_count: Some(count as u64 * 2 / 3),
            total_size_bytes: Some(Bytes(gib * GIB)),
            reclaimable_bytes: Some(Bytes(gib * GIB / 5)),
        };
        let containers = self.world.config.docker_containers_per_host;
        let engine = DockerEngine {
            display_name: Some(self.name.clone()),
            kernel_version: Some("6.12.41".to_owned()),
            runtime_version: Some("28.3.3".to_owned()),
            docker_version: Some("28.3.3".to_owned()),
            agent_version: Some("0.1.0".to_owned()),
            interval_seconds: Some(Seconds(self.world.interval.as_secs())),
            cpus: Some(*curves.pick(&self.name, "cores", &[4, 8, 12, 16, 32])),
            total_memory_bytes: Some(Bytes(
                *curves.pick(&self.name, "memory", &[8u64, 16, 32, 64, 128]) * GIB,
            )),
            uptime_seconds: Some(self.world.uptime(&self.name, self.at)),
            container_count: Some(containers as u64),
            image_count: Some(3),
            volume_count: Some(2),
            network_count: Some(2),
            images_usage: Some(share(3, 14)),
            containers_usage: Some(share(containers, 3)),
            volumes_usage: Some(share(2, 22)),
            build_cache_usage: Some(share(9, 6)),
            swarm: self.is_swarm().then(|| DockerSwarm {
                node_id: Some(format!("{:016x}", curves.fixed(&self.name, "swarm"))),
                node_role: Some("manager".to_owned()),
                local_state: Some("active".to_owned()),
                control_available: true,
                cluster_name: Some("mock-swarm".to_owned()),
                ..DockerSwarm::default()
            }),
            ..DockerEngine::default()
        };
        Docker {
            os: Some("Debian GNU/Linux 13".to_owned()),
            architecture: Some("x86_64".to_owned()),
            engine: Some(Box::new(engine)),
            ..self.origin()
        }
    }

    fn everything(&self, parent: &str) -> Vec<Sighting> {
        let count = self.world.config.docker_containers_per_host;
        let mut found: Vec<Sighting> = (0..count).map(|index| self.container(index)).collect();
        found.extend(self.objects());
        if self.is_swarm() {
            found.extend(self.swarm());
        }
        for sighting in &mut found {
            sighting.parent = Some(parent.into());
        }
        found
    }

    fn container(&self, index: usize) -> Sighting {
        let (world, at) = (self.world, self.at);
        let curves = world.curves;
        let name = format!("{}-{}", name::job(index), self.index + 1);
        let key = format!("{}/{name}", self.name);
        let runs = world.runs(&key, at);
        let trouble = curves.share(&key, "trouble");
        let is_troubled = trouble < 0.08;
        let status = match (runs, is_troubled) {
            (false, _) => Status::Offline,
            (true, true) => Status::Warning,
            (true, false) => Status::Online,
        };
        let up = SignedDuration::from_secs(world.uptime(&key, at).0 as i64);
        let started = at.checked_sub(up).ok();
        let parts = [curves.fixed(&key, "id"), curves.fixed(&key, "id2")];
        let id = format!("{:016x}{:016x}", parts[0], parts[1]);
        let container = DockerContainer {
            created_at: started,
            ..self.container_facts(&key, index, runs, trouble)
        };
        let facet = Docker {
            image: Some((*curves.pick(&key, "image", &IMAGES)).to_owned()),
            container_id: Some(id.clone()),
            started_at: started.filter(|_| runs),
            labels: Labels::from([
                (
                    "com.docker.compose.project".to_owned(),
                    name::job(index % 5),
                ),
                ("pulse.mock".to_owned(), "true".to_owned()),
            ]),
            container: Some(Box::new(container)),
            ..self.origin()
        };
        let metrics = if runs {
            self.container_metrics(&key)
        } else {
            Metrics::default()
        };
        Sighting {
            technology: facet.runtime.clone(),
            status: Some(status),
            metrics,
            uptime: runs.then(|| world.uptime(&key, at)),
            ..self.made(Kind::AppContainer, format!("container/{id}"), name, facet)
        }
    }

    /// Of a hundred that run, five are unhealthy and three restart again and again.
    fn container_facts(
        &self,
        key: &str,
        index: usize,
        runs: bool,
        trouble: f64,
    ) -> DockerContainer {
        let (curves, at) = (self.world.curves, self.at);
        let is_unhealthy = trouble < 0.05;
        let loops = runs && (0.05..0.08).contains(&trouble);
        let state = match (runs, loops) {
            (false, _) => "exited",
            (true, true) => "restarting",
            (true, false) => "running",
        };
        let update = DockerUpdate {
            update_available: true,
            last_checked: Some(at),
            ..DockerUpdate::default()
        };
        let health = if is_unhealthy { "unhealthy" } else { "healthy" };
        DockerContainer {
            container_state: Some(state.to_owned()),
            container_status: Some((if runs { "Up" } else { "Exited (0)" }).to_owned()),
            health: runs.then(|| health.to_owned()),
            restart_count: Some(if loops {
                17
            } else {
                curves.between(key, "restarts", 0, 2)
            }),
            exit_code: Some(if !runs && trouble < 0.3 { 137 } else { 0 }),
            oom_killed: Some(!runs && trouble < 0.1),
            cpu_raw_percent: runs.then(|| Percent(100.0 * curves.load(key, "cpu", at))),
            finished_at: (!runs).then_some(at),
            ports: vec![DockerPort {
                private_port: *curves.pick(key, "port", &[80, 443, 3000, 5432, 8080]),
                protocol: "tcp".to_owned(),
                public_port: Some(20_000 + index as u32),
                ip: Some("0.0.0.0".to_owned()),
            }],
            networks: vec![DockerLink {
                name: "bridge".to_owned(),
                ipv4: Some(format!("172.17.{}.{}", index / 250, index % 250 + 2)),
                ipv6: None,
            }],
            update_status: (trouble > 0.8).then(|| Box::new(update)),
            ..DockerContainer::default()
        }
    }

    fn container_metrics(&self, key: &str) -> Metrics {
        let (world, at) = (self.world, self.at);
        let limit = *world
            .curves
            .pick(key, "limit", &[256u64, 512, 1_024, 2_048])
            << 20;
        let used = limit as f64 * (0.1 + 0.8 * world.curves.load(key, "memory", at));
        let rate = |what: &str, per_second: f64| {
            let load = world.curves.load(key, what, at);
            Some(MetricValue::rate(BytesPerSecond(
                (per_second * load).round(),
            )))
        };
        Metrics {
            cpu: Some(MetricValue::percent(Percent(world.busy(key, at) / 4.0))),
            memory: MetricValue::share(Bytes(used as u64), Bytes(limit)),
            net_in: rate("rx", 120_000.0),
            net_out: rate("tx", 90_000.0),
            disk_read: rate("read", 60_000.0),
            disk_write: rate("write", 80_000.0),
            ..Metrics::default()
        }
    }

    fn made(&self, kind: Kind, native: String, name: String, facet: Docker) -> Sighting {
        Sighting {
            tags: vec![MARK.to_owned()],
            facets: Facets {
                docker: Some(Arc::new(facet)),
                ..Facets::default()
            },
            ..Sighting::new(kind, native, name)
        }
    }

    fn object(&self, kind: Kind, name: String, object: DockerObject, facet: Docker) -> Sighting {
        let facet = Docker {
            object: Some(Box::new(object)),
            ..facet
        };
        self.made(kind, format!("{}/{name}", kind.word()), name, facet)
    }

    fn objects(&self) -> Vec<Sighting> {
        let image = |image: &&str| {
            let object = DockerObject {
                repo_tags: vec![(*image).to_owned()],
                size_bytes: Some(Bytes(
                    self.world.curves.between(image, "size", 40, 900) << 20,
                )),
                image_containers: Some(2),
                ..DockerObject::default()
            };
            let facet = Docker {
                image_id: Some(format!(
                    "sha256:{:064x}",
                    self.world.curves.fixed(image, "id")
                )),
                ..self.origin()
            };
            self.object(Kind::DockerImage, (*image).to_owned(), object, facet)
        };
        let volume = |volume: &&str| {
            let object = DockerObject {
                volume_name: Some((*volume).to_owned()),
                driver: Some("local".to_owned()),
                scope: Some("local".to_owned()),
                mountpoint: Some(format!("/var/lib/docker/volumes/{volume}/_data")),
                ..DockerObject::default()
            };
            self.object(
                Kind::DockerVolume,
                (*volume).to_owned(),
                object,
                self.origin(),
            )
        };
        let network = |network: &&str| {
            let object = DockerObject {
                network_id: Some(format!(
                    "{:032x}",
                    self.world.curves.fixed(&self.name, network)
                )),
                driver: Some("bridge".to_owned()),
                scope: Some("local".to_owned()),
                enable_ipv4: Some(true),
                subnets: vec![DockerSubnet {
                    subnet: Some("172.17.0.0/16".to_owned()),
                    gateway: Some("172.17.0.1".to_owned()),
                }],
                ..DockerObject::default()
            };
            self.object(
                Kind::DockerNetwork,
                (*network).to_owned(),
                object,
                self.origin(),
            )
        };
        let images = IMAGES[..3].iter().map(image);
        let volumes = ["database", "uploads"].iter().map(volume);
        let networks = ["bridge", "backend"].iter().map(network);
        images.chain(volumes).chain(networks).collect()
    }

    fn of_service(&self, service_id: &str) -> Docker {
        Docker {
            image: Some(IMAGES[0].to_owned()),
            service_id: Some(service_id.to_owned()),
            service_name: Some("edge".to_owned()),
            object_created_at: Some(self.at),
            ..self.origin()
        }
    }

    fn service(&self, service_id: &str) -> Sighting {
        let service = DockerService {
            stack: Some("edge".to_owned()),
            mode: Some("replicated".to_owned()),
            desired_tasks: Some(2),
            running_tasks: Some(1),
            completed_tasks: Some(0),
            ..DockerService::default()
        };
        let facet = Docker {
            service: Some(Box::new(service)),
            ..self.of_service(service_id)
        };
        let native = format!("service/{service_id}");
        Sighting {
            status: Some(Status::Warning),
            ..self.made(Kind::DockerService, native, "edge".to_owned(), facet)
        }
    }

    fn swarm(&self) -> Vec<Sighting> {
        let service_id = format!("{:016x}", self.world.curves.fixed(&self.name, "service"));
        let task = DockerObject {
            task_id: Some(format!("{service_id}1")),
            slot: Some(1),
            desired_state: Some("running".to_owned()),
            current_state: Some("running".to_owned()),
            node_name: Some(self.name.clone()),
            ..DockerObject::default()
        };
        let node = DockerObject {
            node_id: Some(format!(
                "{:016x}",
                self.world.curves.fixed(&self.name, "swarm")
            )),
            node_role: Some("manager".to_owned()),
            node_state: Some("ready".to_owned()),
            availability: Some("active".to_owned()),
            leader: Some(true),
            ..DockerObject::default()
        };
        let secret = DockerObject {
            secret_name: Some("tls-key".to_owned()),
            ..DockerObject::default()
        };
        let config = DockerObject {
            config_name: Some("edge-routes".to_owned()),
            ..DockerObject::default()
        };
        let of_service = self.of_service(&service_id);
        vec![
            self.service(&service_id),
            self.object(Kind::DockerTask, "edge.1".to_owned(), task, of_service),
            self.object(
                Kind::DockerSwarmNode,
                self.name.clone(),
                node,
                self.origin(),
            ),
            self.object(
                Kind::DockerSecret,
                "tls-key".to_owned(),
                secret,
                self.origin(),
            ),
            self.object(
                Kind::DockerConfig,
                "edge-routes".to_owned(),
                config,
                self.origin(),
            ),
        ]
    }
}
