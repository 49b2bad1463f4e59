//! Linux software RAID, from `/proc/mdstat` and the arrays' own files.

mod mdstat;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Raid)
}

struct Raid;

impl Collector for Raid {
    fn name(&self) -> &'static str {
        "raid"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let text = crate::roots::read_text(&cx.roots.proc.join("mdstat"), "software RAID")?;
        let mut arrays = mdstat::parse(&text);
        if arrays.is_empty() {
            return Err(Error::Absent("software RAID"));
        }
        for array in &mut arrays {
            let name = array.device.trim_start_matches("/dev/").to_owned();
            let directory = cx.roots.sys.join("block").join(name).join("md");
            array.uuid = crate::roots::read_line(&directory.join("uuid")).unwrap_or_default();
        }
        Ok(Reading::new(move |report| report.raid.clone_from(&arrays)))
    }
}
