//! Images, volumes, networks and the space they use: what is kept of the engine's lists.

use std::collections::BTreeMap;

use pulse_protocol::limits;
use pulse_protocol::report::docker::{Image, Network, StorageShare, StorageUsage, Subnet, Volume};

use crate::text;
use crate::wire::{CacheRecord, DiskUsage, DiskVolume, ImageListed, NetworkListed};

/// Keeps an image.
pub(crate) fn image(listed: &ImageListed) -> Image {
    Image {
        id: text::name(Some(&listed.id)),
        repo_tags: text::list(listed.repo_tags.as_deref()),
        repo_digests: text::list(listed.repo_digests.as_deref()),
        size_bytes: text::size(listed.size),
        shared_size_bytes: listed.shared_size,
        containers: listed.containers,
        created_at: text::second(listed.created),
        labels: text::labels(listed.labels.as_ref()),
    }
}

/// Keeps a volume.
pub(crate) fn volume(listed: &DiskVolume) -> Volume {
    let usage = listed.usage_data;
    Volume {
        name: text::name(Some(&listed.name)),
        driver: text::name(listed.driver.as_deref()),
        mountpoint: text::long(listed.mountpoint.as_deref()),
        scope: text::name(listed.scope.as_deref()),
        created_at: text::name(listed.created_at.as_deref()),
        size_bytes: usage.and_then(|usage| usage.size),
        ref_count: usage.and_then(|usage| usage.ref_count),
        labels: text::labels(listed.labels.as_ref()),
        options: text::labels(listed.options.as_ref()),
    }
}

/// Keeps a network.
pub(crate) fn network(listed: &NetworkListed) -> Network {
    let ranges = listed.ipam.as_ref().and_then(|ipam| ipam.config.as_deref());
    let ranges = ranges.unwrap_or_default().iter().take(limits::LIST);
    let subnets: Vec<Subnet> = ranges
        .map(|range| Subnet {
            subnet: text::name(range.subnet.as_deref()),
            gateway: text::name(range.gateway.as_deref()),
        })
        .collect();
    let has_ipv4 = subnets.iter().any(|range| range.subnet.contains('.'));
    Network {
        id: text::name(Some(&listed.id)),
        name: text::name(Some(&listed.name)),
        driver: text::name(listed.driver.as_deref()),
        scope: text::name(listed.scope.as_deref()),
        created_at: text::moment(listed.created.as_deref()),
        // Engines that do not say so always have it, where there is a range.
        enable_ipv4: listed.enable_ipv4.unwrap_or(has_ipv4),
        enable_ipv6: listed.enable_ipv6.unwrap_or(false),
        internal: listed.internal.unwrap_or(false),
        attachable: listed.attachable.unwrap_or(false),
        ingress: listed.ingress.unwrap_or(false),
        config_only: listed.config_only.unwrap_or(false),
        subnets,
        labels: text::labels(listed.labels.as_ref()),
        options: text::labels(listed.options.as_ref()),
    }
}

/// What adding up the disk usage told, until the next time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sizes {
    pub(crate) usage: StorageUsage,
    /// Writable layer and root file system of a container by its id.
    pub(crate) containers: BTreeMap<String, (Option<u64>, Option<u64>)>,
    /// Size and users of a volume by its name.
    volumes: BTreeMap<String, (Option<i64>, Option<i64>)>,
    /// Shared size and users of an image by its id.
    images: BTreeMap<String, (Option<i64>, Option<i64>)>,
}

impl Sizes {
    /// Adds up.
    pub(crate) fn of(disk: &DiskUsage) -> Self {
        let volumes = disk.volumes().iter().take(limits::CONTAINERS);
        let images = disk.images().iter().take(limits::CONTAINERS);
        let containers = disk.containers().iter().take(limits::CONTAINERS);
        Self {
            usage: StorageUsage {
                images: Some(images_share(disk)),
                containers: Some(containers_share(disk)),
                volumes: Some(volumes_share(disk.volumes())),
                build_cache: Some(cache_share(disk.build_cache())),
            },
            containers: containers
                .map(|container| {
                    let sizes = (
                        text::size(container.size_rw),
                        text::size(container.size_root_fs),
                    );
                    (container.id.clone(), sizes)
                })
                .collect(),
            volumes: volumes
                .filter_map(|volume| {
                    let usage = volume.usage_data?;
                    Some((volume.name.clone(), (usage.size, usage.ref_count)))
                })
                .collect(),
            images: images
                .map(|image| (image.id.clone(), (image.shared_size, image.containers)))
                .collect(),
        }
    }

    /// Gives images and volumes what only adding up tells.
    pub(crate) fn fill(&self, images: &mut [Image], volumes: &mut [Volume]) {
        for image in images {
            if let Some((shared, users)) = self.images.get(&image.id) {
                image.shared_size_bytes = *shared;
                image.containers = *users;
            }
        }
        for volume in volumes {
            if let Some((size, users)) = self.volumes.get(&volume.name) {
                volume.size_bytes = *size;
                volume.ref_count = *users;
            }
        }
    }
}

fn images_share(disk: &DiskUsage) -> StorageShare {
    let images = disk.images();
    let unused = images
        .iter()
        .filter(|image| image.containers.unwrap_or(0) <= 0);
    let reclaimable = unused.map(|image| {
        let own = image.size.unwrap_or(0) - image.shared_size.unwrap_or(0).max(0);
        u64::try_from(own).unwrap_or(0)
    });
    StorageShare {
        total_count: Some(images.len() as u64),
        active_count: Some(count(images, |image| image.containers.unwrap_or(0) > 0)),
        total_size_bytes: text::size(disk.images_size()),
        reclaimable_bytes: Some(reclaimable.fold(0, u64::saturating_add)),
    }
}

fn containers_share(disk: &DiskUsage) -> StorageShare {
    let containers = disk.containers();
    let is_active =
        |state: Option<&str>| matches!(state, Some("running" | "paused" | "restarting"));
    let size = |active_too: bool| {
        let sizes = containers
            .iter()
            .filter(|container| active_too || !is_active(container.state.as_deref()))
            .filter_map(|container| text::size(container.size_rw));
        sizes.fold(0, u64::saturating_add)
    };
    StorageShare {
        total_count: Some(containers.len() as u64),
        active_count: Some(count(containers, |c| is_active(c.state.as_deref()))),
        total_size_bytes: Some(size(true)),
        reclaimable_bytes: Some(size(false)),
    }
}

fn volumes_share(volumes: &[DiskVolume]) -> StorageShare {
    let users = |volume: &DiskVolume| volume.usage_data.and_then(|usage| usage.ref_count);
    let size = |unused_only: bool| {
        let sizes = volumes
            .iter()
            .filter(|volume| !unused_only || users(volume) == Some(0))
            .filter_map(|volume| text::size(volume.usage_data?.size));
        sizes.fold(0, u64::saturating_add)
    };
    StorageShare {
        total_count: Some(volumes.len() as u64),
        active_count: Some(count(volumes, |volume| users(volume).unwrap_or(0) > 0)),
        total_size_bytes: Some(size(false)),
        reclaimable_bytes: Some(size(true)),
    }
}

fn cache_share(records: &[CacheRecord]) -> StorageShare {
    let is_used = |record: &CacheRecord| record.in_use.unwrap_or(false);
    let size = |unused_only: bool| {
        let sizes = records
            .iter()
            // Shared records are counted where they come from.
            .filter(|record| !record.shared.unwrap_or(false))
            .filter(|record| !unused_only || !is_used(record))
            .filter_map(|record| text::size(record.size));
        sizes.fold(0, u64::saturating_add)
    };
    StorageShare {
        total_count: Some(records.len() as u64),
        active_count: Some(count(records, is_used)),
        total_size_bytes: Some(size(false)),
        reclaimable_bytes: Some(size(true)),
    }
}

fn count<T>(list: &[T], is_counted: impl Fn(&T) -> bool) -> u64 {
    list.iter().filter(|element| is_counted(element)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_is_added_up_and_handed_to_volumes_and_images() {
        let disk: DiskUsage = serde_json::from_str(
            r#"{"LayersSize":900,"Images":[{"Id":"i1","Size":500,"SharedSize":100,"Containers":1},
            {"Id":"i2","Size":600,"SharedSize":100,"Containers":0}],
            "Containers":[{"Id":"c1","State":"running","SizeRw":5,"SizeRootFs":505},{"Id":"c2","State":"exited","SizeRw":7}],
            "Volumes":[{"Name":"v1","UsageData":{"Size":40,"RefCount":1}},{"Name":"v2","UsageData":{"Size":60,"RefCount":0}},
            {"Name":"v3","UsageData":{"Size":-1,"RefCount":-1}}],
            "BuildCache":[{"Size":10,"InUse":true},{"Size":20},{"Size":30,"Shared":true}]}"#,
        )
        .expect("a disk usage");
        let sizes = Sizes::of(&disk);
        let share = |share: &Option<StorageShare>| {
            let share = share.clone().expect("a share");
            (
                share.total_count,
                share.active_count,
                share.total_size_bytes,
                share.reclaimable_bytes,
            )
        };
        assert_eq!(
            share(&sizes.usage.images),
            (Some(2), Some(1), Some(900), Some(500))
        );
        assert_eq!(
            share(&sizes.usage.containers),
            (Some(2), Some(1), Some(12), Some(7))
        );
        assert_eq!(
            share(&sizes.usage.volumes),
            (Some(3), Some(1), Some(100), Some(60))
        );
        assert_eq!(
            share(&sizes.usage.build_cache),
            (Some(3), Some(1), Some(30), Some(20))
        );
        assert_eq!(sizes.containers["c1"], (Some(5), Some(505)));
        let mut volumes = [volume(&DiskVolume {
            name: "v1".to_owned(),
            ..DiskVolume::default()
        })];
        let mut images = [image(&ImageListed {
            id: "i1".to_owned(),
            ..ImageListed::default()
        })];
        sizes.fill(&mut images, &mut volumes);
        assert_eq!(
            (volumes[0].size_bytes, volumes[0].ref_count),
            (Some(40), Some(1))
        );
        assert_eq!(
            (images[0].shared_size_bytes, images[0].containers),
            (Some(100), Some(1))
        );
    }

    #[test]
    fn an_empty_usage_is_nothing_used() {
        let sizes =
            Sizes::of(&serde_json::from_str(r#"{"Images":null,"Volumes":null}"#).expect("usage"));
        assert_eq!(sizes.usage.volumes.expect("a share").total_count, Some(0));
    }
}
