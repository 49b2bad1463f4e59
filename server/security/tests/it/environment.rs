//! Credentials that come with the environment and are gone with it.

use pulse_model::Secret;
use pulse_security::{EnvCredentials, Error, SetupRequest};

use crate::server::{PASSWORD, Server, attempt, client};

fn account(user: &str, password: &str) -> EnvCredentials {
    EnvCredentials {
        user: Some(user.into()),
        password: Some(Secret::new(password)),
        api_tokens: vec![],
    }
}

fn tokens(values: &[&str]) -> EnvCredentials {
    let api_tokens = values.iter().map(|&value| Secret::new(value)).collect();
    EnvCredentials {
        api_tokens,
        ..EnvCredentials::default()
    }
}

fn sha3(text: &str) -> String {
    use sha3::Digest;
    hex::encode(sha3::Sha3_256::digest(text))
}

#[tokio::test]
async fn an_account_of_the_environment_works_and_is_not_stored() {
    let mut server = Server::with(account("ops", PASSWORD));
    assert!(server.handle.is_set_up() && !server.path(".bootstrap_token").exists());
    let logged_in = server
        .handle
        .login(attempt("ops", PASSWORD, 1))
        .await
        .unwrap();
    let (old, wanted) = (Secret::new(PASSWORD), Secret::new("a better password"));
    let refused = server
        .handle
        .change_password(&logged_in.principal, old, wanted, &client(1))
        .await;
    assert!(matches!(refused, Err(Error::ManagedByEnvironment)));
    let forced = SetupRequest {
        force: true,
        ..server.request()
    };
    let refused = server
        .handle
        .quick_setup(Some(logged_in.principal), forced)
        .await;
    assert!(matches!(refused, Err(Error::ManagedByEnvironment)));
    server.restart();
    assert!(!server.handle.is_set_up() && server.path(".bootstrap_token").exists());
    assert!(
        server.by_cookie(&logged_in.session).await.is_none(),
        "its account is gone"
    );
}

#[tokio::test]
async fn its_password_may_be_a_hash() {
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    let server = Server::with(account("ops", &hash));
    server
        .handle
        .login(attempt("ops", PASSWORD, 1))
        .await
        .unwrap();
    server
        .handle
        .login(attempt("ops", &hash, 1))
        .await
        .unwrap_err();
}

#[tokio::test]
async fn half_an_account_or_a_bad_one_is_not_started_with() {
    let user_only = EnvCredentials {
        user: Some("ops".into()),
        ..EnvCredentials::default()
    };
    let password_only = EnvCredentials {
        password: Some(Secret::new(PASSWORD)),
        ..EnvCredentials::default()
    };
    let bad = [
        user_only,
        password_only,
        account("ops", "short"),
        account("o p s", PASSWORD),
    ];
    for env in bad {
        let shown = format!("{env:?}");
        assert!(Server::try_with(env).is_err(), "{shown}");
        assert!(!shown.contains(PASSWORD));
    }
    assert!(
        Server::try_with(account(" ", "")).is_ok(),
        "blank is absent"
    );
}

#[tokio::test]
async fn a_bare_hash_in_the_environment_is_a_hash_and_prefixes_settle_doubt() {
    let bare = "ab".repeat(32);
    let hash = sha3("some token");
    let announced = format!("sha3:{}", sha3("another token"));
    let raw = format!("raw:{bare}");
    let server = Server::with(tokens(&[&hash, &announced, &raw, " plain-token "]));
    for good in ["some token", "another token", &bare, "plain-token"] {
        server.by_token(good).await.unwrap();
    }
    for bad in [
        hash.as_str(),
        &announced,
        &raw,
        "ab",
        &sha3("another token"),
        &sha3(&bare),
    ] {
        assert!(server.by_token(bad).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn tokens_of_the_environment_cannot_be_revoked_here() {
    let mut server = Server::with(tokens(&["plain-token"]));
    let holder = server.by_token("plain-token").await.unwrap();
    let listed = server.handle.list_tokens();
    assert!(listed[0].from_environment);
    assert_eq!(listed[0].scopes.names(), ["*"]);
    let refused = server.handle.revoke_token(&holder, &listed[0].id).await;
    assert!(matches!(refused, Err(Error::ManagedByEnvironment)));
    let refused = server.handle.rotate_token(&holder, &listed[0].id).await;
    assert!(matches!(refused, Err(Error::ManagedByEnvironment)));
    server.handle.flush().await;
    server.restart();
    assert!(server.by_token("plain-token").await.is_err());
}

#[tokio::test]
async fn unusable_tokens_are_not_started_with() {
    for bad in ["", "raw:", "sha3:abc", "sha3:"] {
        assert!(Server::try_with(tokens(&[bad])).is_err(), "{bad:?}");
    }
}
