//! Reads lists page by page.
//!
//! A list whose place got lost while it was read (410) is begun again, once. An object that shows
//! up on two pages counts once, as it was seen last.

use std::collections::HashMap;
use std::fmt::Write;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::client::{Client, JSON, Limits, METADATA, encoded};
use crate::error::Error;
use crate::object::Object;

/// Objects on one page.
const PAGE: usize = 250;

/// Most bytes of one page: 250 objects of the largest sort that is usual.
const PAGE_BYTES: usize = 16 << 20;

/// Most pages of one list; whoever sends more sends them in a circle.
const PAGES: usize = 1_000;

/// A kind of object, and where its lists are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resource {
    /// Member of the report.
    pub(crate) member: &'static str,
    /// `/api/v1`, or `/apis/` with group and version.
    pub(crate) group: &'static str,
    /// The kind's name in paths.
    pub(crate) plural: &'static str,
    /// Whether its objects are in namespaces.
    pub(crate) is_namespaced: bool,
    /// Which objects are asked for; all when empty.
    pub(crate) selector: &'static str,
    /// Whether names and labels are all that may be sent.
    pub(crate) is_metadata_only: bool,
}

impl Resource {
    /// A kind of object of which every one is listed.
    pub(crate) const fn new(
        member: &'static str,
        group: &'static str,
        plural: &'static str,
        is_namespaced: bool,
    ) -> Self {
        Self {
            member,
            group,
            plural,
            is_namespaced,
            selector: "",
            is_metadata_only: false,
        }
    }

    /// Lists these alone.
    pub(crate) const fn only(self, selector: &'static str) -> Self {
        Self { selector, ..self }
    }

    /// Never asks for content.
    pub(crate) const fn without_content(self) -> Self {
        Self {
            is_metadata_only: true,
            ..self
        }
    }

    /// Returns the path of the list of all, or of those in one namespace.
    pub(crate) fn path(&self, namespace: Option<&str>) -> String {
        let Self { group, plural, .. } = self;
        match namespace.filter(|_| self.is_namespaced) {
            Some(namespace) => format!("{group}/namespaces/{}/{plural}", encoded(namespace)),
            None => format!("{group}/{plural}"),
        }
    }
}

/// Takes the objects of a list, as they come.
pub(crate) trait Sink<W> {
    /// Forgets them all: the list is begun again.
    fn clear(&mut self);
    /// Takes one; tells whether there is room for more.
    fn take(&mut self, object: W) -> bool;
}

/// What is known once a list was read.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// The state of the cluster it shows; where a watch goes on.
    pub(crate) version: String,
    /// Objects that made no sense.
    pub(crate) odd: u64,
    /// Whether there was no room for the rest.
    pub(crate) is_cut: bool,
    /// How many the rest are, if the API said so.
    pub(crate) remaining: u64,
    /// Namespaces that may not be read.
    pub(crate) forbidden: Vec<String>,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(default)]
    metadata: PageMeta,
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
    kind: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PageMeta {
    resource_version: Option<String>,
    #[serde(rename = "continue")]
    next: Option<String>,
    remaining_item_count: Option<u64>,
}

/// Reads a list to its end, or until there is no room: of the whole cluster, or of some namespaces.
pub(crate) async fn list<W: DeserializeOwned>(
    client: &Client,
    resource: &Resource,
    namespaces: Option<&[String]>,
    deadline: Instant,
    sink: &mut impl Sink<W>,
) -> Result<Listed, Error> {
    let reader = Reader {
        client,
        resource,
        deadline,
    };
    match reader.all(namespaces, sink).await {
        Err(error) if error.is_gone() => {
            sink.clear();
            reader.all(namespaces, sink).await
        }
        outcome => outcome,
    }
}

struct Reader<'a> {
    client: &'a Client,
    resource: &'a Resource,
    deadline: Instant,
}

impl Reader<'_> {
    async fn all<W: DeserializeOwned>(
        &self,
        namespaces: Option<&[String]>,
        sink: &mut impl Sink<W>,
    ) -> Result<Listed, Error> {
        let mut listed = Listed::default();
        let Some(names) = namespaces.filter(|_| self.resource.is_namespaced) else {
            self.pages(None, sink, &mut listed).await?;
            return Ok(listed);
        };
        let mut refusal = None;
        for name in names {
            match self.pages(Some(name), sink, &mut listed).await {
                Err(error) if error.is_forbidden() => {
                    listed.forbidden.push(name.clone());
                    refusal = Some(error);
                }
                outcome => outcome?,
            }
        }
        match refusal {
            Some(error) if listed.forbidden.len() == names.len() => Err(error),
            _ => Ok(listed),
        }
    }

    async fn pages<W: DeserializeOwned>(
        &self,
        namespace: Option<&str>,
        sink: &mut impl Sink<W>,
        listed: &mut Listed,
    ) -> Result<(), Error> {
        let mut next = String::new();
        for _ in 0..PAGES {
            let body = self.page(namespace, &next).await?;
            let page: Page = serde_json::from_slice(&body).map_err(Error::Json)?;
            let is_as_asked = page.kind.as_deref() == Some("PartialObjectMetadataList");
            if self.resource.is_metadata_only && !is_as_asked {
                let text = "the API would send content too, which is not read".to_owned();
                return Err(Error::Unusable(text));
            }
            let items = page.items.unwrap_or_default();
            let has_room = listed.hand_over(&items, sink);
            let PageMeta {
                resource_version,
                next: following,
                remaining_item_count,
            } = page.metadata;
            listed.version = resource_version.unwrap_or_default();
            let following = following.unwrap_or_default();
            if following.is_empty() {
                return Ok(());
            }
            if !has_room || following == next {
                listed.is_cut = true;
                listed.remaining += remaining_item_count.unwrap_or(0);
                return Ok(());
            }
            next = following;
        }
        listed.is_cut = true;
        Ok(())
    }

    async fn page(&self, namespace: Option<&str>, next: &str) -> Result<Vec<u8>, Error> {
        let mut path = format!("{}?limit={PAGE}", self.resource.path(namespace));
        for (name, value) in [
            ("fieldSelector", self.resource.selector),
            ("continue", next),
        ] {
            if !value.is_empty() {
                // Writing into a text cannot fail.
                let _ = write!(path, "&{name}={}", encoded(value));
            }
        }
        let form = match self.resource.is_metadata_only {
            true => METADATA,
            false => JSON,
        };
        let limits = Limits::until(self.deadline, PAGE_BYTES);
        self.client.body(&path, form, limits).await
    }
}

impl Listed {
    /// Reads the objects of a page one by one; tells whether there is room for more.
    fn hand_over<W: DeserializeOwned>(
        &mut self,
        items: &[&RawValue],
        sink: &mut impl Sink<W>,
    ) -> bool {
        let mut has_room = true;
        for (index, item) in items.iter().enumerate() {
            if !has_room {
                self.is_cut = true;
                self.remaining += (items.len() - index) as u64;
                break;
            }
            match serde_json::from_str::<W>(item.get()) {
                Ok(object) => has_room = sink.take(object),
                Err(_) => self.odd += 1,
            }
        }
        has_room
    }
}

/// Objects of a list, each once.
pub(crate) struct Collected<T, F> {
    pub(crate) objects: Vec<T>,
    places: HashMap<String, usize>,
    most: usize,
    keep: F,
}

impl<T, F> Collected<T, F> {
    /// Keeps at most `most` of what `keep` makes of them.
    pub(crate) fn new(most: usize, keep: F) -> Self {
        Self {
            objects: Vec::new(),
            places: HashMap::new(),
            most,
            keep,
        }
    }
}

impl<W: Object, T, F: FnMut(W) -> Option<T>> Sink<W> for Collected<T, F> {
    fn clear(&mut self) {
        self.objects.clear();
        self.places.clear();
    }

    fn take(&mut self, object: W) -> bool {
        let key = object.meta().key();
        if let Some(kept) = (self.keep)(object) {
            match self.places.get(&key) {
                Some(place) => self.objects[*place] = kept,
                None => {
                    self.places.insert(key, self.objects.len());
                    self.objects.push(kept);
                }
            }
        }
        self.objects.len() < self.most
    }
}
