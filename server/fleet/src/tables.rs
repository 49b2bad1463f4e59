//! What of the fleet outlasts the process.

use pulse_model::{SourceId, SourceKind};
use pulse_store::{Store, Table, Writer};

use crate::record::Record;

/// What reports, by kind and name.
const SOURCES: Table<Record> = Table::new("fleet_sources", 1);
/// Divides the kind from the name in a key.
const DIVIDER: char = ':';

/// Returns what was written. A damaged record loses only itself.
pub(crate) fn load(store: &Store) -> Result<Vec<(SourceId, Record)>, pulse_store::Error> {
    let scan = store.read_now(|reader| reader.scan(&SOURCES, ""))?;
    for damage in &scan.damaged {
        tracing::warn!(
            table = SOURCES.name(),
            ?damage,
            "a record could not be read and is left out"
        );
    }
    let rows = scan.rows.into_iter().filter_map(|(key, record)| {
        let (kind, name) = key.split_once(DIVIDER)?;
        Some((SourceId::new(SourceKind::from_word(kind)?, name), record))
    });
    Ok(rows.collect())
}

/// Writes `batch` in one commit; what has no record any more goes.
pub(crate) async fn save(
    store: &Store,
    batch: Vec<(SourceId, Option<Record>)>,
) -> Result<(), pulse_store::Error> {
    let write = move |writer: &mut Writer| {
        for (source, record) in &batch {
            let key = source.to_string();
            match record {
                Some(record) => writer.put(&SOURCES, &key, record)?,
                None => writer.remove(&SOURCES, &key).map(|_| ())?,
            }
        }
        Ok(())
    };
    store.write(write).await
}
