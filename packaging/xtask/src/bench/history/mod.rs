//! `cargo xtask bench history`: the history alone, on a clock set by hand, and its figures beside
//! the budgets of docs/HISTORY.md. Bytes and counts are the gates; times were taken on a machine
//! that does other things too.

mod bytes;
mod questions;
mod scale;
mod site;
mod workload;

use anyhow::Result;
use tokio::runtime::Builder;

use super::Arguments;
use super::table::Table;
use workload::Workload;

/// Hosts whose writes are counted, as the budget has it.
const HOSTS: usize = 125;

/// Measures the history and prints the table.
///
/// # Errors
/// When a directory cannot be used or the recorded workload is missing.
pub fn bench(arguments: &Arguments) -> Result<()> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let table = runtime.block_on(measure(arguments))?;
    table.print();
    Ok(())
}

async fn measure(arguments: &Arguments) -> Result<Table> {
    let mut table = Table::default();
    let recorded = Workload::recorded()?;
    bytes::sealed(&mut table, Workload::harsh(), "harsh").await?;
    bytes::sealed(&mut table, recorded.clone(), "recorded").await?;
    bytes::written(&mut table, arguments).await?;
    questions::ninety_days(&mut table).await?;
    questions::a_page(&mut table).await?;
    scale::hours(&mut table, Workload::harsh(), "harsh", arguments.resources).await?;
    scale::hours(&mut table, recorded, "recorded", arguments.resources).await?;
    scale::opening(&mut table, arguments.stored)?;
    Ok(table)
}
