//! Tables of raw bytes under pairs of numbers, for rows that carry their own checksum and format.

use std::ops::Bound;

use redb::{ReadableTable, TableDefinition, TableError};

use crate::{Error, Reader, Writer};

/// Key of a block: first what is read and deleted together, then what tells apart.
pub type BlockKey = (u32, u32);

/// Names a table of blocks.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    name: &'static str,
}

impl Blocks {
    /// Declares a table; meant for a `const`.
    pub const fn new(name: &'static str) -> Self {
        Self { name }
    }

    /// Returns the table's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    fn definition(self) -> TableDefinition<'static, BlockKey, &'static [u8]> {
        TableDefinition::new(self.name)
    }
}

/// A table of blocks opened for reading many.
pub struct BlockReader(Option<redb::ReadOnlyTable<BlockKey, &'static [u8]>>);

impl BlockReader {
    /// Hands the block under `key` to `take`, if there is one.
    pub fn get<T>(&self, key: BlockKey, take: impl FnOnce(&[u8]) -> T) -> Result<Option<T>, Error> {
        let Some(rows) = &self.0 else { return Ok(None) };
        let found = rows.get(key).map_err(Error::engine("read"))?;
        Ok(found.map(|block| take(block.value())))
    }

    /// Hands every key from `from` up to and without `to` to `visit`, with its block.
    pub fn each(
        &self,
        from: BlockKey,
        to: BlockKey,
        mut visit: impl FnMut(BlockKey, &[u8]),
    ) -> Result<(), Error> {
        let Some(rows) = &self.0 else { return Ok(()) };
        for row in rows.range(from..to).map_err(Error::engine("read"))? {
            let (key, block) = row.map_err(Error::engine("read"))?;
            visit(key.value(), block.value());
        }
        Ok(())
    }

    /// Returns the first key not before `from`.
    pub fn first_from(&self, from: BlockKey) -> Result<Option<BlockKey>, Error> {
        let Some(rows) = &self.0 else { return Ok(None) };
        let mut found = rows.range(from..).map_err(Error::engine("read"))?;
        let first = found.next().transpose().map_err(Error::engine("read"))?;
        Ok(first.map(|(key, _)| key.value()))
    }

    /// Returns the first key there is.
    pub fn first(&self) -> Result<Option<BlockKey>, Error> {
        let Some(rows) = &self.0 else { return Ok(None) };
        let first = rows.first().map_err(Error::engine("read"))?;
        Ok(first.map(|(key, _)| key.value()))
    }
}

impl Reader {
    /// Opens a table of blocks; one that was never written is empty.
    pub fn blocks(&self, table: Blocks) -> Result<BlockReader, Error> {
        match self.transaction().open_table(table.definition()) {
            Ok(rows) => Ok(BlockReader(Some(rows))),
            Err(TableError::TableDoesNotExist(_)) => Ok(BlockReader(None)),
            Err(error) => Err(Error::engine("open a table of")(error)),
        }
    }
}

impl Writer {
    /// Stores blocks in the order of their keys, in place of what was there.
    pub fn put_blocks<'a>(
        &mut self,
        table: Blocks,
        blocks: impl IntoIterator<Item = (BlockKey, &'a [u8])>,
    ) -> Result<(), Error> {
        self.changing(|txn| {
            let mut rows = txn
                .open_table(table.definition())
                .map_err(Error::engine("open a table of"))?;
            for (key, block) in blocks {
                rows.insert(key, block).map_err(Error::engine("write to"))?;
            }
            Ok(())
        })
    }

    /// Removes the blocks whose key's first part is below `end`, showing each to `visit`.
    pub fn remove_blocks_below(
        &mut self,
        table: Blocks,
        end: u32,
        mut visit: impl FnMut(&[u8]),
    ) -> Result<(), Error> {
        self.changing(|txn| {
            let mut rows = txn
                .open_table(table.definition())
                .map_err(Error::engine("open a table of"))?;
            let below = (Bound::Unbounded, Bound::Excluded((end, 0)));
            rows.retain_in::<BlockKey, _>(below, |_, block| {
                visit(block);
                false
            })
            .map_err(Error::engine("write to"))
        })
    }
}
