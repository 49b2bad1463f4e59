//! One export, written piece by piece.

use std::sync::Arc;

use pulse_estate::{Entry, Estate};
use pulse_model::Resource;

use super::families::{FAMILIES, Family};
use crate::exposition::{Format, Page, label};

/// Length from which on a piece is sent.
const PIECE: usize = 64 << 10;
/// Longest value of a label that does not tell resources apart.
const LONGEST: usize = 256;

/// An export, as far as it is written.
pub(super) struct Sheet {
    resources: Vec<(Arc<Entry>, String)>,
    page: Page,
    family: usize,
    resource: usize,
    /// Whether the present family has its head: one without samples needs none.
    has_head: bool,
}

impl Sheet {
    /// Begins an export of `estate`.
    pub fn new(estate: &Estate, format: Format) -> Self {
        let named = |entry: &Arc<Entry>| (entry.clone(), labels(entry.resource()));
        Self {
            resources: estate.iter().map(named).collect(),
            page: Page::new(format),
            family: 0,
            resource: 0,
            has_head: false,
        }
    }

    /// Returns the next piece, nothing when all is written.
    pub fn next(&mut self) -> Option<String> {
        while let Some(family) = FAMILIES.get(self.family) {
            let Some((entry, labels)) = self.resources.get(self.resource) else {
                self.family += 1;
                self.resource = 0;
                self.has_head = false;
                if self.family == FAMILIES.len() {
                    self.page.end();
                    return Some(self.page.take());
                }
                continue;
            };
            self.resource += 1;
            let mut samples = Samples {
                family,
                labels,
                page: &mut self.page,
                has_head: &mut self.has_head,
                seen: Vec::new(),
            };
            (family.read)(entry.resource(), &mut samples);
            if self.page.len() >= PIECE {
                return Some(self.page.take());
            }
        }
        None
    }
}

/// Who a resource is. The id is whole, so that no two resources have the same labels.
fn labels(resource: &Resource) -> String {
    let mut labels = String::new();
    label(&mut labels, "id", resource.id.as_str());
    label(&mut labels, "name", shortened(&resource.name));
    label(&mut labels, "type", resource.kind.word());
    let parent = resource.parent_id.as_ref();
    label(&mut labels, "parent", parent.map_or("", |id| id.as_str()));
    labels
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// Takes one resource's samples of one family.
pub(super) struct Samples<'a> {
    family: &'a Family,
    labels: &'a str,
    page: &'a mut Page,
    has_head: &'a mut bool,
    seen: Vec<String>,
}

impl Samples<'_> {
    /// Adds the resource's one sample, unless it is unknown.
    pub fn add(&mut self, value: Option<f64>) {
        self.add_with(&[], value);
    }

    /// Adds a sample with further labels, unless it is unknown or was there already.
    pub fn add_with(&mut self, further: &[(&str, &str)], value: Option<f64>) {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return;
        };
        let mut labels = self.labels.to_owned();
        for (name, value) in further {
            label(&mut labels, name, shortened(value));
        }
        if self.seen.contains(&labels) {
            return;
        }
        let Family {
            name, kind, about, ..
        } = self.family;
        if !std::mem::replace(self.has_head, true) {
            self.page.head(name, kind, about);
        }
        self.page.value(name, &labels, value);
        self.seen.push(labels);
    }
}
