//! How large an invented estate is and how restless.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

/// Most resources of an invented estate.
pub const MOST_RESOURCES: usize = 200_000;
/// Most of any one thing within another: what an agent may see beside its machine.
const MOST_WITHIN: usize = 1_800;
/// Most of anything that stands alone.
const MOST_ALONE: usize = 50_000;
const MOST_NAMES: usize = 1_000;
const LONGEST_NAME: usize = 64;

/// The size of an invented estate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct MockConfig {
    /// Nodes of Proxmox VE, in clusters of a few.
    pub node_count: usize,
    /// Virtual machines on each.
    pub vms_per_node: usize,
    /// System containers on each.
    pub lxcs_per_node: usize,
    /// Machines with a container engine.
    pub docker_host_count: usize,
    /// Containers on each.
    pub docker_containers_per_host: usize,
    /// Machines with nothing but an agent.
    pub generic_host_count: usize,
    /// Kubernetes clusters.
    pub k8s_cluster_count: usize,
    /// Nodes of each.
    pub k8s_nodes_per_cluster: usize,
    /// Pods of each.
    pub k8s_pods_per_cluster: usize,
    /// Deployments of each.
    pub k8s_deployments_per_cluster: usize,
    /// Whether figures move.
    pub random_metrics: bool,
    /// Nodes and hosts, by name, that are kept busy.
    pub high_load_nodes: Vec<String>,
    /// Share of guests and containers that do not run, 0 to 1.
    pub stopped_percent: f64,
    /// Share of guests and containers that stop or start within an hour, 0 to 1.
    pub churn: f64,
}

impl Default for MockConfig {
    fn default() -> Self {
        Self {
            node_count: 5,
            vms_per_node: 5,
            lxcs_per_node: 6,
            docker_host_count: 4,
            docker_containers_per_host: 14,
            generic_host_count: 5,
            k8s_cluster_count: 2,
            k8s_nodes_per_cluster: 4,
            k8s_pods_per_cluster: 30,
            k8s_deployments_per_cluster: 12,
            random_metrics: true,
            high_load_nodes: Vec::new(),
            stopped_percent: 0.12,
            churn: 0.05,
        }
    }
}

/// Why an estate cannot be invented.
#[derive(Debug, Error, PartialEq)]
pub enum OutOfRange {
    /// There may not be so many of one thing.
    #[error("{field} is {value}, at most {most} are invented")]
    TooMany {
        /// Which.
        field: &'static str,
        /// How many were asked for.
        value: usize,
        /// How many there may be.
        most: usize,
    },
    /// All together are too many.
    #[error("this makes {total} resources, at most {MOST_RESOURCES} are invented")]
    TooLarge {
        /// How many there would be.
        total: usize,
    },
    /// A share is no share.
    #[error("{field} has to be between 0 and 1")]
    NoShare {
        /// Which.
        field: &'static str,
    },
    /// The names of busy machines are too many or too long.
    #[error("highLoadNodes takes at most {MOST_NAMES} names of at most {LONGEST_NAME} characters")]
    Names,
}

impl MockConfig {
    /// Tells whether such an estate is invented, and if not, why.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let within = [
            ("vmsPerNode", self.vms_per_node, MOST_WITHIN),
            ("lxcsPerNode", self.lxcs_per_node, MOST_WITHIN),
            (
                "dockerContainersPerHost",
                self.docker_containers_per_host,
                MOST_WITHIN,
            ),
            (
                "k8sNodesPerCluster",
                self.k8s_nodes_per_cluster,
                MOST_WITHIN,
            ),
            ("k8sPodsPerCluster", self.k8s_pods_per_cluster, 10_000),
            (
                "k8sDeploymentsPerCluster",
                self.k8s_deployments_per_cluster,
                10_000,
            ),
            ("nodeCount", self.node_count, MOST_ALONE),
            ("dockerHostCount", self.docker_host_count, MOST_ALONE),
            ("genericHostCount", self.generic_host_count, MOST_ALONE),
            ("k8sClusterCount", self.k8s_cluster_count, 1_000),
        ];
        for (field, value, most) in within {
            if value > most {
                return Err(OutOfRange::TooMany { field, value, most });
            }
        }
        for (field, share) in [
            ("stoppedPercent", self.stopped_percent),
            ("churn", self.churn),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(OutOfRange::NoShare { field });
            }
        }
        let is_long = |name: &String| name.chars().count() > LONGEST_NAME;
        if self.high_load_nodes.len() > MOST_NAMES || self.high_load_nodes.iter().any(is_long) {
            return Err(OutOfRange::Names);
        }
        let total = self.resources();
        if total > MOST_RESOURCES {
            return Err(OutOfRange::TooLarge { total });
        }
        Ok(())
    }

    /// Returns about how many resources there will be.
    pub fn resources(&self) -> usize {
        let node = 1 + self.vms_per_node + self.lxcs_per_node + super::proxmox::BESIDES;
        let engine = 1 + self.docker_containers_per_host + super::docker::BESIDES;
        let cluster = 1
            + self.k8s_nodes_per_cluster
            + self.k8s_pods_per_cluster
            + self.k8s_deployments_per_cluster;
        let host = 1 + super::machine::DISKS;
        let sum = self.node_count.saturating_mul(node)
            + self.docker_host_count.saturating_mul(engine)
            + self.k8s_cluster_count.saturating_mul(cluster)
            + self.generic_host_count.saturating_mul(host);
        sum + super::appliance::COUNT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_said_by_name() {
        let config = MockConfig {
            docker_containers_per_host: 10_000,
            ..MockConfig::default()
        };
        let error = config.check().expect_err("too many").to_string();
        assert!(
            error.contains("dockerContainersPerHost is 10000"),
            "{error}"
        );
        for share in [-0.1, 1.5, f64::NAN, f64::INFINITY] {
            let config = MockConfig {
                stopped_percent: share,
                ..MockConfig::default()
            };
            let no_share = OutOfRange::NoShare {
                field: "stoppedPercent",
            };
            assert_eq!(config.check(), Err(no_share));
        }
    }

    #[test]
    fn the_sum_is_bounded_and_no_product_overflows() {
        let config = MockConfig {
            docker_host_count: 40_000,
            docker_containers_per_host: 1_000,
            ..MockConfig::default()
        };
        assert!(matches!(config.check(), Err(OutOfRange::TooLarge { .. })));
        let absurd = MockConfig {
            node_count: usize::MAX,
            ..MockConfig::default()
        };
        assert!(matches!(absurd.check(), Err(OutOfRange::TooMany { .. })));
    }

    #[test]
    fn the_usual_estate_and_one_of_a_thousand_hosts_are_fine() {
        assert_eq!(MockConfig::default().check(), Ok(()));
        let large = MockConfig {
            docker_host_count: 1_000,
            docker_containers_per_host: 20,
            ..MockConfig::default()
        };
        assert_eq!(large.check(), Ok(()));
    }
}
