//! Finds the token the agent speaks to the server with.

use std::path::PathBuf;

use pulse_protocol::token::Token;
use tracing::warn;

use crate::config::{Config, TokenSource, file};
use crate::error::Error;
use crate::state::{self, StateDir};

/// Where a token lies; read when it is needed, because it may be put there later.
#[derive(Clone, Debug)]
pub(crate) enum TokenPlace {
    /// It is known.
    Known(Token),
    /// It lies in a file.
    File(PathBuf),
}

impl TokenPlace {
    /// Finds the place the settings name.
    pub(crate) fn of(config: &Config, state: &StateDir) -> Result<Self, Error> {
        match &config.token {
            TokenSource::Given(token) => Ok(Self::Known(token.clone())),
            TokenSource::File(path) => {
                if file::is_open_to_others(path) {
                    let path = path.display().to_string();
                    warn!(path, "other users may read the token file; make it 0600");
                }
                Ok(Self::File(path.clone()))
            }
            TokenSource::StateDir => {
                let place = state.file(state::TOKEN);
                match state.read_line(state::TOKEN)? {
                    Some(text) => Ok(Self::Known(file::token(
                        &text,
                        &place.display().to_string(),
                    )?)),
                    None => own(state)?.map(Self::Known).ok_or(Error::NoToken { place }),
                }
            }
        }
    }

    /// Returns the token.
    pub(crate) fn read(&self) -> Result<Token, Error> {
        match self {
            Self::Known(token) => Ok(token.clone()),
            Self::File(path) => file::read_token(path),
        }
    }
}

/// Returns the token of the agent's own, from an earlier enrolment.
pub(crate) fn own(state: &StateDir) -> Result<Option<Token>, Error> {
    let text = state.read_line(state::RUNTIME_TOKEN)?;
    text.map(|text| file::token(&text, state::RUNTIME_TOKEN))
        .transpose()
}
