//! *Same disk*: what a machine's agent sees in it and what its hypervisor does. A serial number alone
//! joins nobody: cheap disks and adapters share theirs, so the machine has to be the same as well.

use pulse_model::Kind;
use pulse_model::facet::PhysicalDisk;

use crate::compose::View;
use crate::join::hints;

/// Speaks for two views of one disk in one machine.
pub(crate) fn same_disk(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let (ours, theirs) = (disk_of(a)?, disk_of(b)?);
    a.home.filter(|home| b.home == Some(*home))?;
    // Two parts of one device have one serial number and a name each, which says more.
    if let (Some(name), Some(other)) = (wwn(ours), wwn(theirs)) {
        return (name == other).then(|| format!("same machine and world wide name {name}"));
    }
    let number = serial(ours)?;
    (serial(theirs).as_ref() == Some(&number))
        .then(|| format!("same machine and serial number {number}"))
}

/// Tells whether two views can only be one where they are in one machine, and are not.
pub(crate) fn are_elsewhere(a: &View<'_>, b: &View<'_>) -> bool {
    let is_disk = |view: &View<'_>| view.part.sighting.kind == Kind::PhysicalDisk;
    is_disk(a) && is_disk(b) && a.home != b.home
}

/// Returns the names a disk may be found by.
pub(crate) fn names(disk: &PhysicalDisk) -> impl Iterator<Item = String> {
    wwn(disk).into_iter().chain(serial(disk))
}

fn disk_of<'a>(view: &View<'a>) -> Option<&'a PhysicalDisk> {
    let sighting = &view.part.sighting;
    let disk = sighting.facets.physical_disk.as_deref();
    disk.filter(|_| sighting.kind == Kind::PhysicalDisk)
}

fn serial(disk: &PhysicalDisk) -> Option<String> {
    plain(disk.serial.as_deref()?)
}

/// Returns the name without the mark of its kind, which not every tool shows.
fn wwn(disk: &PhysicalDisk) -> Option<String> {
    let name = plain(disk.wwn.as_deref()?)?;
    let marks = ["0x", "naa", "eui", "wwn"];
    let bare = marks.iter().find_map(|mark| name.strip_prefix(mark));
    Some(bare.unwrap_or(&name).to_owned())
}

/// Returns a text that identifies as all tools write it: without case, blanks and marks.
fn plain(text: &str) -> Option<String> {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    let text: String = kept.map(|c| c.to_ascii_lowercase()).collect();
    (text != "unknown" && hints::is_unique(&text)).then_some(text)
}
