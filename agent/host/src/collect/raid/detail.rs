//! Reads what `mdadm --detail` prints: lines `  Name : value`, then a table of members.

use pulse_protocol::report::host::RaidArray;

/// What the kernel's list of arrays leaves out, and what does not change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) uuid: String,
    pub(super) name: String,
    pub(super) level: String,
}

impl Detail {
    pub(super) fn add_to(&self, array: &mut RaidArray) {
        array.uuid.clone_from(&self.uuid);
        if !self.name.is_empty() {
            array.name.clone_from(&self.name);
        }
        if array.level.is_empty() {
            array.level.clone_from(&self.level);
        }
    }
}

pub(super) fn parse(text: &str) -> Detail {
    let value = |name: &str| {
        let value = text.lines().find_map(|line| {
            let (found, value) = line.split_once(" : ")?;
            (found.trim() == name).then(|| value.trim())
        });
        value.unwrap_or_default()
    };
    let name = value("Name").split_ascii_whitespace().next();
    Detail {
        uuid: value("UUID")
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned(),
        name: name.unwrap_or_default().to_owned(),
        level: value("Raid Level").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_arrays_read() {
        let read = |name: &str| crate::captures::read(&format!("mdadm/jc/mdadm-query-{name}.out"));
        let Some(text) = read("raid1-faulty-with-spare") else {
            return;
        };
        let detail = parse(&text);
        assert_eq!(detail.uuid, "e054553a:fbccdcfe:0ae80bc8:9379377a");
        assert_eq!(
            (detail.name.as_str(), detail.level.as_str()),
            ("sysrescue:126", "raid1")
        );
        let member = parse(&read("container1-member").expect("beside the first"));
        assert_eq!((member.uuid.as_str(), member.level.as_str()), ("", "raid1"));
    }

    #[test]
    fn other_texts_say_nothing() {
        assert_eq!(parse("mdadm: cannot open /dev/md9\n"), Detail::default());
    }
}
