//! API tokens: what they open, what they can make, and how they end.

use std::time::Duration;

use pulse_model::Secret;
use pulse_security::{Credentials, Error, Principal, Scope, TokenForm, TokenRequest};

use crate::server::{MINUTE, Server, ip};

fn named(scopes: &[&str]) -> TokenRequest {
    let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    TokenRequest {
        scopes: Some(scopes),
        ..TokenRequest::default()
    }
}

fn living(minutes: u32) -> TokenRequest {
    TokenRequest {
        expires_in: Some(MINUTE * minutes),
        ..TokenRequest::default()
    }
}

#[tokio::test]
async fn a_token_is_shown_once_and_opens_what_its_scopes_say() {
    let mut server = Server::set_up().await;
    let minted = server.mint(&[Scope::MonitoringRead]).await;
    let raw = minted.raw.expose();
    assert!(raw.starts_with("pulse_") && raw.len() == 70);
    assert_eq!(
        (minted.token.prefix.as_str(), minted.token.suffix.as_str()),
        (&raw[..10], &raw[66..])
    );
    assert_eq!(minted.token.name, "API token");
    for _ in 0..2 {
        let principal = server.by_token(raw).await.unwrap();
        assert!(principal.allows(Scope::MonitoringRead));
        assert!(!principal.allows(Scope::MonitoringWrite));
        server.restart();
    }
}

#[tokio::test]
async fn the_header_and_the_bearer_form_are_equal_and_a_bad_token_is_not_made_up_for() {
    let server = Server::set_up().await;
    let raw = server.mint(&[Scope::AiChat]).await.raw;
    let bearer = || Some(Secret::new(raw.expose()));
    let by_bearer = Credentials {
        bearer: bearer(),
        ..Credentials::default()
    };
    assert!(
        server
            .handle
            .authenticate(&by_bearer, ip(1))
            .await
            .unwrap()
            .is_some()
    );
    let session = Some(server.login().await.session);
    let api_token = Some(Secret::new("pulse_wrong"));
    let both = Credentials {
        api_token,
        session,
        bearer: bearer(),
        ..Credentials::default()
    };
    let refused = server.handle.authenticate(&both, ip(1)).await;
    assert!(matches!(refused, Err(Error::InvalidToken)));
    assert_eq!(server.handle.figures().tokens_refused, 1);
    let nothing = server
        .handle
        .authenticate(&Credentials::default(), ip(1))
        .await;
    assert!(nothing.unwrap().is_none());
}

#[tokio::test]
async fn a_stored_hash_opens_nothing() {
    let server = Server::set_up().await;
    let raw = server.mint(&[Scope::AiChat]).await.raw;
    for minted in [raw.expose(), raw.expose().trim_start_matches("pulse_")] {
        for hash in [sha3(minted), sha2(minted)] {
            for form in [
                hash.clone(),
                format!("pulse_{hash}"),
                format!("sha3:{hash}"),
            ] {
                assert!(matches!(
                    server.by_token(&form).await,
                    Err(Error::InvalidToken)
                ));
            }
        }
    }
}

fn sha3(text: &str) -> String {
    use sha3::Digest;
    hex::encode(sha3::Sha3_256::digest(text))
}

fn sha2(text: &str) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(text))
}

#[tokio::test]
async fn a_revoked_token_is_refused_at_once_and_after_a_restart() {
    let mut server = Server::set_up().await;
    let minted = server.mint(&[Scope::AiChat]).await;
    let holder = server.by_token(minted.raw.expose()).await.unwrap();
    let mut epoch = server.handle.auth_epoch();
    let admin = server.admin().await;
    server
        .handle
        .revoke_token(&admin, &minted.token.id)
        .await
        .unwrap();
    assert!(epoch.has_changed().unwrap());
    epoch.mark_unchanged();
    assert!(!server.handle.is_live(&holder));
    for _ in 0..2 {
        assert!(matches!(
            server.by_token(minted.raw.expose()).await,
            Err(Error::InvalidToken)
        ));
        server.restart();
    }
    let again = server
        .handle
        .revoke_token(&server.admin().await, &minted.token.id)
        .await;
    assert!(matches!(again, Err(Error::TokenNotFound)));
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    let server = Server::set_up().await;
    let admin = server.admin().await;
    let minted = server.handle.create_token(&admin, living(5)).await.unwrap();
    let holder = server.by_token(minted.raw.expose()).await.unwrap();
    server.hands.advance(MINUTE * 5);
    assert!(matches!(
        server.by_token(minted.raw.expose()).await,
        Err(Error::InvalidToken)
    ));
    assert!(!server.handle.is_live(&holder));
    let too_short = TokenRequest {
        expires_in: Some(Duration::from_secs(59)),
        ..TokenRequest::default()
    };
    let refused = server.handle.create_token(&admin, too_short).await;
    assert!(matches!(refused, Err(Error::ExpiryOutOfRange)));
}

#[tokio::test]
async fn a_rotated_token_keeps_its_record_and_loses_its_old_text() {
    let mut server = Server::set_up().await;
    let minted = server.mint(&[Scope::AiChat]).await;
    let holder = server.by_token(minted.raw.expose()).await.unwrap();
    let admin = server.admin().await;
    let rotated = server
        .handle
        .rotate_token(&admin, &minted.token.id)
        .await
        .unwrap();
    assert_eq!(rotated.token.id, minted.token.id);
    assert_eq!(rotated.token.scopes, minted.token.scopes);
    assert!(!server.handle.is_live(&holder));
    for _ in 0..2 {
        assert!(server.by_token(minted.raw.expose()).await.is_err());
        assert!(server.by_token(rotated.raw.expose()).await.is_ok());
        server.restart();
    }
}

#[tokio::test]
async fn a_list_of_scopes_is_checked() {
    let server = Server::set_up().await;
    let admin = server.admin().await;
    let create = |wanted| server.handle.create_token(&admin, wanted);
    assert!(matches!(create(named(&[])).await, Err(Error::ScopesEmpty)));
    assert!(matches!(
        create(named(&["*", "ai:chat"])).await,
        Err(Error::ScopesMixed)
    ));
    assert!(matches!(
        create(named(&["ai:think"])).await,
        Err(Error::ScopeUnknown(_))
    ));
    let everything = create(TokenRequest::default()).await.unwrap();
    assert_eq!(everything.token.scopes.names(), ["*"]);
    let alias = create(named(&["host-agent:report"])).await.unwrap();
    assert_eq!(alias.token.scopes.names(), ["agent:report"]);
    let long = TokenRequest {
        name: "n".repeat(129),
        ..TokenRequest::default()
    };
    assert!(matches!(create(long).await, Err(Error::NameTooLong(128))));
}

#[tokio::test]
async fn no_token_makes_or_rotates_one_with_a_scope_it_lacks() {
    let server = Server::set_up().await;
    let mut makers = Vec::new();
    for &scope in Scope::ALL {
        makers.push((vec![scope.name()], server.token_with(&[scope]).await));
    }
    let admin = server.admin().await;
    let everything = server
        .handle
        .create_token(&admin, TokenRequest::default())
        .await
        .unwrap();
    makers.push((
        vec!["*"],
        server.by_token(everything.raw.expose()).await.unwrap(),
    ));
    let wishes: Vec<&str> = Scope::ALL
        .iter()
        .map(|scope| scope.name())
        .chain(["*"])
        .collect();
    for (held, maker) in &makers {
        for &wish in &wishes {
            let outcome = server.handle.create_token(maker, named(&[wish])).await;
            let may = held == &["*"] || held == &[wish];
            assert_eq!(outcome.is_ok(), may, "{held:?} made {wish}");
            if !may {
                assert!(
                    matches!(outcome, Err(Error::MissingScopes(missing)) if !missing.is_empty())
                );
            }
        }
        let stronger = server
            .handle
            .rotate_token(maker, &everything.token.id)
            .await;
        if held != &["*"] {
            assert!(matches!(stronger, Err(Error::MissingScopes(_))), "{held:?}");
        }
    }
}

#[tokio::test]
async fn no_token_makes_one_that_outlives_it() {
    let server = Server::set_up().await;
    let admin = server.admin().await;
    let short = server
        .handle
        .create_token(&admin, living(60))
        .await
        .unwrap();
    let maker = server.by_token(short.raw.expose()).await.unwrap();
    let longer = server.handle.create_token(&maker, living(61)).await;
    assert!(matches!(longer, Err(Error::ExpiryBeyondOwn)));
    server
        .handle
        .create_token(&maker, living(59))
        .await
        .unwrap();
    let inherited = server
        .handle
        .create_token(&maker, TokenRequest::default())
        .await
        .unwrap();
    assert_eq!(inherited.token.expires_at, short.token.expires_at);
    let endless = server.mint(&[Scope::AiChat]).await;
    let rotated = server.handle.rotate_token(&maker, &endless.token.id).await;
    assert!(matches!(rotated, Err(Error::ExpiryBeyondOwn)));
}

#[tokio::test]
async fn a_revoked_tokens_holder_makes_no_more() {
    let server = Server::set_up().await;
    let minted = server.mint(&[Scope::AiChat]).await;
    let holder = server.by_token(minted.raw.expose()).await.unwrap();
    server
        .handle
        .revoke_token(&server.admin().await, &minted.token.id)
        .await
        .unwrap();
    let outcome = server
        .handle
        .create_token(&holder, named(&["ai:chat"]))
        .await;
    assert!(matches!(outcome, Err(Error::InvalidToken)));
}

#[tokio::test]
async fn the_original_installers_form_is_64_hex_digits() {
    let server = Server::set_up().await;
    let wanted = TokenRequest {
        form: TokenForm::BareHex,
        ..TokenRequest::default()
    };
    let minted = server
        .handle
        .create_token(&server.admin().await, wanted)
        .await
        .unwrap();
    assert_eq!(minted.raw.expose().len(), 64);
    assert!(server.by_token(minted.raw.expose()).await.is_ok());
}

#[tokio::test]
async fn last_use_is_shown_at_once_and_written_in_batches() {
    let mut server = Server::set_up().await;
    let minted = server.mint(&[Scope::AiChat]).await;
    assert_eq!(minted.token.last_used_at, None);
    server.hands.advance(MINUTE);
    server.by_token(minted.raw.expose()).await.unwrap();
    let used = server.handle.list_tokens()[0].last_used_at;
    assert!(used.is_some());
    server.handle.flush().await;
    server.restart();
    assert_eq!(server.handle.list_tokens()[0].last_used_at, used);
}

#[tokio::test]
async fn a_flush_does_not_bring_a_revoked_token_back() {
    let mut server = Server::set_up().await;
    let minted = server.mint(&[Scope::AiChat]).await;
    server.by_token(minted.raw.expose()).await.unwrap();
    server
        .handle
        .revoke_token(&server.admin().await, &minted.token.id)
        .await
        .unwrap();
    server.handle.flush().await;
    server.restart();
    assert!(server.by_token(minted.raw.expose()).await.is_err());
}

#[tokio::test]
async fn odd_texts_are_just_unknown_tokens() {
    let server = Server::set_up().await;
    for odd in [
        "x",
        "pulse_",
        "\u{0}",
        "ä".repeat(300).as_str(),
        &"a".repeat(100_000),
    ] {
        assert!(matches!(
            server.by_token(odd).await,
            Err(Error::InvalidToken)
        ));
    }
}

#[tokio::test]
async fn a_token_passes_for_an_administrator_only_within_its_scopes() {
    let server = Server::set_up().await;
    let Principal::Token(holder) = server.token_with(&[Scope::SettingsRead]).await else {
        panic!("it is a token");
    };
    assert_eq!(holder.org, "default");
    let principal = Principal::Token(holder);
    assert!(principal.is_admin() && !principal.allows(Scope::SettingsWrite));
    assert!(principal.session().is_none());
}
