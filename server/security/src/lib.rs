//! Who may do what: passwords, sessions, tokens, scopes, limits, first set-up and enrolment.
//!
//! [`Handle`] is the one way in. It turns what a request carries ([`Credentials`]) into a
//! [`Principal`] or a refusal, and is asked by whoever has to know what that principal may do.
//! Accounts, sessions, tokens and agents' keys are durable before a call returns; failure counts,
//! request counts and CSRF tokens live in memory. Secrets are kept as hashes only.
//!
//! It knows neither routes nor status codes, and reads neither the environment nor the clock of
//! the system: all of that is given to [`Handle::open`].

mod account;
mod authenticate;
mod counters;
mod csrf;
mod digest;
mod enrol;
mod error;
mod handle;
pub mod identity;
mod lockout;
mod login;
mod maintain;
mod mint;
mod password;
mod principal;
mod proof;
pub mod rate;
mod scope;
mod session;
mod setup;
mod state;
mod tables;
mod token;

pub use authenticate::Credentials;
pub use counters::Figures;
pub use digest::same_secret;
pub use enrol::{EnrolClaim, EnrolRequest, Enrolment, IssuedEnrolmentToken, OfferedKey};
pub use error::{Error, PasswordProblem};
pub use handle::{EnvCredentials, Handle, Options};
pub use login::{Client, LoggedIn, LoginAttempt};
pub use mint::{Minted, TokenForm, TokenRequest};
pub use principal::{Principal, TokenHolder, User};
pub use proof::{ProvenKey, ReportPass, ReportProof, Trust};
pub use scope::{Scope, Scopes};
pub use session::SessionKey;
pub use setup::{SetupDone, SetupOutcome, SetupRequest};
pub use token::Token;
