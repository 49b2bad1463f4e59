//! The largest estate: memory of an open hour, sealing it, reading its log, opening a large file.

use anyhow::Result;

use pulse_store::{Blocks, Store};

use super::super::table::{Budget, Quantity, Table};
use super::site::{Site, monotonic, processor};
use super::workload::Workload;

/// Two hours of `resources` resources with eight series each.
pub async fn hours(
    table: &mut Table,
    mut workload: Workload,
    name: &str,
    resources: usize,
) -> Result<()> {
    let mut site = Site::start(None).await?;
    let before = processor()?;
    let mut most = 0.0_f64;
    for hour in 0..2 {
        site.hour(&mut workload, resources, hour).await?;
        most = most.max(site.history.stats().await?.open_bytes as f64);
    }
    let budget = match (name, resources) {
        (_, ..21_000) => Budget::None,
        ("harsh", _) => Budget::AtMost(Quantity::Megabytes(95.0)),
        _ => Budget::AtMost(Quantity::Megabytes(65.0)),
    };
    let series = resources * 8;
    let figure = format!("an open hour, {series} series, {name}");
    table.add(&figure, Quantity::Megabytes(most / 1e6), budget);
    let recorded = (processor()? - before).as_secs_f64() / site.counted(|c| &c.recorded);
    let figure = format!("a value made, recorded, flushed and sealed, {name}: ns of processor");
    table.add(&figure, Quantity::Count(recorded * 1e9), Budget::None);
    let took = site.restart().await?;
    let budget = match name {
        "harsh" => Budget::AtMost(Quantity::Millis(1_000.0)),
        _ => Budget::None,
    };
    let figure = format!("reading the log of that hour, {name}");
    table.add(&figure, Quantity::Millis(took.as_secs_f64() * 1e3), budget);
    let before = processor()?;
    site.seal(1).await?;
    let spent = (processor()? - before).as_secs_f64();
    let figure = format!("sealing that hour, {name}, processor time");
    table.add(&figure, Quantity::Millis(spent * 1e3), Budget::None);
    Ok(())
}

/// Opening a database of `stored` bytes that nobody closed.
pub fn opening(table: &mut Table, stored: u64) -> Result<()> {
    const FILLER: Blocks = Blocks::new("raw");
    let dir = tempfile::tempdir()?;
    let (path, left) = (
        dir.path().join("metrics.redb"),
        dir.path().join("left.redb"),
    );
    let store = Store::open_large(&path, None)?;
    let row = [0x5a_u8; 600];
    for window in 0..(stored / (600 * 8_192)) as u32 {
        let rows = (0..8_192).map(|series| ((window, series), &row[..]));
        store.write_now(|tables| tables.put_blocks(FILLER, rows))?;
    }
    // As a killed process leaves it: copied while it is open.
    std::fs::copy(&path, &left)?;
    // Opening syncs; writing the copy out is not what is timed.
    std::fs::File::open(&left)?.sync_all()?;
    drop(store);
    let before = monotonic();
    let store = Store::open_large(&left, None)?;
    store.read_now(|tables| tables.blocks(FILLER)?.first())?;
    let took = (monotonic() - before).as_secs_f64() * 1e3;
    let size = left.metadata()?.len() as f64 / 1e9;
    let figure = format!("opening {size:.1} GB after kill -9");
    table.add(
        &figure,
        Quantity::Millis(took),
        Budget::AtMost(Quantity::Millis(50.0)),
    );
    Ok(())
}
