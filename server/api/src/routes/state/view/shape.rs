//! How a typed collection's element is declared, and the blocks several of them share.

use serde::Serialize;
use utoipa::ToSchema;

use pulse_model::{Bytes, MetricValue, Percent, Resource};

/// Declares an element. `told` is always there, `maybe` when it is known, `some` when there is any.
macro_rules! element {
    (
        $(#[$about:meta])*
        $name:ident<'a> {
            $(told { $($(#[$told_attr:meta])* $told:ident: $told_type:ty,)* })?
            $(maybe { $($(#[$maybe_attr:meta])* $maybe:ident: $maybe_type:ty,)* })?
            $(some { $($(#[$some_attr:meta])* $some:ident: $some_type:ty,)* })?
        }
    ) => {
        #[derive(serde::Serialize, utoipa::ToSchema)]
        $(#[$about])*
        #[serde(rename_all = "camelCase")]
        pub struct $name<'a> {
            $($($(#[$told_attr])* $told: $told_type,)*)?
            $($(
                $(#[$maybe_attr])*
                #[serde(skip_serializing_if = "Option::is_none")]
                $maybe: Option<$maybe_type>,
            )*)?
            $($(
                $(#[$some_attr])*
                #[serde(skip_serializing_if = "<[_]>::is_empty")]
                $some: &'a [$some_type],
            )*)?
        }
    };
}
pub(super) use element;

/// Describes an element together with what is put into it when the state is written.
macro_rules! whole {
    (
        $(#[$about:meta])*
        $name:ident<'a> = $element:ident with {
            $($(#[$held_about:meta])* $held:ident: $held_type:ident,)*
        }
    ) => {
        #[derive(utoipa::ToSchema)]
        $(#[$about])*
        #[schema(rename_all = "camelCase")]
        #[expect(
            dead_code,
            reason = "describes the answer; the encoding is a concatenation"
        )]
        pub struct $name<'a> {
            #[schema(inline)]
            #[serde(flatten)]
            element: $element<'a>,
            $($(#[$held_about])* $held: Vec<$held_type<'a>>,)*
        }
    };
}
pub(super) use whole;

/// Memory as the older documents have it. What is not known is not there.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) used: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) free: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cache: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) usage: Option<Percent>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) usage_unavailable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) balloon: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) swap_used: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) swap_total: Option<Bytes>,
}

impl Memory {
    /// Returns what Proxmox knows of the memory of a node or a guest.
    pub(super) fn of(resource: &Resource) -> Self {
        let metric = resource.metrics.memory.as_ref();
        let proxmox = resource.facets.proxmox.as_deref();
        let (total, used) = amounts(metric);
        let left = || Some(Bytes(total?.0.saturating_sub(used?.0)));
        let guest = proxmox.and_then(|proxmox| proxmox.guest.as_deref());
        Self {
            total,
            used,
            free: proxmox
                .and_then(|proxmox| proxmox.memory_free)
                .or_else(left),
            cache: proxmox.and_then(|proxmox| proxmox.memory_cache),
            usage: percent(metric),
            usage_unavailable: metric.is_none(),
            balloon: guest.and_then(|guest| guest.balloon),
            swap_used: proxmox.and_then(|proxmox| proxmox.swap_used),
            swap_total: proxmox.and_then(|proxmox| proxmox.swap_total),
        }
    }

    /// Returns what an agent knows of the memory of its machine.
    pub(super) fn told(memory: Option<&pulse_model::facet::agent_host::HostMemory>) -> Self {
        memory.map_or_else(Self::default, |memory| Self {
            total: memory.total,
            used: memory.used,
            free: memory.free,
            cache: memory.cache,
            usage: memory.usage,
            swap_used: memory.swap_used,
            swap_total: memory.swap_total,
            ..Self::default()
        })
    }
}

/// A disk as the older documents have it.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disk {
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<Bytes>,
    /// Percent; -1 when nobody can tell.
    usage: f64,
}

impl Disk {
    /// Returns all the disks of a node or a guest as one.
    pub(super) fn of(resource: &Resource) -> Self {
        let metric = resource.metrics.disk.as_ref();
        let (total, used) = amounts(metric);
        Self {
            total,
            used,
            free: total
                .zip(used)
                .map(|(total, used)| Bytes(total.0.saturating_sub(used.0))),
            usage: percent(metric).map_or(-1.0, |percent| percent.0),
        }
    }
}

/// Returns what there is and what is taken of it.
pub(super) fn amounts(metric: Option<&MetricValue>) -> (Option<Bytes>, Option<Bytes>) {
    (metric.and_then(|m| m.total), metric.and_then(|m| m.used))
}

/// Returns the value as a percentage.
pub(super) fn percent(metric: Option<&MetricValue>) -> Option<Percent> {
    metric.and_then(|metric| metric.percent)
}

/// Returns processor use as a ratio, as nodes and guests have it.
pub(super) fn ratio(resource: &Resource) -> Option<f64> {
    percent(resource.metrics.cpu.as_ref()).map(|percent| percent.0 / 100.0)
}

/// Returns a rate as the whole number the older documents have.
pub(super) fn rounded(rate: &Option<MetricValue>) -> Option<u64> {
    let value = rate.as_ref()?.value;
    value.is_finite().then(|| value.max(0.0).round() as u64)
}

/// Returns the text, or an empty one where the documents promise a text.
pub(super) fn or_blank(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}
