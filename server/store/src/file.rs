//! Private files: those few that other programs read, such as a first token or a key.
//!
//! Mode 0600, replaced as a whole, never through a symbolic link. The functions block.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;

use crate::Error;

/// Ends the name of a file that is being written; one left by a crash is swept at the next start.
const UNFINISHED: &str = ".pulse-tmp";

/// Replaces the content of `path`: afterwards the file is wholly the old or wholly `bytes`, also
/// after a power cut.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    publish_private(path, |mut unfinished| {
        unfinished
            .write_all(bytes)
            .map_err(Error::io("write", path))
    })
}

/// Lets `fill` write a fresh private file, which becomes `path` once all of it is on disk.
pub(crate) fn publish_private(
    path: &Path,
    fill: impl FnOnce(File) -> Result<(), Error>,
) -> Result<(), Error> {
    refuse_symlink(path)?;
    let unfinished = unfinished_name(path)?;
    let published = create_private(&unfinished).and_then(|file| {
        fill(file.try_clone().map_err(Error::io("write", &unfinished))?)?;
        file.sync_all().map_err(Error::io("sync", &unfinished))?;
        fs::rename(&unfinished, path).map_err(Error::io("replace", path))
    });
    if published.is_err() {
        // Best effort: the error to report is the one above.
        let _ = fs::remove_file(&unfinished);
    }
    published?;
    sync_parent(path)
}

/// Returns the content of `path`, or `None` if there is no such file, and closes it to other users.
///
/// A file longer than `max` bytes is an error, and so is a symbolic link, anything else that is
/// not a plain file, and a file of another user. Root may read what belongs to the directory's
/// owner: that is how an administrator looks at a server's files.
pub fn read_private(path: &Path, max: u64) -> Result<Option<Vec<u8>>, Error> {
    let Some(file) = open_to_read(path)? else {
        return Ok(None);
    };
    if is_loose(path, &file)? {
        restrict(path, &file, 0o600)?;
    }
    read_up_to(path, file, max)
}

/// Like [`read_private`], but a file that was open to other users counts as absent: its content is
/// no secret any more, and a fresh one is called for.
pub fn read_secret(path: &Path, max: u64) -> Result<Option<Vec<u8>>, Error> {
    match open_to_read(path)? {
        Some(file) if is_loose(path, &file)? => Ok(None),
        Some(file) => read_up_to(path, file, max),
        None => Ok(None),
    }
}

fn open_to_read(path: &Path) -> Result<Option<File>, Error> {
    refuse_symlink(path)?;
    let mut options = OpenOptions::new();
    options
        .read(true)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits());
    let file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("open", path)(error)),
    };
    refuse_other_types(path, &file)?;
    let owner = look_at(path, &file)?.uid();
    if owner == own_user() || is_root_visiting(path, owner)? {
        return Ok(Some(file));
    }
    Err(foreign(path))
}

/// Tells whether we are root and `owner` has the directory `path` is in.
fn is_root_visiting(path: &Path, owner: u32) -> Result<bool, Error> {
    if own_user() != 0 {
        return Ok(false);
    }
    let dir = parent(path);
    let found = fs::metadata(dir).map_err(Error::io("look at", dir))?;
    Ok(found.uid() == owner)
}

fn read_up_to(path: &Path, file: File, max: u64) -> Result<Option<Vec<u8>>, Error> {
    let mut bytes = Vec::new();
    file.take(max.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(Error::io("read", path))?;
    if bytes.len() as u64 > max {
        let what = path.display().to_string();
        return Err(Error::TooLarge {
            what,
            size: bytes.len() as u64,
            limit: max,
        });
    }
    Ok(Some(bytes))
}

/// Removes `path` and tells whether it was there.
pub fn remove(path: &Path) -> Result<bool, Error> {
    match fs::remove_file(path) {
        Ok(()) => sync_parent(path).map(|()| true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("remove", path)(error)),
    }
}

/// Tells whether `path` is on a file system that writes every change somewhere else, where many
/// small writes are dear.
#[cfg(target_os = "linux")]
pub fn is_copy_on_write(path: &Path) -> bool {
    use nix::sys::statfs::{BTRFS_SUPER_MAGIC, FsType, statfs};
    const ZFS: FsType = FsType(0x2fc1_2fc1);
    const BCACHEFS: FsType = FsType(0xca45_1a4e);
    let found = statfs(path).map(|found| found.filesystem_type());
    found.is_ok_and(|kind| [BTRFS_SUPER_MAGIC, ZFS, BCACHEFS].contains(&kind))
}

/// Tells whether `path` is on a file system that writes every change somewhere else, as far as
/// this system says.
#[cfg(not(target_os = "linux"))]
pub fn is_copy_on_write(_: &Path) -> bool {
    false
}

/// Opens `path` for writing at its end, creating it empty, and makes it private.
pub fn append_private(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    open_with(path, options)
}

/// Opens `path` for reading and writing, creating it empty, and makes it private.
pub(crate) fn open_private(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    open_with(path, options)
}

fn open_with(path: &Path, mut options: OpenOptions) -> Result<File, Error> {
    refuse_symlink(path)?;
    let file = options
        .mode(0o600)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits())
        .open(path)
        .map_err(Error::io("open", path))?;
    refuse_other_types(path, &file)?;
    tighten(path, &file, 0o600)?;
    Ok(file)
}

/// Tells whether there is anything at `path`.
pub(crate) fn exists(path: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("look at", path)(error)),
    }
}

/// Creates the directory `path` with its parents if need be, and makes it private.
pub fn open_private_dir(path: &Path) -> Result<(), Error> {
    // With a slash at its end, a link's name means what the link points to.
    let path: &Path = &path.components().collect::<PathBuf>();
    refuse_symlink(path)?;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(Error::io("create the directory", path))?;
    let dir = OpenOptions::new()
        .read(true)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_DIRECTORY).bits())
        .open(path)
        .map_err(Error::io("open the directory", path))?;
    tighten(path, &dir, 0o700)
}

/// Removes what an interrupted [`write_private`] left in `dir`.
pub(crate) fn sweep_unfinished(dir: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let entry = entry.map_err(Error::io("list", dir))?;
        if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn unfinished_name(path: &Path) -> Result<PathBuf, Error> {
    let mut random = [0; 8];
    getrandom::fill(&mut random)
        .map_err(|error| Error::io("name", path)(std::io::Error::other(error)))?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}{UNFINISHED}", hex::encode(random)));
    Ok(name.into())
}

pub(crate) fn create_private(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(0o600);
    options.open(path).map_err(Error::io("create", path))
}

pub(crate) fn sync_parent(path: &Path) -> Result<(), Error> {
    let parent = parent(path);
    let dir = File::open(parent).map_err(Error::io("open the directory", parent))?;
    dir.sync_all()
        .map_err(Error::io("sync the directory", parent))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn refuse_symlink(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(Error::Symlink {
            path: path.to_owned(),
        }),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("look at", path)(error)),
    }
}

fn refuse_other_types(path: &Path, file: &File) -> Result<(), Error> {
    if look_at(path, file)?.is_file() {
        return Ok(());
    }
    Err(Error::Unsafe {
        path: path.to_owned(),
        problem: "is not a plain file",
    })
}

/// Closes what is ours to other users. What is not ours is refused however closed it is: its owner
/// can open it again.
fn tighten(path: &Path, file: &File, mode: u32) -> Result<(), Error> {
    if look_at(path, file)?.uid() != own_user() {
        return Err(foreign(path));
    }
    if is_loose(path, file)? {
        restrict(path, file, mode)?;
    }
    Ok(())
}

/// Tells whether other users may do anything with an open file or directory.
fn is_loose(path: &Path, file: &File) -> Result<bool, Error> {
    Ok(look_at(path, file)?.mode() & 0o077 != 0)
}

fn restrict(path: &Path, file: &File, mode: u32) -> Result<(), Error> {
    file.set_permissions(fs::Permissions::from_mode(mode))
        .map_err(Error::io("restrict access to", path))
}

fn look_at(path: &Path, file: &File) -> Result<fs::Metadata, Error> {
    file.metadata().map_err(Error::io("look at", path))
}

fn own_user() -> u32 {
    nix::unistd::geteuid().as_raw()
}

fn foreign(path: &Path) -> Error {
    Error::Unsafe {
        path: path.to_owned(),
        problem: "belongs to another user",
    }
}
