//! System settings.

use std::collections::BTreeMap;
use std::fmt;

use axum::extract::State;
use pulse_settings::{Error, Patch, System, Updated};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use utoipa::ToSchema;

use super::announce;
use crate::app::App;
use crate::body::Json;
use crate::error::ApiError;

/// Every setting.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    #[serde(flatten)]
    settings: System,
    /// The settings whoever started the server has fixed; they cannot be changed here.
    env_overrides: BTreeMap<&'static str, bool>,
}

pub(super) async fn show(State(app): State<App>) -> axum::Json<Shown> {
    let settings = app.settings();
    axum::Json(Shown {
        settings: System::clone(&settings.get()),
        env_overrides: settings.fixed().names().map(|name| (name, true)).collect(),
    })
}

/// It is stored.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Saved {
    success: bool,
    /// What was asked for and is not changed, because whoever started the server has fixed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed_by_environment: Vec<&'static str>,
}

impl From<Updated> for Saved {
    fn from(updated: Updated) -> Self {
        Self {
            success: true,
            fixed_by_environment: updated.fixed,
        }
    }
}

pub(super) async fn update(
    State(app): State<App>,
    Json(members): Json<Members>,
) -> Result<axum::Json<Saved>, ApiError> {
    change(&app, members.0)
        .await
        .map(|updated| axum::Json(updated.into()))
}

/// Changes settings and tells those who show them.
pub(super) async fn change(app: &App, patch: Patch) -> Result<Updated, ApiError> {
    let updated = app.settings().update(patch).await.map_err(refusal)?;
    if !updated.fixed.is_empty() {
        tracing::info!(fixed = ?updated.fixed, "settings fixed by the environment were not changed");
    }
    announce::changed(app, &updated);
    Ok(updated)
}

fn refusal(error: Error) -> ApiError {
    let text = error.to_string();
    match error {
        Error::Invalid { field, wanted } => {
            ApiError::bad_request("invalid_setting", format!("{text}."))
                .detail("member", field)
                .detail("wanted", wanted)
        }
        Error::Store(error) => ApiError::internal(error),
    }
}

/// The members of an object, each named once: of two, nobody could say which is meant.
pub(super) struct Members(pub Patch);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Patch;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Patch, A::Error> {
                let mut members = Patch::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a member is there twice"));
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Once).map(Self)
    }
}

/// The few settings everybody may know.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KnownToAll {
    csrf_protection: bool,
    auto_update_enabled: bool,
    update_channel: String,
}

pub(super) async fn known_to_all(State(app): State<App>) -> axum::Json<KnownToAll> {
    let settings = app.settings().get();
    axum::Json(KnownToAll {
        csrf_protection: true,
        auto_update_enabled: settings.auto_update_enabled,
        update_channel: settings.update_channel.clone(),
    })
}
