//! From what a request carries to who is asking.

use pulse_model::Secret;

use crate::login;
use crate::session::SessionKey;
use crate::state::{State, held};
use crate::token::MAX_LENGTH;
use crate::{Error, Principal, digest};

/// What a request carries, unchecked.
#[derive(Debug, Default)]
pub struct Credentials {
    /// `X-API-Token`, or `?token=` where a socket is asked for.
    pub api_token: Option<Secret>,
    /// `Authorization: Bearer`.
    pub bearer: Option<Secret>,
    /// The session cookie.
    pub session: Option<Secret>,
    /// `Authorization: Basic`: name and password.
    pub basic: Option<(String, Secret)>,
}

/// Returns who is asking, as far as that can be told without a password.
///
/// A token that does not hold is a refusal, whatever else is there. A cookie that does not is
/// nothing: browsers keep sending the cookies of ended sessions.
pub(crate) fn without_password(
    state: &State,
    credentials: &Credentials,
) -> Result<Option<Principal>, Error> {
    if let Some(token) = credentials
        .api_token
        .as_ref()
        .or(credentials.bearer.as_ref())
    {
        return by_token(state, token).map(Some);
    }
    let cookie = credentials.session.as_ref();
    Ok(cookie.and_then(|cookie| by_session(state, cookie.expose())))
}

fn by_token(state: &State, token: &Secret) -> Result<Principal, Error> {
    let text = token.expose();
    // What is presented is always hashed first, so knowing a stored hash opens nothing.
    let hash = (1..=MAX_LENGTH)
        .contains(&text.len())
        .then(|| digest::sha3(text));
    let known = hash.and_then(|hash| held(&state.tokens).present(&hash, state.now()));
    known
        .map(|known| Principal::Token(known.holder()))
        .ok_or_else(|| {
            state.counters.tokens_refused.add();
            Error::InvalidToken
        })
}

fn by_session(state: &State, cookie: &str) -> Option<Principal> {
    let key = SessionKey::of_cookie(cookie)?;
    let name = held(&state.sessions).touch(key, state.now())?.to_owned();
    let accounts = held(&state.accounts);
    Some(Principal::User(login::user(
        accounts.get(&name)?,
        Some(key),
    )))
}

impl State {
    /// Fails if `principal` was revoked, has expired or has changed since it was authenticated.
    pub(crate) fn check_current(&self, principal: &Principal) -> Result<(), Error> {
        match principal {
            Principal::User(user) => {
                let accounts = held(&self.accounts);
                let account = accounts.get(&user.name).ok_or(Error::NotSignedIn)?;
                let is_same = digest::same(&account.password_mark(), &user.password_mark);
                let has_session = user.session.is_none_or(|key| {
                    let sessions = held(&self.sessions);
                    sessions
                        .user_of(key, self.now())
                        .is_some_and(|name| name == user.name)
                });
                if is_same && has_session {
                    Ok(())
                } else {
                    Err(Error::NotSignedIn)
                }
            }
            Principal::Token(holder) => {
                let tokens = held(&self.tokens);
                let token = tokens.get(&holder.id).ok_or(Error::InvalidToken)?;
                let is_same = digest::same(&token.hash, &holder.hash);
                if is_same && token.is_live(self.now()) {
                    Ok(())
                } else {
                    Err(Error::InvalidToken)
                }
            }
        }
    }
}
