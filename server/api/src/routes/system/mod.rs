//! What concerns the server itself: its settings, its log, how it works.

mod announce;
mod bundle;
mod diagnostics;
mod interface;
mod level;
mod logs;
mod machine;
mod mock;
mod scheduler;
mod settings;
mod writes;
mod zip;

pub(crate) use diagnostics::{BUCKETS_MS as DIAGNOSTICS_BUCKETS_MS, Diagnostics};
pub(crate) use logs::READERS;
pub(crate) use writes::DiskWrites;

use super::row::{Category, Routes};
use crate::access::Access;
use crate::app::App;
use pulse_security::Scope;

/// Settings may hold a picture.
const SETTINGS_BODY: usize = 384 << 10;

/// Returns what the system tells about this process.
pub(crate) fn process_facts(app: &App) -> machine::Process {
    machine::process(app.0.writes.today())
}

const READ: Access = Access::Admin(Scope::SettingsRead);
const WRITE: Access = Access::Admin(Scope::SettingsWrite);

pub(super) fn routes() -> Routes {
    let routes = settings_routes(Routes::new("system"));
    let routes = mock::add(log_routes(routes));
    routes
        .get(
            "/api/diagnostics",
            Access::Scope(Scope::SettingsRead),
            "How this server works, made anew at most every 45 seconds",
            diagnostics::show,
        )
        .answers::<diagnostics::Report>()
        .get(
            "/api/monitoring/scheduler/health",
            Access::Scope(Scope::MonitoringRead),
            "How polling works, per connection",
            scheduler::health,
        )
        .answers::<pulse_sources::scheduler::Health>()
}

/// The route just added changes settings.
fn changes(routes: Routes) -> Routes {
    routes
        .takes::<pulse_settings::System>()
        .answers::<settings::Saved>()
        .body_limit(SETTINGS_BODY)
}

fn settings_routes(routes: Routes) -> Routes {
    let about = "Every setting, and which of them the environment fixes";
    let routes = routes
        .get("/api/system/settings", READ, about, settings::show)
        .answers::<settings::Shown>();
    let about = "Changes the settings that are named";
    let path = "/api/system/settings/update";
    let routes = changes(routes.post(path, WRITE, about, settings::update));
    page_routes(old_routes(routes))
}

/// The settings under their old name.
fn old_routes(routes: Routes) -> Routes {
    const PATH: &str = "/api/config/system";
    let old = |routes: Routes| changes(routes).limited(Category::ConfigWrites).legacy();
    let routes = routes
        .get(PATH, READ, "Every setting", settings::show)
        .answers::<settings::Shown>()
        .legacy();
    let routes = old(routes.post(PATH, WRITE, "Changes settings", settings::update));
    old(routes.put(PATH, WRITE, "Changes settings", settings::update))
}

/// The settings pages need.
fn page_routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/config",
            Access::Scope(Scope::MonitoringRead),
            "The few settings everybody may know",
            settings::known_to_all,
        )
        .answers::<settings::KnownToAll>()
        .get(
            "/api/settings",
            Access::Scope(Scope::SettingsRead),
            "How pages look",
            interface::show,
        )
        .answers::<interface::Interface>()
        .legacy()
        .post(
            "/api/settings/update",
            Access::Scope(Scope::SettingsWrite),
            "Changes how pages look",
            interface::update,
        )
        .takes::<interface::Interface>()
        .answers::<settings::Saved>()
        .legacy()
}

fn log_routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/logs/stream",
            READ,
            "The server's log as events: what there is, then what comes",
            logs::stream,
        )
        .media("text/event-stream")
        .get(
            "/api/logs/download",
            READ,
            "The end of the log and facts of the server, without secrets, to hand to somebody",
            bundle::download,
        )
        .media("application/zip")
        .get(
            "/api/logs/level",
            READ,
            "From which level on is logged",
            level::show,
        )
        .answers::<level::Level>()
        .post(
            "/api/logs/level",
            WRITE,
            "Changes that, at once and lastingly",
            level::set,
        )
        .takes::<level::Level>()
}
