//! How a registry wants to be convinced: the `WWW-Authenticate` header.

/// What a registry asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token, to be fetched elsewhere.
    Bearer {
        /// Where.
        realm: String,
        /// For which registry.
        service: String,
        /// For what.
        scope: String,
    },
    /// Name and password.
    Basic,
}

impl Challenge {
    /// Reads the header; `None` for a scheme nobody speaks.
    pub(crate) fn read(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let parameter = |wanted: &str| {
            let mut parameters = Parameters(rest);
            parameters.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
        };
        Some(Self::Bearer {
            realm: parameter("realm")?,
            service: parameter("service").unwrap_or_default(),
            scope: parameter("scope").unwrap_or_default(),
        })
    }
}

/// `name="value", name=value, …`
struct Parameters<'a>(&'a str);

impl<'a> Iterator for Parameters<'a> {
    type Item = (&'a str, String);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.0.split_once('=')?;
        let name = name.trim_matches(|c: char| c == ',' || c.is_whitespace());
        let rest = rest.trim_start();
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut value = String::new();
            let mut chars = quoted.char_indices();
            while let Some((at, c)) = chars.next() {
                match c {
                    '"' => {
                        self.0 = &quoted[at + 1..];
                        return Some((name, value));
                    }
                    '\\' => value.extend(chars.next().map(|(_, c)| c)),
                    c => value.push(c),
                }
            }
            // A quote that never ends.
            self.0 = "";
            return None;
        }
        let (value, after) = rest.split_once(',').unwrap_or((rest, ""));
        self.0 = after;
        Some((name, value.trim().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: &str, scope: &str) -> Option<Challenge> {
        Some(Challenge::Bearer {
            realm: realm.to_owned(),
            service: service.to_owned(),
            scope: scope.to_owned(),
        })
    }

    #[test]
    fn the_challenges_of_registries_are_read() {
        let hub = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull""#;
        let expected = bearer(
            "https://auth.docker.io/token",
            "registry.docker.io",
            "repository:library/nginx:pull",
        );
        assert_eq!(Challenge::read(hub), expected);
        let commas = r#"bearer scope="repository:a:pull,push", realm=https://x/t"#;
        assert_eq!(
            Challenge::read(commas),
            bearer("https://x/t", "", "repository:a:pull,push")
        );
        assert_eq!(
            Challenge::read(r#"Basic realm="Registry""#),
            Some(Challenge::Basic)
        );
    }

    #[test]
    fn what_is_no_challenge_is_none() {
        for header in [
            "",
            "Bearer",
            "Bearer service=x",
            r#"Bearer realm="https://x"#,
            "Negotiate abc",
            "===",
            "Bearer =",
        ] {
            assert_eq!(Challenge::read(header), None, "{header}");
        }
    }
}
