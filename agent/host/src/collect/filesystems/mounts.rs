//! Reads the kernel's mount table, `/proc/self/mountinfo`.

use super::Mount;

/// Returns the mounts in the order they were made.
///
/// A line is `id parent major:minor root mountpoint options [more…] - type source options`.
pub(super) fn parse(text: &str) -> Vec<Mount> {
    text.lines().filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<Mount> {
    let (before, after) = line.split_once(" - ")?;
    let mountpoint = before.split(' ').nth(4)?;
    let mut after = after.split(' ');
    let kind = after.next()?.to_owned();
    let device = unescape(after.next().unwrap_or_default());
    Some(Mount {
        device,
        mountpoint: unescape(mountpoint),
        kind,
    })
}

/// Spaces, tabs, line breaks and backslashes are written as three octal digits.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'\\'
            && let Some(code) = tail.get(..3)
            && let Some(value) = octal(code)
        {
            bytes.push(value);
            rest = &tail[3..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn octal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_place_and_type_are_read() {
        let text = "29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n\
            43 40 0:33 / /mnt/my\\040disk rw shared:21 master:2 - fuse.mergerfs a:b rw\n\
            44 40 0:34 / /x rw - tmpfs  rw\n\
            rubbish\n\
            1 2 3 - ext4\n";
        let mount = |device: &str, mountpoint: &str, kind: &str| Mount {
            device: device.to_owned(),
            mountpoint: mountpoint.to_owned(),
            kind: kind.to_owned(),
        };
        let expected = [
            mount("/dev/sda2", "/", "ext4"),
            mount("a:b", "/mnt/my disk", "fuse.mergerfs"),
            mount("", "/x", "tmpfs"),
        ];
        assert_eq!(parse(text), expected);
    }

    #[test]
    fn a_broken_escape_is_kept_as_it_is() {
        assert_eq!(unescape("a\\04"), "a\\04");
        assert_eq!(unescape("a\\999b\\134"), "a\\999b\\");
    }

    #[test]
    fn a_captured_machine_reads() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/1/mountinfo") else {
            return;
        };
        let mounts = parse(&text);
        let root = mounts
            .iter()
            .find(|mount| mount.mountpoint == "/")
            .expect("a root");
        assert_eq!(
            (root.kind.as_str(), root.device.as_str()),
            ("ext4", "/dev/dm-2")
        );
    }
}
