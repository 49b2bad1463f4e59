//! `kubernetesClusters[].nodes`, `.pods` and `.deployments`.

use jiff::Timestamp;

use pulse_model::facet::kubernetes::{KubeNode, KubePod, KubePodContainer, KubeWorkload};
use pulse_model::facet::{Kubernetes, Labels};
use pulse_model::{Bytes, BytesPerSecond, MetricValue, Percent, Resource};

use super::shape::{element, or_blank, percent};

element! {
    /// A node of a cluster.
    KubernetesNode<'a> {
        told {
            uid: &'a str,
            name: &'a str,
            ready: bool,
        }
        maybe {
            unschedulable: bool,
            kubelet_version: &'a str,
            container_runtime_version: &'a str,
            os_image: &'a str,
            kernel_version: &'a str,
            architecture: &'a str,
            capacity_cpu_cores: u32,
            capacity_memory_bytes: Bytes,
            capacity_pods: u32,
            allocatable_cpu_cores: u32,
            allocatable_memory_bytes: Bytes,
            allocatable_pods: u32,
            usage_cpu_milli_cores: u64,
            usage_memory_bytes: Bytes,
            usage_cpu_percent: Percent,
            usage_memory_percent: Percent,
        }
        some {
            roles: String,
        }
    }
}

/// Returns the element of a node.
pub(super) fn node<'a>(
    resource: &'a Resource,
    facet: &'a Kubernetes,
    facts: &'a KubeNode,
) -> KubernetesNode<'a> {
    KubernetesNode {
        uid: facts
            .node_uid
            .as_deref()
            .unwrap_or(or_blank(&facet.resource_uid)),
        name: facet.node_name.as_deref().unwrap_or(&resource.name),
        ready: facts.ready.unwrap_or_default(),
        unschedulable: facts.unschedulable,
        kubelet_version: facts.kubelet_version.as_deref(),
        container_runtime_version: facts.container_runtime_version.as_deref(),
        os_image: facts.os_image.as_deref(),
        kernel_version: facts.kernel_version.as_deref(),
        architecture: facts.architecture.as_deref(),
        capacity_cpu_cores: facts.capacity_cpu_cores,
        capacity_memory_bytes: facts.capacity_memory_bytes,
        capacity_pods: facts.capacity_pods,
        allocatable_cpu_cores: facts.allocatable_cpu_cores,
        allocatable_memory_bytes: facts.allocatable_memory_bytes,
        allocatable_pods: facts.allocatable_pods,
        usage_cpu_milli_cores: facet.usage_cpu_milli_cores,
        usage_memory_bytes: facet.usage_memory_bytes,
        usage_cpu_percent: percent(resource.metrics.cpu.as_ref()),
        usage_memory_percent: percent(resource.metrics.memory.as_ref()),
        roles: &facts.roles,
    }
}

element! {
    /// A pod.
    Pod<'a> {
        told {
            uid: &'a str,
            name: &'a str,
            namespace: &'a str,
        }
        maybe {
            node_name: &'a str,
            phase: &'a str,
            reason: &'a str,
            message: &'a str,
            qos_class: &'a str,
            created_at: Timestamp,
            start_time: Timestamp,
            restarts: u64,
            usage_cpu_milli_cores: u64,
            usage_memory_bytes: Bytes,
            usage_cpu_percent: Percent,
            usage_memory_percent: Percent,
            network_rx_bytes: Bytes,
            network_tx_bytes: Bytes,
            net_in_rate: BytesPerSecond,
            net_out_rate: BytesPerSecond,
            ephemeral_storage_used_bytes: Bytes,
            ephemeral_storage_capacity_bytes: Bytes,
            disk_usage_percent: Percent,
            labels: &'a Labels,
            owner_kind: &'a str,
            owner_name: &'a str,
        }
        some {
            containers: KubePodContainer,
        }
    }
}

/// Returns the element of a pod.
pub(super) fn pod<'a>(
    resource: &'a Resource,
    facet: &'a Kubernetes,
    facts: &'a KubePod,
) -> Pod<'a> {
    let metrics = &resource.metrics;
    let rate =
        |metric: &Option<MetricValue>| metric.as_ref().map(|metric| BytesPerSecond(metric.value));
    Pod {
        uid: facts
            .pod_uid
            .as_deref()
            .unwrap_or(or_blank(&facet.resource_uid)),
        name: &resource.name,
        namespace: or_blank(&facet.namespace),
        node_name: facet.node_name.as_deref(),
        phase: facts.pod_phase.as_deref(),
        reason: facts.pod_reason.as_deref(),
        message: facts.pod_message.as_deref(),
        qos_class: facts.qos_class.as_deref(),
        created_at: facet.created_at,
        start_time: facet.start_time,
        restarts: facts.restarts,
        usage_cpu_milli_cores: facet.usage_cpu_milli_cores,
        usage_memory_bytes: facet.usage_memory_bytes,
        usage_cpu_percent: percent(metrics.cpu.as_ref()),
        usage_memory_percent: percent(metrics.memory.as_ref()),
        network_rx_bytes: facts.network_rx_bytes,
        network_tx_bytes: facts.network_tx_bytes,
        net_in_rate: rate(&metrics.net_in),
        net_out_rate: rate(&metrics.net_out),
        ephemeral_storage_used_bytes: facts.ephemeral_storage_used_bytes,
        ephemeral_storage_capacity_bytes: facts.ephemeral_storage_capacity_bytes,
        disk_usage_percent: percent(metrics.disk.as_ref()),
        labels: (!facet.labels.is_empty()).then_some(&facet.labels),
        owner_kind: facet.owner_kind.as_deref(),
        owner_name: facet.owner_name.as_deref(),
        containers: &facts.pod_containers,
    }
}

element! {
    /// A deployment.
    Deployment<'a> {
        told {
            uid: &'a str,
            name: &'a str,
            namespace: &'a str,
        }
        maybe {
            created_at: Timestamp,
            desired_replicas: u64,
            updated_replicas: u64,
            ready_replicas: u64,
            available_replicas: u64,
            observed_generation: u64,
            labels: &'a Labels,
        }
    }
}

/// Returns the element of a deployment.
pub(super) fn deployment<'a>(
    resource: &'a Resource,
    facet: &'a Kubernetes,
    facts: &'a KubeWorkload,
) -> Deployment<'a> {
    Deployment {
        uid: or_blank(&facet.resource_uid),
        name: &resource.name,
        namespace: or_blank(&facet.namespace),
        created_at: facet.created_at,
        desired_replicas: facts.desired_replicas,
        updated_replicas: facts.updated_replicas,
        ready_replicas: facts.ready_replicas,
        available_replicas: facts.available_replicas,
        observed_generation: facts.observed_generation,
        labels: (!facet.labels.is_empty()).then_some(&facet.labels),
    }
}
