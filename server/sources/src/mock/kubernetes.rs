//! Kubernetes: clusters with nodes, pods, deployments, and one of every other object.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use pulse_model::facet::kubernetes::{
    KubeAccess, KubeCluster, KubeConfiguration, KubeEvent, KubeNetwork, KubeNode, KubePod,
    KubePodContainer, KubePolicy, KubeServicePort, KubeStorage, KubeWorkload,
};
use pulse_model::facet::{Kubernetes, Labels};
use pulse_model::{
    Bytes, BytesPerSecond, Facets, Identity, Kind, MetricValue, Metrics, Observation, Outcome,
    Percent, Scope, Seconds, Sighting, SourceId, SourceKind, Status,
};

use super::name;
use super::world::{GIB, MARK, World};

const NAMESPACES: [&str; 4] = ["default", "shop", "data", "monitoring"];
const CLUSTER: &str = "cluster";

/// Returns what a cluster's agent reports.
pub(super) fn observe(world: &World, index: usize, at: Timestamp) -> Vec<Observation> {
    let name = format!("{}-k8s", name::site(index + 3));
    let cluster = Cluster {
        world,
        id: format!("mock-cluster-{name}"),
        name,
        at,
    };
    let config = &world.config;
    let nodes = (0..config.k8s_nodes_per_cluster).map(|node| cluster.node(index, node));
    let mut machines = vec![cluster.whole()];
    machines.extend(nodes);
    let deployments = (0..config.k8s_deployments_per_cluster).map(|at| cluster.deployment(at));
    let mut workloads: Vec<Sighting> = deployments.collect();
    workloads.extend(cluster.objects());
    let pods = (0..config.k8s_pods_per_cluster)
        .map(|pod| cluster.pod(pod))
        .collect();
    let slices = [
        ("machines", machines),
        ("workloads", workloads),
        ("pods", pods),
    ];
    let slices = slices.map(|(scope, sightings)| Observation {
        source: SourceId::new(SourceKind::Kubernetes, &cluster.id),
        at,
        interval: world.interval,
        outcome: Outcome::Slice {
            scope: Scope::new(scope),
            sightings,
        },
    });
    slices.into()
}

struct Cluster<'a> {
    world: &'a World,
    id: String,
    name: String,
    at: Timestamp,
}

impl Cluster<'_> {
    fn origin(&self, kind: &str, key: &str) -> Kubernetes {
        let uid = self
            .world
            .curves
            .fixed(&format!("{}/{key}", self.name), kind);
        let made = SignedDuration::from_secs(86_400 * (1 + (uid % 200) as i64));
        Kubernetes {
            cluster_id: Some(self.id.clone()),
            cluster_name: Some(self.name.clone()),
            resource_uid: Some(format!("{uid:016x}")),
            resource_kind: Some(kind.to_owned()),
            agent_id: Some(format!("mock-{}", self.name)),
            created_at: self.at.checked_sub(made).ok(),
            labels: Labels::from([("pulse.mock".to_owned(), "true".to_owned())]),
            ..Kubernetes::default()
        }
    }

    fn made(&self, kind: Kind, name: &str, facet: Kubernetes) -> Sighting {
        Sighting {
            technology: Some("kubernetes".to_owned()),
            parent: Some(CLUSTER.into()),
            identity: Identity {
                cluster_name: Some(self.name.clone()),
                ..Identity::default()
            },
            tags: vec![MARK.to_owned()],
            facets: Facets {
                kubernetes: Some(Arc::new(facet)),
                ..Facets::default()
            },
            ..Sighting::new(kind, format!("{}/{name}", kind.word()), name)
        }
    }

    fn whole(&self) -> Sighting {
        let cluster = KubeCluster {
            source_name: Some(self.name.clone()),
            server: Some(format!("https://{}.mock.invalid:6443", self.name)),
            context: Some("admin".to_owned()),
            version: Some("v1.34.0".to_owned()),
            agent_version: Some("0.1.0".to_owned()),
            interval_seconds: Some(Seconds(self.world.interval.as_secs())),
            ..KubeCluster::default()
        };
        let facet = Kubernetes {
            cluster: Some(Box::new(cluster)),
            ..self.origin("Cluster", CLUSTER)
        };
        Sighting {
            parent: None,
            native: CLUSTER.into(),
            metrics: self.metrics(&self.name, 64),
            ..self.made(Kind::K8sCluster, &self.name, facet)
        }
    }

    fn metrics(&self, key: &str, gib: u64) -> Metrics {
        let (world, at) = (self.world, self.at);
        let used = (gib * GIB) as f64 * (0.2 + 0.6 * world.curves.load(key, "memory", at));
        let rate = |what: &str| {
            let load = world.curves.load(key, what, at);
            Some(MetricValue::rate(BytesPerSecond(
                (200_000.0 * load).round(),
            )))
        };
        Metrics {
            cpu: Some(MetricValue::percent(Percent(world.busy(key, at)))),
            memory: MetricValue::share(Bytes(used as u64), Bytes(gib * GIB)),
            net_in: rate("rx"),
            net_out: rate("tx"),
            ..Metrics::default()
        }
    }

    fn node_name(&self, node: usize) -> String {
        format!("{}-{}", self.name, node + 1)
    }

    fn node(&self, cluster: usize, node: usize) -> Sighting {
        let name = self.node_name(node);
        let (world, at) = (self.world, self.at);
        let is_ready = world.curves.share(&name, "ready") > 0.06;
        let busy = world.busy(&name, at);
        let role = if node == 0 { "control-plane" } else { "worker" };
        let facts = KubeNode {
            ready: Some(is_ready),
            unschedulable: Some(false),
            kubelet_version: Some("v1.34.0".to_owned()),
            container_runtime_version: Some("containerd://2.1.4".to_owned()),
            os_image: Some("Debian GNU/Linux 13".to_owned()),
            kernel_version: Some("6.12.41".to_owned()),
            architecture: Some("amd64".to_owned()),
            capacity_cpu_cores: Some(16),
            capacity_memory_bytes: Some(Bytes(64 * GIB)),
            capacity_pods: Some(110),
            allocatable_cpu_cores: Some(15),
            allocatable_memory_bytes: Some(Bytes(62 * GIB)),
            allocatable_pods: Some(110),
            roles: vec![role.to_owned()],
            ..KubeNode::default()
        };
        let facet = Kubernetes {
            node_name: Some(name.clone()),
            uptime_seconds: Some(world.uptime(&name, at)),
            usage_cpu_milli_cores: Some((busy * 160.0) as u64),
            node: Some(Box::new(facts)),
            ..self.origin("Node", &name)
        };
        let made = self.made(Kind::K8sNode, &name, facet);
        Sighting {
            status: Some(if is_ready {
                Status::Online
            } else {
                Status::Warning
            }),
            identity: Identity {
                hostnames: vec![name.clone()],
                ip_addresses: vec![name::address(170 + cluster, node)],
                ..made.identity.clone()
            },
            metrics: self.metrics(&name, 64),
            uptime: Some(world.uptime(&name, at)),
            ..made
        }
    }

    fn pod(&self, index: usize) -> Sighting {
        let (world, at) = (self.world, self.at);
        let of = index % self.world.config.k8s_deployments_per_cluster.max(1);
        let name = format!(
            "{}-{:05x}",
            name::job(of),
            world.curves.fixed(&self.name, &format!("pod{index}")) & 0xf_ffff
        );
        let name = format!("{name}-{index}");
        let node = index % world.config.k8s_nodes_per_cluster.max(1);
        let is_running = world.runs(&format!("{}/{name}", self.name), at);
        let is_crashing = world.curves.share(&name, "crash") < 0.03;
        let (phase, reason) = match (is_running, is_crashing) {
            (true, false) => ("Running", None),
            (true, true) => ("Running", Some("CrashLoopBackOff")),
            (false, _) => ("Pending", Some("Unschedulable")),
        };
        let image = format!("ghcr.io/example/{}:1.{}", name::job(of), of);
        let container = KubePodContainer {
            name: "main".to_owned(),
            ready: is_running && !is_crashing,
            image: Some(image.clone()),
            restart_count: Some(if is_crashing { 42 } else { 0 }),
            state: Some((if is_running { "running" } else { "waiting" }).to_owned()),
            reason: reason.map(str::to_owned),
            message: None,
        };
        let pod = KubePod {
            pod_phase: Some(phase.to_owned()),
            pod_reason: reason.map(str::to_owned),
            qos_class: Some("Burstable".to_owned()),
            restarts: Some(if is_crashing { 42 } else { 0 }),
            pod_containers: vec![container],
            ..KubePod::default()
        };
        let busy = world.busy(&name, at);
        let facet = Kubernetes {
            namespace: Some(NAMESPACES[of % NAMESPACES.len()].to_owned()),
            node_name: is_running.then(|| self.node_name(node)),
            image: Some(image),
            owner_kind: Some("Deployment".to_owned()),
            owner_name: Some(name::job(of)),
            usage_cpu_milli_cores: is_running.then_some((busy * 10.0) as u64),
            pod: Some(Box::new(pod)),
            ..self.origin("Pod", &name)
        };
        let status = match phase {
            "Running" if !is_crashing => Status::Online,
            _ => Status::Warning,
        };
        let parent = format!("{}/{}", Kind::K8sNode.word(), self.node_name(node));
        let metrics = if is_running {
            self.metrics(&name, 2)
        } else {
            Metrics::default()
        };
        Sighting {
            parent: Some(if is_running {
                parent.into()
            } else {
                CLUSTER.into()
            }),
            status: Some(status),
            metrics,
            uptime: is_running.then(|| world.uptime(&name, at)),
            ..self.made(Kind::Pod, &name, facet)
        }
    }

    fn deployment(&self, index: usize) -> Sighting {
        let name = name::job(index);
        let pods = self.world.config.k8s_pods_per_cluster;
        let all = self.world.config.k8s_deployments_per_cluster.max(1);
        let wanted = (pods / all + usize::from(index < pods % all)) as u64;
        let is_short = self
            .world
            .curves
            .share(&format!("{}{name}", self.name), "short")
            < 0.1;
        let ready = wanted.saturating_sub(u64::from(is_short));
        let workload = KubeWorkload {
            desired_replicas: Some(wanted),
            current_replicas: Some(wanted),
            updated_replicas: Some(wanted),
            ready_replicas: Some(ready),
            available_replicas: Some(ready),
            observed_generation: Some(3),
            ..KubeWorkload::default()
        };
        let facet = Kubernetes {
            namespace: Some(NAMESPACES[index % NAMESPACES.len()].to_owned()),
            workload: Some(Box::new(workload)),
            ..self.origin("Deployment", &name)
        };
        Sighting {
            status: Some(if ready == wanted {
                Status::Online
            } else {
                Status::Warning
            }),
            ..self.made(Kind::K8sDeployment, &name, facet)
        }
    }

    /// One of every other object.
    fn objects(&self) -> Vec<Sighting> {
        let mut found = Vec::new();
        let mut add = |kind: Kind, word: &str, name: &str, fill: &dyn Fn(&mut Kubernetes)| {
            let mut facet = self.origin(word, name);
            facet.namespace = Some(NAMESPACES[1].to_owned());
            fill(&mut facet);
            found.push(self.made(kind, name, facet));
        };
        self.workloads(&mut add);
        self.networks(&mut add);
        self.bounds(&mut add);
        for namespace in NAMESPACES {
            add(Kind::K8sNamespace, "Namespace", namespace, &|facet| {
                facet.namespace = None;
                facet.storage = Some(Box::new(KubeStorage {
                    phase: Some("Active".to_owned()),
                    ..KubeStorage::default()
                }));
            });
        }
        found
    }

    fn workloads(&self, add: &mut Add) {
        let replicas = |facet: &mut Kubernetes| {
            facet.workload = Some(Box::new(KubeWorkload {
                desired_replicas: Some(2),
                ready_replicas: Some(2),
                ..KubeWorkload::default()
            }));
        };
        add(Kind::K8sReplicaSet, "ReplicaSet", "ledger-6f9c", &replicas);
        add(Kind::K8sStatefulSet, "StatefulSet", "database", &replicas);
        add(Kind::K8sDaemonSet, "DaemonSet", "node-agent", &|facet| {
            facet.workload = Some(Box::new(KubeWorkload {
                desired_number_scheduled: Some(4),
                number_ready: Some(4),
                ..KubeWorkload::default()
            }));
        });
        add(Kind::K8sJob, "Job", "nightly-29381", &|facet| {
            facet.workload = Some(Box::new(KubeWorkload {
                succeeded: Some(1),
                ..KubeWorkload::default()
            }));
        });
        add(Kind::K8sCronJob, "CronJob", "nightly", &|facet| {
            facet.workload = Some(Box::new(KubeWorkload {
                schedule: Some("0 3 * * *".to_owned()),
                suspend: Some(false),
                ..KubeWorkload::default()
            }));
        });
        add(Kind::K8sEvent, "Event", "ledger.back-off", &|facet| {
            facet.event = Some(Box::new(KubeEvent {
                event_type: Some("Warning".to_owned()),
                reason: Some("BackOff".to_owned()),
                message: Some("Back-off restarting a container".to_owned()),
                involved_kind: Some("Pod".to_owned()),
                involved_name: Some("ledger-6f9c".to_owned()),
                count: Some(9),
                first_seen: self.at.checked_sub(SignedDuration::from_mins(47)).ok(),
                event_time: self.at.checked_sub(SignedDuration::from_mins(3)).ok(),
            }));
        });
    }

    fn networks(&self, add: &mut Add) {
        add(Kind::K8sService, "Service", "ledger", &|facet| {
            facet.network = Some(Box::new(KubeNetwork {
                service_type: Some("ClusterIP".to_owned()),
                cluster_ip: Some("10.96.12.7".to_owned()),
                service_ports: vec![KubeServicePort {
                    port: 80,
                    ..KubeServicePort::default()
                }],
                ..KubeNetwork::default()
            }));
        });
        add(Kind::K8sIngress, "Ingress", "shop", &|facet| {
            facet.network = Some(Box::new(KubeNetwork {
                hosts: vec!["shop.mock.invalid".to_owned()],
                ..KubeNetwork::default()
            }));
        });
        add(
            Kind::K8sEndpointSlice,
            "EndpointSlice",
            "ledger-x7k2p",
            &|facet| {
                facet.network = Some(Box::new(KubeNetwork {
                    endpoint_count: Some(3),
                    ready_endpoint_count: Some(2),
                    ..KubeNetwork::default()
                }));
            },
        );
        add(
            Kind::K8sNetworkPolicy,
            "NetworkPolicy",
            "deny-all",
            &|facet| {
                facet.network = Some(Box::new(KubeNetwork {
                    policy_types: vec!["Ingress".to_owned()],
                    ..KubeNetwork::default()
                }));
            },
        );
        let storage = |facet: &mut Kubernetes| {
            facet.storage = Some(Box::new(KubeStorage {
                phase: Some("Bound".to_owned()),
                storage_class: Some("fast".to_owned()),
                capacity_bytes: Some(Bytes(20 * GIB)),
                ..KubeStorage::default()
            }));
        };
        add(
            Kind::K8sPersistentVolume,
            "PersistentVolume",
            "pv-database",
            &storage,
        );
        add(
            Kind::K8sPersistentVolumeClaim,
            "PersistentVolumeClaim",
            "database",
            &storage,
        );
        add(Kind::K8sStorageClass, "StorageClass", "fast", &storage);
    }

    fn bounds(&self, add: &mut Add) {
        let names = |facet: &mut Kubernetes| {
            facet.configuration = Some(Box::new(KubeConfiguration {
                data_keys: vec!["settings.toml".to_owned()],
                ..KubeConfiguration::default()
            }));
        };
        add(Kind::K8sConfigMap, "ConfigMap", "settings", &names);
        add(Kind::K8sSecret, "Secret", "registry", &names);
        add(Kind::K8sServiceAccount, "ServiceAccount", "ledger", &names);
        let access = |facet: &mut Kubernetes| {
            facet.access = Some(Box::new(KubeAccess {
                rule_count: Some(2),
                ..KubeAccess::default()
            }));
        };
        add(Kind::K8sRole, "Role", "reader", &access);
        add(Kind::K8sClusterRole, "ClusterRole", "viewer", &access);
        add(Kind::K8sRoleBinding, "RoleBinding", "readers", &access);
        add(
            Kind::K8sClusterRoleBinding,
            "ClusterRoleBinding",
            "viewers",
            &access,
        );
        let policy = |facet: &mut Kubernetes| {
            facet.policy = Some(Box::new(KubePolicy {
                min_available: Some("1".to_owned()),
                max_replicas: Some(6),
                ..KubePolicy::default()
            }));
        };
        add(Kind::K8sResourceQuota, "ResourceQuota", "team", &policy);
        add(Kind::K8sLimitRange, "LimitRange", "team", &policy);
        add(
            Kind::K8sPodDisruptionBudget,
            "PodDisruptionBudget",
            "ledger",
            &policy,
        );
        add(
            Kind::K8sHorizontalPodAutoscaler,
            "HorizontalPodAutoscaler",
            "ledger",
            &policy,
        );
    }
}

/// Adds an object of that kind, Kubernetes' word for it, and that name.
type Add<'a> = dyn FnMut(Kind, &str, &str, &dyn Fn(&mut Kubernetes)) + 'a;
