//! What people add to resources: a link, notes, tags. One collection for each family, and one of
//! everything.

mod patch;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use pulse_estate::{Entry, Estate, Handle};
use pulse_model::{Annotation, Family, OtherNames, places};
use pulse_security::Scope;

use super::row::Routes;
use crate::access::Access;
use crate::body::Json;
use crate::error::ApiError;
use patch::MetadataPatch;

const READ: Access = Access::Scope(Scope::MonitoringRead);
const WRITE: Access = Access::Scope(Scope::MonitoringWrite);
const LARGEST: usize = 64 << 10;
/// Ids are keys of a table; nothing that is monitored has a longer one.
const LONGEST_ID: usize = 256;

/// Where a family is served; without one, every resource is, each in its own.
struct Place {
    family: Option<Family>,
    all: &'static str,
    one: &'static str,
    is_legacy: bool,
}

const PLACES: [Place; 6] = [
    Place {
        family: Some(Family::Agents),
        all: "/api/agents/metadata",
        one: "/api/agents/metadata/{agentId}",
        is_legacy: false,
    },
    Place {
        family: Some(Family::Agents),
        all: "/api/hosts/metadata",
        one: "/api/hosts/metadata/{hostId}",
        is_legacy: true,
    },
    Place {
        family: Some(Family::Guests),
        all: "/api/guests/metadata",
        one: "/api/guests/metadata/{guestId}",
        is_legacy: false,
    },
    Place {
        family: Some(Family::Containers),
        all: "/api/docker/metadata",
        one: "/api/docker/metadata/{containerId}",
        is_legacy: false,
    },
    Place {
        family: Some(Family::Runtimes),
        all: "/api/docker/runtimes/metadata",
        one: "/api/docker/runtimes/metadata/{runtimeId}",
        is_legacy: false,
    },
    Place {
        family: None,
        all: "/api/resources/metadata",
        one: "/api/resources/metadata/{resourceId}",
        is_legacy: false,
    },
];

const GUEST_BY_NODE: &str = "/api/guests/metadata/{node}/{vmid}";

pub(super) fn routes() -> Routes {
    let routes = PLACES.iter().fold(Routes::new("metadata"), add);
    let read = move |State(estate), Path((node, vmid)): Path<(String, String)>| {
        one(estate, Some(Family::Guests), format!("{node}/{vmid}"))
    };
    let write = move |State(estate), Path((node, vmid)): Path<(String, String)>, Json(patch)| {
        change(
            estate,
            Some(Family::Guests),
            format!("{node}/{vmid}"),
            patch,
        )
    };
    let take_away = move |State(estate), Path((node, vmid)): Path<(String, String)>| {
        remove(estate, Some(Family::Guests), format!("{node}/{vmid}"))
    };
    let routes = routes
        .get(GUEST_BY_NODE, READ, "What was added to a guest", read)
        .answers::<Metadata>()
        .unlimited()
        .legacy();
    let routes = written(routes.put(GUEST_BY_NODE, WRITE, "Adds to a guest", write)).legacy();
    let routes = written(routes.post(GUEST_BY_NODE, WRITE, "Adds to a guest", write)).legacy();
    let about = "Takes away what was added to a guest";
    let routes = routes.delete(GUEST_BY_NODE, WRITE, about, take_away);
    routes.status(204).unlimited().legacy()
}

fn add(routes: Routes, place: &Place) -> Routes {
    let family = place.family;
    let list = move |State(estate)| all(estate, family);
    let read = move |State(estate), Path(id)| one(estate, family, id);
    let write = move |State(estate), Path(id), Json(patch)| change(estate, family, id, patch);
    let take_away = move |State(estate), Path(id)| remove(estate, family, id);
    let mark = |routes: Routes, is_legacy| match (is_legacy, family) {
        (true, _) => routes.legacy(),
        // Exempt from limits as the documents of old promise.
        (false, Some(Family::Guests)) => routes.unlimited(),
        (false, _) => routes,
    };
    let is_legacy = place.is_legacy;
    let routes = routes.get(
        place.all,
        READ,
        "What was added to all of them, by id",
        list,
    );
    let routes = mark(routes.answers::<Collection>(), is_legacy);
    let about = "What was added to one; an empty record when nothing was";
    let routes = routes.get(place.one, READ, about, read);
    let routes = mark(routes.answers::<Metadata>(), is_legacy);
    let about = "Changes the members that are sent";
    let routes = mark(
        written(routes.put(place.one, WRITE, about, write)),
        is_legacy,
    );
    let routes = match family {
        Some(_) => written(routes.post(place.one, WRITE, about, write)).legacy(),
        None => routes,
    };
    let about = "Takes away what was added";
    mark(
        routes
            .delete(place.one, WRITE, about, take_away)
            .status(204),
        is_legacy,
    )
}

fn written(routes: Routes) -> Routes {
    let routes = routes.takes::<MetadataPatch>().answers::<Metadata>();
    routes.body_limit(LARGEST)
}

/// What was added, by id.
#[derive(Serialize, ToSchema)]
struct Collection(BTreeMap<String, Metadata>);

/// What was added to one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    /// The id; of a guest in the form `<instance>:<node>:<vmid>` while it is known.
    id: String,
    /// Where it is reached with a browser; empty for nowhere.
    custom_url: String,
    /// The same under its older name.
    #[serde(skip_serializing_if = "Option::is_none")]
    console_url: Option<String>,
    /// What it is for.
    description: String,
    /// Labels, beside those of its sources.
    tags: Vec<String>,
    /// What to know of it.
    notes: Vec<String>,
    /// What it is called instead of its own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_display_name: Option<String>,
    /// What it was called when this was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_known_name: Option<String>,
    /// What it was when this was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_known_type: Option<String>,
    /// Whether its agent may be sent commands; absent leaves it to the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    commands_enabled: Option<bool>,
}

impl Metadata {
    fn of(id: String, family: Family, annotation: &Annotation) -> Self {
        let url = annotation.custom_url.clone();
        let has_older_name = family == Family::Guests && !url.is_empty();
        Self {
            id,
            console_url: has_older_name.then(|| url.clone()),
            custom_url: url,
            description: annotation.description.clone(),
            tags: annotation.tags.clone(),
            notes: annotation.notes.clone(),
            custom_display_name: annotation.custom_display_name.clone(),
            last_known_name: annotation.last_known_name.clone(),
            last_known_type: annotation.last_known_type.clone(),
            commands_enabled: annotation.commands_enabled,
        }
    }
}

async fn all(estate: Handle, family: Option<Family>) -> Answer<Collection> {
    let now = estate.estate();
    let mut records = BTreeMap::new();
    for kept in Family::ALL {
        for (id, annotation) in estate.annotations().all(kept) {
            let known = Known::find(&now, Some(kept), &id);
            // What has no family of its own is shown among everything only.
            let is_shared = kept != Family::Others && known.entry.is_some();
            let is_meant = |family| family == kept || (is_shared && known.is_in(family));
            if family.is_none_or(is_meant) {
                let annotation = known.annotation(&estate).unwrap_or(annotation);
                let record = known.told(&annotation);
                records.entry(known.shown()).or_insert(record);
            }
        }
    }
    Answer(Collection(records))
}

async fn one(
    estate: Handle,
    family: Option<Family>,
    id: String,
) -> Result<Answer<Metadata>, ApiError> {
    check_id(&id)?;
    let known = Known::find(&estate.estate(), family, &id);
    known.check_fits(&id)?;
    let annotation = known.annotation(&estate).unwrap_or_default();
    Ok(Answer(known.told(&annotation)))
}

async fn change(
    estate: Handle,
    family: Option<Family>,
    id: String,
    patch: Map<String, Value>,
) -> Result<Answer<Metadata>, ApiError> {
    check_id(&id)?;
    let known = Known::find(&estate.estate(), family, &id);
    known.check_fits(&id)?;
    let family = known.family;
    let earlier = known.annotation(&estate);
    let (name, kind) = known.entry.as_deref().map_or((None, None), |entry| {
        let resource = entry.resource();
        (
            Some(resource.name.clone()),
            Some(resource.kind.word().to_owned()),
        )
    });
    let write = move |annotation: &mut Annotation| -> Result<(), ApiError> {
        if let Some(earlier) = earlier.filter(|_| *annotation == Annotation::default()) {
            *annotation = Annotation::clone(&earlier);
        }
        patch::apply(family, &patch, annotation)?;
        if name.is_some() && family == Family::Guests {
            (annotation.last_known_name, annotation.last_known_type) = (name, kind);
        }
        Ok(())
    };
    let annotations = estate.annotations();
    let (kept_in, kept_as) = known.kept();
    let annotation = annotations.change(*kept_in, kept_as, write).await?;
    known.forget_others(&estate).await?;
    Ok(Answer(known.told(&annotation)))
}

async fn remove(
    estate: Handle,
    family: Option<Family>,
    id: String,
) -> Result<StatusCode, ApiError> {
    check_id(&id)?;
    let known = Known::find(&estate.estate(), family, &id);
    let annotations = estate.annotations();
    let (kept_in, kept_as) = known.kept();
    annotations.remove(*kept_in, kept_as).await?;
    known.forget_others(&estate).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check_id(id: &str) -> Result<(), ApiError> {
    if id.is_empty() || id.len() > LONGEST_ID || id.chars().any(char::is_control) {
        let text = format!("An id has 1 to {LONGEST_ID} bytes and no control characters.");
        return Err(ApiError::bad_request("invalid_id", text));
    }
    Ok(())
}

/// What an id stands for, and every place it may have been annotated in.
struct Known {
    /// Whose rules hold for what is sent.
    family: Family,
    entry: Option<Arc<Entry>>,
    /// Whether the id is that of something other than what was asked for.
    is_other: bool,
    /// Where it is kept first, then where it may have been kept before.
    places: Vec<(Family, String)>,
    shown: String,
}

impl Known {
    /// Finds what `id` is; whatever has a family of its own is in that where none is asked for.
    fn find(estate: &Estate, family: Option<Family>, id: &str) -> Self {
        let fits = |entry: &&Arc<Entry>| {
            let own = Family::of(entry.resource().kind);
            family.is_none_or(|family| own.contains(&family))
        };
        let present = estate.get(id);
        let named = || estate.named(id).find(fits);
        let Some(entry) = present.filter(fits).or_else(named) else {
            let family = family.unwrap_or(Family::Others);
            return Self {
                family,
                entry: None,
                is_other: present.is_some(),
                places: vec![(family, id.to_owned())],
                shown: id.to_owned(),
            };
        };
        let resource = entry.resource();
        let own = Family::of(resource.kind);
        let family = family.unwrap_or(own[0]);
        let shown = match family {
            Family::Guests => OtherNames::of(resource).written().into_iter().next(),
            _ => None,
        };
        let mut places: Vec<_> = places(resource).collect();
        places.extend(own.iter().map(|family| (*family, id.to_owned())));
        Self {
            family,
            shown: shown.unwrap_or_else(|| resource.id.to_string()),
            is_other: false,
            entry: Some(entry.clone()),
            places,
        }
    }

    fn check_fits(&self, id: &str) -> Result<(), ApiError> {
        if self.is_other {
            let text = format!("{id} is none of what is annotated here.");
            return Err(ApiError::not_found("resource_not_found", text));
        }
        Ok(())
    }

    fn is_in(&self, family: Family) -> bool {
        self.places.iter().any(|(own, _)| *own == family)
    }

    fn kept(&self) -> &(Family, String) {
        &self.places[0]
    }

    fn shown(&self) -> String {
        self.shown.clone()
    }

    fn told(&self, annotation: &Annotation) -> Metadata {
        Metadata::of(self.shown(), self.family, annotation)
    }

    fn annotation(&self, estate: &Handle) -> Option<Arc<Annotation>> {
        let annotations = estate.annotations();
        let mut places = self.places.iter();
        places.find_map(|(family, name)| annotations.get(*family, name))
    }

    async fn forget_others(&self, estate: &Handle) -> Result<(), ApiError> {
        for (family, name) in self.places.iter().filter(|place| *place != self.kept()) {
            estate.annotations().remove(*family, name).await?;
        }
        Ok(())
    }
}
