//! Members that whoever starts the server has fixed: nobody changes them while it runs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::System;
use crate::error::Error;
use crate::field::{FIELDS, named};

/// Returns the environment variables that fix a member.
pub fn environment() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter_map(|field| field.variable)
}

/// The fixed members and their values.
#[derive(Clone, Debug, Default)]
pub struct Fixed(BTreeMap<&'static str, Value>);

impl Fixed {
    /// Fixes what environment variable `variable` is for.
    pub fn variable(&mut self, variable: &str, text: &str) -> Result<(), Error> {
        let field = FIELDS.iter().find(|field| field.variable == Some(variable));
        let Some(field) = field else { return Ok(()) };
        let value = field.takes.read(text).unwrap_or_else(|| text.into());
        let value = field.takes.check(&value, &Value::Null);
        let value = value.map_err(|wanted| Error::invalid(variable, wanted))?;
        self.0.insert(field.name, value);
        Ok(())
    }

    /// Fixes a member at what the command line says, which has its own checks.
    pub fn member(&mut self, name: &str, value: impl Into<Value>) {
        if let Some(field) = named(name) {
            self.0.insert(field.name, value.into());
        }
    }

    /// Returns the names of the fixed members.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// Tells whether the member of that name is fixed.
    pub fn holds(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns `stored` with the fixed members in their place.
    pub(crate) fn over(&self, stored: &System) -> System {
        if self.0.is_empty() {
            return stored.clone();
        }
        let Ok(mut document) = serde_json::to_value(stored) else {
            return stored.clone();
        };
        for (name, value) in &self.0 {
            document[*name] = value.clone();
        }
        serde_json::from_value(document).unwrap_or_else(|_| stored.clone())
    }
}
