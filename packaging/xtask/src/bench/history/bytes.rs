//! Bytes: of a sample, of a bucket, of a day.

use anyhow::Result;

use super::super::Arguments;
use super::super::table::{Budget, Quantity, Table};
use super::HOSTS;
use super::site::{self, HOUR, Site, device_written};
use super::workload::Workload;

/// Sealed samples, minutes and hours of a week.
pub async fn sealed(table: &mut Table, mut workload: Workload, name: &str) -> Result<()> {
    let site = Site::start(None).await?;
    for hour in 0..5 {
        site.hour(&mut workload, HOSTS * 4, hour).await?;
    }
    site.seal(4).await?;
    let stats = site.history.stats().await?;
    let samples = stats.points[0] as f64;
    let is_harsh = name == "harsh";
    let (row, allocated) = if is_harsh { (0.90, 1.1) } else { (0.60, 0.8) };
    let at_most = |bytes| Budget::AtMost(Quantity::BytesEach(bytes));
    table.add(
        &format!("sealed samples, {name}, rows alone"),
        Quantity::BytesEach(site.counted(|c| &c.raw_bytes) / samples),
        at_most(row),
    );
    table.add(
        &format!("sealed samples, {name}, index and all"),
        Quantity::BytesEach(stats.database_bytes as f64 / samples),
        at_most(allocated),
    );
    if !is_harsh {
        return Ok(());
    }
    let week = Site::start(None).await?;
    for hour in 0..7 * 24 {
        week.hour(&mut workload, HOSTS / 5, hour).await?;
    }
    week.seal(7 * 24 - 1).await?;
    let points = week.history.stats().await?.points;
    table.add(
        "a minute, harsh",
        Quantity::BytesEach(week.counted(|c| &c.minute_bytes) / points[1] as f64),
        at_most(2.9),
    );
    table.add(
        "an hour, harsh",
        Quantity::BytesEach(week.counted(|c| &c.hour_bytes) / points[2] as f64),
        at_most(3.5),
    );
    Ok(())
}

/// What is written in a day at the budget's size.
pub async fn written_of(site: &Site, days: i64) -> Result<()> {
    let mut workload = Workload::harsh();
    for hour in 0..days * 24 {
        site.hour(&mut workload, HOSTS, hour).await?;
    }
    Ok(())
}

/// Bytes of a flush and of a day, by process and, where a device is named, by device.
pub async fn written(table: &mut Table, arguments: &Arguments) -> Result<()> {
    let days = arguments.days;
    let site = Site::start(arguments.dir.as_deref()).await?;
    let mut workload = Workload::harsh();
    for seconds in (0..HOUR / 2).step_by(10) {
        site.tick(&mut workload, HOSTS, seconds).await?;
    }
    let device = arguments.device.as_deref();
    let by_device = || device.map_or(Ok(0.0), device_written);
    let (before, device_before) = (site::written()?, by_device()?);
    let (flushes, log) = (site.counted(|c| &c.flushes), site.counted(|c| &c.log_bytes));
    for seconds in (HOUR / 2..HOUR - 60).step_by(10) {
        site.tick(&mut workload, HOSTS, seconds).await?;
    }
    let flushes = site.counted(|c| &c.flushes) - flushes;
    let log = (site.counted(|c| &c.log_bytes) - log) / flushes;
    let process = (site::written()? - before) / flushes;
    table.add(
        "a flush, as appended",
        Quantity::Kilobytes(log / 1e3),
        Budget::None,
    );
    let at_most = |bytes| Budget::AtMost(Quantity::Kilobytes(bytes));
    table.add(
        "a flush, by process",
        Quantity::Kilobytes(process / 1e3),
        at_most(16.0),
    );
    if device.is_some() {
        let each = (by_device()? - device_before) / flushes;
        table.add(
            "a flush, by device",
            Quantity::Kilobytes(each / 1e3),
            at_most(36.0),
        );
    }
    drop(site);
    let site = Site::start(arguments.dir.as_deref()).await?;
    let (before, device_before) = (site::written()?, by_device()?);
    written_of(&site, days).await?;
    let per_day = (site::written()? - before) / days as f64;
    table.add(
        "a day, 125 hosts, by process",
        Quantity::Megabytes(per_day / 1e6),
        Budget::None,
    );
    if device.is_some() {
        let per_day = (by_device()? - device_before) / days as f64;
        // The rest of the budget of 100 MB is the state's.
        let limit = Budget::AtMost(Quantity::Megabytes(60.0));
        table.add(
            "a day, 125 hosts, by device",
            Quantity::Megabytes(per_day / 1e6),
            limit,
        );
    }
    Ok(())
}
