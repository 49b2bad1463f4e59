//! What comes from the environment only: secrets, which must not be arguments, and settings that
//! are fixed for as long as the server runs.

use pulse_model::Secret;

use super::Credentials;

pub(super) struct Environment {
    pub credentials: Credentials,
    pub metrics_token: Option<Secret>,
    /// Variables that fix a setting, with their texts.
    pub settings: Vec<(&'static str, String)>,
}

impl Environment {
    /// Reads the environment. The one place of the server that does.
    pub fn read() -> Self {
        let tokens: Vec<String> = ["API_TOKENS", "API_TOKEN"]
            .into_iter()
            .filter_map(text)
            .collect();
        Self {
            credentials: Credentials {
                user: text("PULSE_AUTH_USER"),
                password: text("PULSE_AUTH_PASS").map(Secret::new),
                api_tokens: (!tokens.is_empty()).then(|| Secret::new(tokens.join(","))),
            },
            metrics_token: text("PULSE_METRICS_TOKEN").map(Secret::new),
            settings: pulse_settings::environment()
                .filter_map(|name| Some((name, text(name)?)))
                .collect(),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is config/")]
fn text(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}
