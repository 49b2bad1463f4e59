//! How full pools are, and what lies in them.

use pulse_protocol::report::host::{Disk, ZfsDataset};

/// What `zpool` is asked.
pub(super) const POOLS: [&str; 4] = ["list", "-Hp", "-o", "name,size,free"];

/// What `zfs` is asked.
pub(super) const DATASETS: [&str; 6] = [
    "list",
    "-Hp",
    "-t",
    "filesystem,volume",
    "-o",
    "name,type,mountpoint,used,available,referenced",
];

/// Datasets of one pool beyond this are left out of a report.
const LIMIT: usize = 128;

/// A pool as `zpool` counts it: with what redundancy takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pool {
    name: String,
    size: u64,
    free: u64,
}

pub(super) fn pools(text: &str) -> Vec<Pool> {
    let pools = text.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let name = fields.next().filter(|name| !name.is_empty())?;
        Some(Pool {
            name: name.to_owned(),
            size: fields.next()?.trim().parse().ok()?,
            free: fields.next()?.trim().parse().ok()?,
        })
    });
    pools.collect()
}

pub(super) fn datasets(text: &str) -> Vec<ZfsDataset> {
    text.lines().filter_map(dataset).collect()
}

fn dataset(line: &str) -> Option<ZfsDataset> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let &[name, kind, mountpoint, used, available, referenced] = fields.as_slice() else {
        return None;
    };
    Some(ZfsDataset {
        name: name.to_owned(),
        kind: kind.to_owned(),
        mountpoint: if mountpoint.starts_with('/') {
            mountpoint.to_owned()
        } else {
            String::new()
        },
        used_bytes: used.parse().ok(),
        available_bytes: available.parse().ok(),
        referenced_bytes: referenced.parse().ok(),
    })
}

/// Makes the pools' entries among the file systems.
pub(super) fn disks(pools: &[Pool], mut datasets: Vec<ZfsDataset>) -> Vec<Disk> {
    let mut disks = Vec::new();
    for pool in pools {
        let is_of_pool = |dataset: &ZfsDataset| dataset.name.split('/').next() == Some(&pool.name);
        let (own, others) = datasets.into_iter().partition(is_of_pool);
        datasets = others;
        disks.push(disk(pool, own));
    }
    disks
}

fn disk(pool: &Pool, mut datasets: Vec<ZfsDataset>) -> Disk {
    let top = datasets.iter().find(|dataset| dataset.name == pool.name);
    let available = top.and_then(|top| top.available_bytes);
    let (total, free) = usable(pool, available);
    let used = total.saturating_sub(free);
    let mountpoint = top
        .map(|top| top.mountpoint.clone())
        .filter(|mountpoint| !mountpoint.is_empty())
        .or_else(|| shortest_mount(&datasets))
        .unwrap_or_else(|| format!("zpool:{}", pool.name));
    datasets.truncate(LIMIT);
    Disk {
        device: pool.name.clone(),
        mountpoint,
        filesystem: "zfs".to_owned(),
        kind: "zfs".to_owned(),
        total_bytes: Some(total),
        used_bytes: Some(used),
        free_bytes: Some(free),
        usage: (total > 0).then(|| used as f64 / total as f64 * 100.0),
        zfs_datasets: datasets,
    }
}

/// Returns size and free space for what is stored: the pool's own figures count parity too, so both
/// shrink by what the top dataset has available of what the pool has free.
fn usable(pool: &Pool, available: Option<u64>) -> (u64, u64) {
    match available {
        Some(available) if pool.free > 0 => {
            let share = available as f64 / pool.free as f64;
            let total = (pool.size as f64 * share.min(1.0)) as u64;
            (
                total.max(available.min(pool.size)),
                available.min(pool.size),
            )
        }
        _ => (pool.size, pool.free),
    }
}

fn shortest_mount(datasets: &[ZfsDataset]) -> Option<String> {
    let mounts = datasets.iter().map(|dataset| &dataset.mountpoint);
    let mounts = mounts.filter(|mountpoint| !mountpoint.is_empty());
    mounts.min_by_key(|mountpoint| mountpoint.len()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_as_large_as_what_can_be_stored_in_it() {
        // Four disks of 100 in raidz1: 400 raw, of which 100 are parity.
        let pools = pools("tank\t400\t200\nbroken\t-\t-\n\n");
        let text = "tank\tfilesystem\t/tank\t150\t150\t10\n\
            tank/vm\tvolume\t-\t50\t200\t50\n\
            tanker\tfilesystem\t/tanker\t1\t1\t1\n";
        let disks = disks(&pools, datasets(text));
        let [tank] = disks.as_slice() else {
            panic!("{disks:?}")
        };
        assert_eq!((tank.total_bytes, tank.free_bytes), (Some(300), Some(150)));
        assert_eq!(
            (tank.usage, tank.mountpoint.as_str()),
            (Some(50.0), "/tank")
        );
        let names: Vec<_> = tank
            .zfs_datasets
            .iter()
            .map(|set| set.name.as_str())
            .collect();
        assert_eq!(names, ["tank", "tank/vm"]);
    }

    #[test]
    fn a_pool_mounted_nowhere_has_a_place_all_the_same() {
        let pools = pools("backup\t100\t0\n");
        let disks = disks(&pools, datasets("backup\tfilesystem\tnone\t1\t0\t1\n"));
        assert_eq!(disks[0].mountpoint, "zpool:backup");
        assert_eq!(
            (disks[0].total_bytes, disks[0].free_bytes),
            (Some(100), Some(0))
        );
    }
}
