//! The server's own figures. Open to anyone, so no names of hosts, users or resources are in here.

mod areas;
mod http;
mod promised;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::app::App;
use crate::exposition::{Format, Page};

/// Returns every figure.
pub(super) fn render(app: &App, format: Format) -> String {
    let mut page = Page::new(format);
    areas::write(app, &mut page);
    promised::write(app, &mut page);
    http::write(app, &mut page);
    page.end();
    page.take()
}

fn of(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
