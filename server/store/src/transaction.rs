//! What a closure given to [`crate::Store`] may do with the tables.

use std::cell::Cell;

use redb::{ReadTransaction, ReadableTable, TableDefinition, TableError, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Table};

/// The records a scan found, and those it could not read.
#[derive(Debug)]
pub struct Scan<V> {
    /// Key and value of each readable record, in the order of the keys.
    pub rows: Vec<(String, V)>,
    /// The records that are there but cannot be used.
    pub damaged: Vec<Damage>,
}

/// One record a scan had to leave out.
#[derive(Debug)]
pub struct Damage {
    /// The record's key.
    pub key: String,
    /// Why it was left out: [`Error::Damaged`] or [`Error::NewerSchema`].
    pub error: Error,
}

/// A consistent view of all tables as of the moment it was opened.
pub struct Reader {
    txn: ReadTransaction,
}

/// A view that may be changed; all changes appear together, or none does.
pub struct Writer {
    txn: WriteTransaction,
    changed: bool,
    /// Set once the engine failed under us, even if the closure swallows or wraps the error.
    spoilt: Cell<bool>,
}

fn definition<V>(table: &Table<V>) -> TableDefinition<'static, &'static str, &'static [u8]> {
    TableDefinition::new(table.name)
}

impl Reader {
    pub(crate) fn over(txn: ReadTransaction) -> Self {
        Self { txn }
    }

    /// Returns the record under `key`, if there is one.
    pub fn get<V: DeserializeOwned>(
        &self,
        table: &Table<V>,
        key: &str,
    ) -> Result<Option<V>, Error> {
        match self.open(table)? {
            Some(rows) => find(table, &rows, key),
            None => Ok(None),
        }
    }

    /// Returns every record whose key starts with `prefix`.
    pub fn scan<V: DeserializeOwned>(
        &self,
        table: &Table<V>,
        prefix: &str,
    ) -> Result<Scan<V>, Error> {
        self.scan_at_most(table, prefix, usize::MAX)
    }

    /// Returns the first `limit` records, damaged ones included, whose key starts with `prefix`.
    pub fn scan_at_most<V: DeserializeOwned>(
        &self,
        table: &Table<V>,
        prefix: &str,
        limit: usize,
    ) -> Result<Scan<V>, Error> {
        match self.open(table)? {
            Some(rows) => walk(table, &rows, prefix, limit),
            None => Ok(Scan {
                rows: Vec::new(),
                damaged: Vec::new(),
            }),
        }
    }

    pub(crate) fn transaction(&self) -> &ReadTransaction {
        &self.txn
    }

    fn open<V>(
        &self,
        table: &Table<V>,
    ) -> Result<Option<impl ReadableTable<&'static str, &'static [u8]> + use<V>>, Error> {
        match self.txn.open_table(definition(table)) {
            Ok(rows) => Ok(Some(rows)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(Error::engine("open a table of")(error)),
        }
    }
}

impl Writer {
    pub(crate) fn over(txn: WriteTransaction) -> Self {
        Self {
            txn,
            changed: false,
            spoilt: Cell::new(false),
        }
    }

    /// Returns the record under `key` as changed so far, if there is one.
    pub fn get<V: DeserializeOwned>(
        &self,
        table: &Table<V>,
        key: &str,
    ) -> Result<Option<V>, Error> {
        self.noting(|| find(table, &self.open(table)?, key))
    }

    /// Returns every record, as changed so far, whose key starts with `prefix`.
    pub fn scan<V: DeserializeOwned>(
        &self,
        table: &Table<V>,
        prefix: &str,
    ) -> Result<Scan<V>, Error> {
        self.noting(|| walk(table, &self.open(table)?, prefix, usize::MAX))
    }

    /// Returns how many records `table` has.
    pub fn count<V>(&self, table: &Table<V>) -> Result<u64, Error> {
        use redb::ReadableTableMetadata;
        self.noting(|| self.open(table)?.len().map_err(Error::engine("read")))
    }

    /// Stores `value` under `key`, in place of what was there.
    ///
    /// A record of a newer schema is left alone and is an error.
    pub fn put<V: Serialize>(
        &mut self,
        table: &Table<V>,
        key: &str,
        value: &V,
    ) -> Result<(), Error> {
        let frame = table.encode(key, value)?;
        self.noting(|| {
            let mut rows = self.open(table)?;
            if let Some(present) = rows.get(key).map_err(Error::engine("read"))? {
                table.check_schema(key, present.value())?;
            }
            rows.insert(key, frame.as_slice())
                .map_err(Error::engine("write to"))?;
            Ok(())
        })?;
        self.changed = true;
        Ok(())
    }

    /// Removes the record under `key` and tells whether there was one.
    pub fn remove<V>(&mut self, table: &Table<V>, key: &str) -> Result<bool, Error> {
        let was_there = self.noting(|| {
            let mut rows = self.open(table)?;
            let removed = rows.remove(key).map_err(Error::engine("write to"))?;
            Ok(removed.is_some())
        })?;
        self.changed |= was_there;
        Ok(was_there)
    }

    /// Runs `change` on the engine's own transaction.
    pub(crate) fn changing<T>(
        &mut self,
        change: impl FnOnce(&WriteTransaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let changed = self.noting(|| change(&self.txn))?;
        self.changed = true;
        Ok(changed)
    }

    pub(crate) fn is_spoilt(&self) -> bool {
        self.spoilt.get()
    }

    /// Makes the changes durable; without any, leaves the file untouched.
    pub(crate) fn finish(self) -> Result<(), Error> {
        if !self.changed {
            return self.txn.abort().map_err(Error::engine("leave"));
        }
        self.txn.commit().map_err(Error::engine("commit to"))
    }

    fn open<V>(
        &self,
        table: &Table<V>,
    ) -> Result<redb::Table<'_, &'static str, &'static [u8]>, Error> {
        self.txn
            .open_table(definition(table))
            .map_err(Error::engine("open a table of"))
    }

    fn noting<T>(&self, step: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let outcome = step();
        if matches!(&outcome, Err(error) if error.spoils_engine()) {
            self.spoilt.set(true);
        }
        outcome
    }
}

fn find<V: DeserializeOwned>(
    table: &Table<V>,
    rows: &impl ReadableTable<&'static str, &'static [u8]>,
    key: &str,
) -> Result<Option<V>, Error> {
    match rows.get(key).map_err(Error::engine("read"))? {
        Some(frame) => table.decode(key, frame.value()).map(Some),
        None => Ok(None),
    }
}

fn walk<V: DeserializeOwned>(
    table: &Table<V>,
    rows: &impl ReadableTable<&'static str, &'static [u8]>,
    prefix: &str,
    limit: usize,
) -> Result<Scan<V>, Error> {
    let mut scan = Scan {
        rows: Vec::new(),
        damaged: Vec::new(),
    };
    let failed = Error::engine("read");
    for row in rows.range(prefix..).map_err(&failed)?.take(limit) {
        let (key, frame) = row.map_err(&failed)?;
        let key = key.value();
        if !key.starts_with(prefix) {
            break;
        }
        match table.decode(key, frame.value()) {
            Ok(value) => scan.rows.push((key.to_owned(), value)),
            Err(error) => scan.damaged.push(Damage {
                key: key.to_owned(),
                error,
            }),
        }
    }
    Ok(scan)
}
