//! Hides the values of environment variables that sound secret, before they leave this machine.

/// What a name that holds a secret has in it.
const SECRET: [&str; 12] = [
    "password",
    "passwd",
    "secret",
    "key",
    "token",
    "credential",
    "auth",
    "private",
    "database_url",
    "connection_string",
    "encryption",
    "passphrase",
];

/// What stands for a secret.
const MASK: &str = "***";

/// Returns the line with its value hidden, if the name sounds secret or the value holds a login.
pub(super) fn masked(line: &str) -> String {
    let Some((name, value)) = line.split_once('=') else {
        return line.to_owned();
    };
    let lower = name.to_lowercase();
    let is_secret = SECRET.iter().any(|word| lower.contains(word)) || holds_login(value);
    if is_secret && !value.is_empty() {
        format!("{name}={MASK}")
    } else {
        line.to_owned()
    }
}

/// `scheme://user:password@host`
fn holds_login(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .is_some_and(|(login, _)| login.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_secret_is_hidden() {
        for (line, expected) in [
            ("DB_PASSWORD=hunter2", "DB_PASSWORD=***"),
            ("apiKey=abc=def", "apiKey=***"),
            ("DATABASE_URL=postgres://x", "DATABASE_URL=***"),
            ("UPSTREAM=http://me:pw@nas/x", "UPSTREAM=***"),
            ("EMPTY_TOKEN=", "EMPTY_TOKEN="),
            ("PATH=/bin:/sbin", "PATH=/bin:/sbin"),
            ("URL=http://nas/a@b:c", "URL=http://nas/a@b:c"),
            ("NO_EQUALS_SECRET", "NO_EQUALS_SECRET"),
        ] {
            assert_eq!(masked(line), expected);
        }
    }
}
