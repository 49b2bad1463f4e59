//! Who may call a route. Every row states it; there is no default.

use pulse_security::Scope;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, before and after set-up.
    Public,
    /// Anyone who presents an enrolment credential; the handler judges it. It is no API token.
    Enrolment,
    /// Anyone signed in, or any API token.
    SignedIn,
    /// Anyone signed in, or an API token with the scope.
    Scope(Scope),
    /// Anyone signed in, or an API token with one of the scopes; the first is the one to ask for.
    AnyScope(&'static [Scope]),
    /// An administrator, or an API token with the scope.
    Admin(Scope),
}

impl Access {
    /// Returns the scope an API token needs, where one is asked for.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Scope(scope) | Self::Admin(scope) => Some(scope),
            Self::AnyScope(scopes) => scopes.first().copied(),
            Self::Public | Self::Enrolment | Self::SignedIn => None,
        }
    }

    /// Tells whether the route answers without any credential.
    pub fn is_public(self) -> bool {
        self == Self::Public
    }

    /// Returns the words the API description uses.
    pub fn words(self) -> String {
        match self {
            Self::Public => "public".to_owned(),
            Self::Enrolment => "enrolment code".to_owned(),
            Self::SignedIn => "signed in".to_owned(),
            Self::Scope(scope) => format!("signed in, or token with {}", scope.name()),
            Self::AnyScope(scopes) => {
                let names: Vec<_> = scopes.iter().map(|scope| scope.name()).collect();
                format!("signed in, or token with {}", names.join(" or "))
            }
            Self::Admin(scope) => format!("administrator, or token with {}", scope.name()),
        }
    }
}
