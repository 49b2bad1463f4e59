//! What a token may be allowed.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

macro_rules! scopes {
    ($($variant:ident $name:literal $doc:literal),+ $(,)?) => {
        /// One permission of a token.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scope {
            $(#[doc = $doc] $variant),+
        }

        impl Scope {
            /// Every scope, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the scope's name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

scopes! {
    MonitoringRead "monitoring:read" "Read what is monitored.",
    MonitoringWrite "monitoring:write" "Acknowledge, silence, annotate.",
    DockerReport "docker:report" "Report containers.",
    DockerManage "docker:manage" "Manage container hosts.",
    KubernetesReport "kubernetes:report" "Report a cluster.",
    KubernetesManage "kubernetes:manage" "Manage clusters.",
    AgentReport "agent:report" "Report a machine.",
    AgentConfigRead "agent:config:read" "Fetch an agent's configuration.",
    AgentManage "agent:manage" "Manage agents.",
    AgentExec "agent:exec" "Open the command channel.",
    AgentEnroll "agent:enroll" "Enrol agents.",
    SettingsRead "settings:read" "Read settings.",
    SettingsWrite "settings:write" "Change settings.",
    AuditRead "audit:read" "Read the audit log.",
    AiExecute "ai:execute" "Let the assistant act.",
    AiChat "ai:chat" "Talk to the assistant.",
    RelayMobileAccess "relay:mobile:access" "Use the mobile relay.",
    ActionsPlan "actions:plan" "Propose actions.",
    ActionsApprove "actions:approve" "Approve actions.",
    ActionsExecute "actions:execute" "Run approved actions.",
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = Error;

    /// Reads a name, also one of those earlier versions used.
    fn from_str(name: &str) -> Result<Self, Error> {
        let current = match name {
            "host-agent:report" => "agent:report",
            "host-agent:config:read" => "agent:config:read",
            "host-agent:manage" => "agent:manage",
            "host-agent:enroll" => "agent:enroll",
            "node:read" => "settings:read",
            other => other,
        };
        let known = Self::ALL.iter().find(|scope| scope.name() == current);
        known
            .copied()
            .ok_or_else(|| Error::ScopeUnknown(name.to_owned()))
    }
}

/// The scopes of one token: a set of them, or `*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<String>", from = "Vec<String>")]
pub struct Scopes(Grant);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Grant {
    Everything,
    Only(BTreeSet<Scope>),
}

impl Scopes {
    const WILDCARD: &str = "*";

    /// Returns `*`.
    pub fn everything() -> Self {
        Self(Grant::Everything)
    }

    /// Returns the set of `scopes`.
    pub fn only(scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self(Grant::Only(scopes.into_iter().collect()))
    }

    /// Reads a request's list: absent means `*`, but a list that is there must name something.
    pub fn requested(names: Option<&[String]>) -> Result<Self, Error> {
        let Some(names) = names else {
            return Ok(Self::everything());
        };
        match names {
            [] => Err(Error::ScopesEmpty),
            [one] if one == Self::WILDCARD => Ok(Self::everything()),
            many if many.iter().any(|name| name == Self::WILDCARD) => Err(Error::ScopesMixed),
            many => {
                let scopes = many.iter().map(|name| name.parse());
                Ok(Self(Grant::Only(scopes.collect::<Result<_, _>>()?)))
            }
        }
    }

    /// Tells whether `scope` is among them.
    pub fn allows(&self, scope: Scope) -> bool {
        match &self.0 {
            Grant::Everything => true,
            Grant::Only(scopes) => scopes.contains(&scope),
        }
    }

    /// Returns what `self` would have to hold in addition to grant `wanted`.
    ///
    /// Scopes invented later are part of `*`, so even all of today's do not amount to it.
    pub fn missing_for(&self, wanted: &Self) -> Vec<Scope> {
        match (&self.0, &wanted.0) {
            (Grant::Everything, _) => Vec::new(),
            (Grant::Only(_), Grant::Everything) => Scope::ALL.to_vec(),
            (Grant::Only(held), Grant::Only(wanted)) => wanted.difference(held).copied().collect(),
        }
    }

    /// Returns the names on the wire.
    pub fn names(&self) -> Vec<&'static str> {
        match &self.0 {
            Grant::Everything => vec![Self::WILDCARD],
            Grant::Only(scopes) => scopes.iter().map(|scope| scope.name()).collect(),
        }
    }
}

impl From<Scopes> for Vec<String> {
    fn from(scopes: Scopes) -> Self {
        scopes.names().into_iter().map(str::to_owned).collect()
    }
}

impl From<Vec<String>> for Scopes {
    /// Reads a stored list; a scope this version does not know grants nothing.
    fn from(names: Vec<String>) -> Self {
        if names.iter().any(|name| name == Self::WILDCARD) {
            return Self::everything();
        }
        Self::only(names.iter().filter_map(|name| name.parse().ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Result<Scopes, Error> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Scopes::requested(Some(&names))
    }

    #[test]
    fn an_absent_list_is_everything_and_an_empty_one_an_error() {
        assert_eq!(Scopes::requested(None).unwrap(), Scopes::everything());
        assert!(matches!(named(&[]), Err(Error::ScopesEmpty)));
        assert!(!Scopes::only([]).allows(Scope::MonitoringRead));
    }

    #[test]
    fn the_wildcard_stands_alone() {
        assert_eq!(named(&["*"]).unwrap(), Scopes::everything());
        assert!(matches!(named(&["*", "ai:chat"]), Err(Error::ScopesMixed)));
        assert!(matches!(named(&["ai:chat", "*"]), Err(Error::ScopesMixed)));
    }

    #[test]
    fn earlier_names_are_understood_and_unknown_ones_refused() {
        let scopes = named(&["host-agent:report", "node:read"]).unwrap();
        assert_eq!(scopes.names(), ["agent:report", "settings:read"]);
        for unknown in ["", "agent", "agent:report ", "AGENT:REPORT", "agent:*"] {
            assert!(
                matches!(named(&[unknown]), Err(Error::ScopeUnknown(_))),
                "{unknown:?}"
            );
        }
    }

    #[test]
    fn there_are_twenty_scopes_with_distinct_names() {
        let names: BTreeSet<_> = Scope::ALL.iter().map(|scope| scope.name()).collect();
        assert_eq!(names.len(), 20);
    }

    #[test]
    fn a_stored_scope_of_a_later_version_grants_nothing() {
        let stored = vec!["agent:report".to_owned(), "agent:teleport".to_owned()];
        assert_eq!(Scopes::from(stored), Scopes::only([Scope::AgentReport]));
    }

    #[test]
    fn all_scopes_together_are_still_not_everything() {
        let all = Scopes::only(Scope::ALL.iter().copied());
        assert!(!all.missing_for(&Scopes::everything()).is_empty());
        assert!(Scopes::everything().missing_for(&all).is_empty());
    }
}
