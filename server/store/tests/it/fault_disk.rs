//! A disk in memory that loses power, tears writes and fails on demand.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use pulse_model::Entropy;
use redb::StorageBackend;

/// What a disk writes as a whole or not at all.
const SECTOR: u64 = 512;

/// How long a fault lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// One call fails, the next succeeds.
    Once,
    /// Everything fails from then on, as after a power cut.
    ForEver,
}

/// Shared by the store under test and the test that breaks it.
#[derive(Clone, Debug, Default)]
pub struct FaultDisk(Arc<Mutex<Disk>>);

#[derive(Debug, Default)]
struct Disk {
    /// What a power cut cannot take away.
    durable: Vec<u8>,
    /// What the running program reads back.
    seen: Vec<u8>,
    unsynced: Vec<Change>,
    planned: Option<(u64, Fault)>,
    calls: u64,
}

#[derive(Debug)]
enum Change {
    Resize(u64),
    Write { offset: u64, bytes: Vec<u8> },
}

impl FaultDisk {
    /// Returns a disk that holds `image`.
    pub fn holding(image: Vec<u8>) -> Self {
        let disk = Disk {
            durable: image.clone(),
            seen: image,
            ..Disk::default()
        };
        Self(Arc::new(Mutex::new(disk)))
    }

    /// Lets `calls` more calls pass and then fails.
    pub fn fail_after(&self, calls: u64, fault: Fault) {
        let mut disk = self.disk();
        disk.planned = Some((disk.calls + calls, fault));
    }

    /// Tells whether a planned fault has not struck yet.
    pub fn is_waiting_to_fail(&self) -> bool {
        let disk = self.disk();
        disk.planned.is_some_and(|(at, _)| disk.calls <= at)
    }

    /// Returns everything written so far.
    pub fn image(&self) -> Vec<u8> {
        self.disk().seen.clone()
    }

    /// Cuts the power: of what was not synced, each sector is kept or lost as `luck` has it.
    pub fn after_power_cut(&self, luck: &Entropy) -> Self {
        let disk = self.disk();
        let mut image = disk.durable.clone();
        // One cut in four loses everything unsynced, one keeps everything, the rest tear.
        let [mode] = luck.bytes::<1>();
        let is_kept = || match mode % 4 {
            0 => false,
            1 => true,
            _ => luck.bytes::<1>()[0] < 128,
        };
        for change in &disk.unsynced {
            match change {
                Change::Resize(len) if is_kept() => image.resize(*len as usize, 0),
                Change::Resize(_) => {}
                Change::Write { offset, bytes } => {
                    for (start, sector) in sectors(*offset, bytes) {
                        if is_kept() {
                            overwrite(&mut image, start, sector);
                        }
                    }
                }
            }
        }
        Self::holding(image)
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0
            .lock()
            .expect("no test panics while it holds the disk")
    }

    fn called(&self) -> io::Result<MutexGuard<'_, Disk>> {
        let mut disk = self.disk();
        let call = disk.calls;
        disk.calls += 1;
        match disk.planned {
            Some((at, Fault::Once)) if call == at => Err(io::Error::other("planned fault")),
            Some((at, Fault::ForEver)) if call >= at => Err(io::Error::other("no power")),
            _ => Ok(disk),
        }
    }
}

impl StorageBackend for FaultDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.called()?.seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let disk = self.called()?;
        let start = offset as usize;
        let found = disk.seen.get(start..start + out.len());
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut disk = self.called()?;
        disk.seen.resize(len as usize, 0);
        disk.unsynced.push(Change::Resize(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut disk = self.called()?;
        disk.durable = disk.seen.clone();
        disk.unsynced.clear();
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.called()?;
        overwrite(&mut disk.seen, offset, bytes);
        disk.unsynced.push(Change::Write {
            offset,
            bytes: bytes.to_vec(),
        });
        Ok(())
    }
}

/// Cuts `bytes` where the disk's sectors end.
fn sectors(offset: u64, bytes: &[u8]) -> Vec<(u64, &[u8])> {
    let mut cut = Vec::new();
    let (mut start, mut rest) = (offset, bytes);
    while !rest.is_empty() {
        let room = (SECTOR - start % SECTOR) as usize;
        let (sector, after) = rest.split_at(room.min(rest.len()));
        cut.push((start, sector));
        start += sector.len() as u64;
        rest = after;
    }
    cut
}

fn overwrite(image: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let (start, end) = (offset as usize, offset as usize + bytes.len());
    if image.len() < end {
        image.resize(end, 0);
    }
    image[start..end].copy_from_slice(bytes);
}
