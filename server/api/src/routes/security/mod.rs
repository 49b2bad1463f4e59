//! Getting in: first set-up, sign-in, API tokens, and what anybody may know about it.

mod errors;
mod session;
mod setup;
mod tokens;

pub(crate) use errors::api_error;

use super::row::{Category, Routes};
use crate::access::Access;
use pulse_security::Scope;

pub(super) fn routes() -> Routes {
    let admin = Access::Admin(Scope::SettingsWrite);
    Routes::new("security")
        .get(
            "/api/security/status",
            Access::Public,
            "Whether and how one gets in",
            session::status,
        )
        .answers::<session::SecurityStatus>()
        .post(
            "/api/security/validate-bootstrap-token",
            Access::Public,
            "Checks the first run's token",
            setup::validate,
        )
        .takes::<setup::BootstrapToken>()
        .status(204)
        .limited(Category::Auth)
        .csrf_exempt()
        .post(
            "/api/security/quick-setup",
            Access::Public,
            "Makes the administrator",
            setup::quick_setup,
        )
        .takes::<setup::QuickSetup>()
        .answers::<setup::QuickSetupDone>()
        .limited(Category::Auth)
        .post("/api/login", Access::Public, "Signs in", session::login)
        .takes::<session::Login>()
        .answers::<session::Done>()
        .limited(Category::Auth)
        .csrf_exempt()
        .post(
            "/api/logout",
            Access::Public,
            "Ends the session",
            session::logout,
        )
        .answers::<session::Done>()
        .limited(Category::Auth)
        .get(
            "/api/security/tokens",
            Access::Admin(Scope::SettingsRead),
            "Lists API tokens, never their text",
            tokens::list,
        )
        .answers::<tokens::TokenList>()
        .post(
            "/api/security/tokens",
            admin,
            "Makes an API token; its text is shown this once",
            tokens::create,
        )
        .takes::<tokens::WantedToken>()
        .answers::<tokens::MintedToken>()
        .delete(
            "/api/security/tokens/{id}",
            admin,
            "Revokes an API token",
            tokens::revoke,
        )
        .status(204)
}
