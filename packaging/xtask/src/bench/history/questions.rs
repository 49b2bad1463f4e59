//! How long answers take, and how many rows they read.

use anyhow::Result;
use tokio::task::yield_now;

use pulse_history::{Answer, Ask, Span};
use pulse_model::{Metric, ResourceId};

use super::super::table::{Budget, Quantity, Table};
use super::site::{HOUR, Site, monotonic, second};
use super::workload::Workload;

const REPEATS: usize = 50;

/// One metric of ninety days in a thousand points.
pub async fn ninety_days(table: &mut Table) -> Result<()> {
    let site = Site::start(None).await?;
    let mut workload = Workload::harsh();
    let hours = 91 * 24 + 5;
    for hour in 0..hours {
        // A sample a minute: what is read is rows, however full.
        for seconds in (hour * HOUR..(hour + 1) * HOUR).step_by(60) {
            site.tick(&mut workload, 1, seconds).await?;
        }
        site.seal(hour).await?;
        yield_now().await;
    }
    let span = Span {
        start: second((hours - 90 * 24) * HOUR)?,
        end: second(hours * HOUR)?,
        points: 1_000,
    };
    let (answer, millis) = timed(&site, 1, &[Metric::Cpu], span).await?;
    let rows = Quantity::Count(answer.rows_read as f64);
    table.add(
        "90 days, 1,000 points: rows read",
        rows,
        Budget::AtMost(Quantity::Count(46.0)),
    );
    let limit = Budget::AtMost(Quantity::Millis(1.0));
    table.add(
        "90 days, 1,000 points, cached, median",
        Quantity::Millis(millis),
        limit,
    );
    Ok(())
}

/// Five metrics of fifty resources over a day of samples.
pub async fn a_page(table: &mut Table) -> Result<()> {
    const METRICS: [Metric; 5] = [
        Metric::Cpu,
        Metric::Memory,
        Metric::Disk,
        Metric::NetIn,
        Metric::NetOut,
    ];
    let site = Site::start(None).await?;
    let mut workload = Workload::harsh();
    for hour in 0..24 {
        site.hour(&mut workload, 50, hour).await?;
    }
    let mut span = Span {
        start: second(0)?,
        end: second(24 * HOUR)?,
        points: 2_000,
    };
    let (answer, millis) = timed(&site, 50, &METRICS, span).await?;
    assert_eq!(answer.series.len(), 250, "every series is answered");
    let figure = format!(
        "250 series x 24 h of samples ({} rows), median",
        answer.rows_read
    );
    table.add(
        &figure,
        Quantity::Millis(millis),
        Budget::AtMost(Quantity::Millis(50.0)),
    );
    span.points = 60;
    let (answer, millis) = timed(&site, 50, &METRICS, span).await?;
    let figure = format!(
        "250 series x 24 h, 60 points ({} rows), median",
        answer.rows_read
    );
    table.add(
        &figure,
        Quantity::Millis(millis),
        Budget::AtMost(Quantity::Millis(100.0)),
    );
    Ok(())
}

async fn timed(
    site: &Site,
    resources: usize,
    metrics: &[Metric],
    span: Span,
) -> Result<(Answer, f64)> {
    let ask = |resource| Ask {
        resource: ResourceId::new(format!("resource-{resource}")),
        metrics: metrics.to_vec(),
    };
    let asks: Vec<Ask> = (0..resources).map(ask).collect();
    let mut answer = site.history.query_many(asks.clone(), span).await?;
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let before = monotonic();
        answer = site.history.query_many(asks.clone(), span).await?;
        times.push((monotonic() - before).as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok((answer, times[REPEATS / 2]))
}
