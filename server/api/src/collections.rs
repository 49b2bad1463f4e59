//! The typed collections of the state: concatenated from forms that each resource encoded once.
//!
//! Elements that hold others (the containers of a host, the pods of a cluster) are put together
//! from the bytes of both, so a container that changes costs one container.

use std::collections::HashMap;

use axum::body::Bytes;

use pulse_estate::Estate;
use pulse_model::Resource;

use crate::packed::Parts;
use crate::routes::state::view::{self, Collection};

/// The forms of one collection, in the estate's order.
type Column<'a> = Vec<(&'a Resource, &'a Bytes)>;

/// Writes every collection as a member of the state, each followed by a comma.
pub(crate) fn write(estate: &Estate, json: &mut Parts) {
    let mut columns: [Column; Collection::COUNT] = std::array::from_fn(|_| Column::new());
    for entry in estate.iter() {
        for form in entry.forms(view::forms) {
            columns[usize::from(form.collection)].push((entry.resource(), &form.json));
        }
    }
    for (collection, name) in Collection::TOP {
        let column = &columns[collection as usize];
        let inner = collection.inner();
        json.member(name, |json| match inner.as_slice() {
            [] => json.list(column.iter().map(|(_, form)| Bytes::clone(form))),
            inner => nested(json, column, inner, &columns),
        });
        json.text(",");
    }
}

/// Writes the elements of `column`, each with what it holds.
fn nested(
    json: &mut Parts,
    column: &Column,
    inner: &[(u8, &str)],
    columns: &[Column; Collection::COUNT],
) {
    let held = inner.iter().map(|(collection, name)| {
        let by_home = by_home(&columns[usize::from(*collection)]);
        (*name, by_home)
    });
    let held: Vec<_> = held.collect();
    json.text("[");
    for (at, (resource, form)) in column.iter().enumerate() {
        if at > 0 {
            json.text(",");
        }
        // Without its closing brace: what it holds is put in before.
        json.shared(form.slice(..form.len().saturating_sub(1)));
        let home = view::home(resource).unwrap_or(resource.id.as_str());
        for (name, by_home) in &held {
            json.text(",");
            let found = by_home.get(home).into_iter().flatten().copied();
            json.member(name, |json| json.list(found.cloned()));
        }
        json.text("}");
    }
    json.text("]");
}

/// Returns the forms of a column by where they belong.
fn by_home<'a>(column: &Column<'a>) -> HashMap<&'a str, Vec<&'a Bytes>> {
    let mut by_home: HashMap<&str, Vec<&Bytes>> = HashMap::new();
    for (resource, form) in column {
        let parent = || resource.parent_id.as_ref().map(|id| id.as_str());
        if let Some(home) = view::home(resource).or_else(parent) {
            by_home.entry(home).or_default().push(form);
        }
    }
    by_home
}
