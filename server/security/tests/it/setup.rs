//! The first ten minutes, and every attempt to have them again.

use std::os::unix::fs::PermissionsExt;

use pulse_model::Secret;
use pulse_security::{EnvCredentials, Error, Scope, SetupOutcome, SetupRequest, TokenRequest};

use crate::server::{MINUTE, NAME, PASSWORD, Server, attempt, ip};

#[tokio::test]
async fn a_fresh_server_leaves_its_token_in_a_private_file() {
    let mut server = Server::fresh();
    let path = server.handle.bootstrap_token_path().unwrap();
    assert_eq!(path, server.path(".bootstrap_token"));
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let token = server.bootstrap_token();
    assert_eq!(token.expose().len(), 48);
    assert!(!server.handle.is_set_up());
    server.restart();
    assert_eq!(
        server.bootstrap_token().expose(),
        token.expose(),
        "a restart keeps it"
    );
    server
        .handle
        .validate_bootstrap(Some(&token), ip(1))
        .unwrap();
}

#[tokio::test]
async fn a_damaged_token_file_is_replaced() {
    let mut server = Server::fresh();
    for content in ["", "short", &"z".repeat(48), &"a".repeat(10_000)] {
        std::fs::File::create(server.path(".bootstrap_token")).unwrap();
        pulse_store::file::write_private(&server.path(".bootstrap_token"), content.as_bytes())
            .unwrap();
        server.restart();
        server
            .handle
            .validate_bootstrap(Some(&server.bootstrap_token()), ip(1))
            .unwrap();
    }
}

#[tokio::test]
async fn a_token_others_could_read_is_replaced() {
    let mut server = Server::fresh();
    for name in [".bootstrap_token", "local-agent.token"] {
        let exposed = server.token_file(name);
        let loose = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(server.path(name), loose).unwrap();
        server.restart();
        assert_ne!(server.token_file(name).expose(), exposed.expose(), "{name}");
        let mode = std::fs::metadata(server.path(name)).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn wrong_and_missing_tokens_are_refused_and_guessing_is_limited() {
    let server = Server::fresh();
    let wrong = Secret::new("0".repeat(48));
    assert!(matches!(
        server.handle.validate_bootstrap(None, ip(1)),
        Err(Error::SetupTokenMissing)
    ));
    for _ in 0..10 {
        let refused = server.handle.validate_bootstrap(Some(&wrong), ip(1));
        assert!(matches!(refused, Err(Error::SetupTokenWrong)));
    }
    let right = server.bootstrap_token();
    let limited = server.handle.validate_bootstrap(Some(&right), ip(1));
    assert!(matches!(
        limited,
        Err(Error::TooManyAttempts { retry_after: 1.. })
    ));
    server
        .handle
        .validate_bootstrap(Some(&right), ip(2))
        .unwrap();
    server.hands.advance(MINUTE * 6);
    server
        .handle
        .validate_bootstrap(Some(&right), ip(1))
        .unwrap();
}

#[tokio::test]
async fn set_up_makes_the_administrator_and_signs_in() {
    let mut server = Server::fresh();
    let mut set_up = server.handle.watch_set_up();
    let request = SetupRequest {
        generate_api_token: true,
        ..server.request()
    };
    let SetupOutcome::Done(done) = server.handle.quick_setup(None, request).await.unwrap() else {
        panic!("it was a first set-up");
    };
    assert!(*set_up.borrow_and_update() && server.handle.is_set_up());
    assert!(!server.path(".bootstrap_token").exists());
    assert_eq!(server.handle.bootstrap_token_path(), None);
    let token = done.token.unwrap();
    assert_eq!(
        (token.name.as_str(), token.scopes.names()),
        ("Primary token", vec!["*"])
    );
    for _ in 0..2 {
        assert!(
            server
                .by_cookie(&done.login.session)
                .await
                .unwrap()
                .is_admin()
        );
        server
            .by_token(done.api_token.as_ref().unwrap().expose())
            .await
            .unwrap();
        server
            .handle
            .login(attempt(NAME, PASSWORD, 1))
            .await
            .unwrap();
        server.restart();
        assert!(server.handle.is_set_up() && !server.path(".bootstrap_token").exists());
    }
}

#[tokio::test]
async fn a_used_token_is_used() {
    let server = Server::fresh();
    let token = server.bootstrap_token();
    server.do_set_up().await.unwrap();
    let refused = server.handle.validate_bootstrap(Some(&token), ip(1));
    assert!(matches!(refused, Err(Error::SetupTokenInactive)));
    let request = SetupRequest {
        username: "intruder".into(),
        setup_token: Some(token),
        force: true,
        ..server.request()
    };
    let refused = server.handle.quick_setup(None, request).await;
    assert!(matches!(refused, Err(Error::AlreadySetUp)));
    server
        .handle
        .login(attempt("intruder", PASSWORD, 1))
        .await
        .unwrap_err();
}

#[tokio::test]
async fn of_64_set_ups_at_once_exactly_one_wins() {
    let server = Server::fresh();
    let racers: Vec<_> = (0..64)
        .map(|number| {
            let handle = server.handle.clone();
            let username = format!("admin{number}");
            let request = SetupRequest {
                username: username.clone(),
                ..server.request()
            };
            tokio::spawn(async move { (username, handle.quick_setup(None, request).await) })
        })
        .collect();
    let mut winners = Vec::new();
    for racer in racers {
        match racer.await.unwrap() {
            (name, Ok(SetupOutcome::Done(_))) => winners.push(name),
            // Whoever comes only after the winner finds the set-up token used up.
            (_, Err(Error::AlreadySetUp | Error::SetupTokenInactive)) => {}
            (name, other) => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    server
        .handle
        .login(attempt(&winners[0], PASSWORD, 1))
        .await
        .unwrap();
    assert_eq!(server.handle.figures().sessions, 2);
}

#[tokio::test]
async fn a_refused_set_up_leaves_the_token_good() {
    let server = Server::fresh();
    let refusals = [
        SetupRequest {
            setup_token: None,
            ..server.request()
        },
        SetupRequest {
            setup_token: Some(Secret::new("0".repeat(48))),
            ..server.request()
        },
        SetupRequest {
            password: Secret::new("too short"),
            ..server.request()
        },
        SetupRequest {
            password: Secret::new("x".repeat(73)),
            ..server.request()
        },
        SetupRequest {
            username: "no good".into(),
            ..server.request()
        },
    ];
    for request in refusals {
        let shown = request.username.clone();
        assert!(
            server.handle.quick_setup(None, request).await.is_err(),
            "{shown}"
        );
        assert!(!server.handle.is_set_up());
    }
    server.do_set_up().await.unwrap();
}

#[tokio::test]
async fn a_chosen_api_token_is_accepted_as_it_is() {
    let server = Server::fresh();
    let request = SetupRequest {
        api_token: Some(Secret::new("my-token")),
        ..server.request()
    };
    let SetupOutcome::Done(done) = server.handle.quick_setup(None, request).await.unwrap() else {
        panic!("it was a first set-up");
    };
    assert!(done.api_token.is_none(), "the caller knows it");
    assert_eq!(
        done.token.unwrap().suffix,
        "",
        "nothing of a short token is shown"
    );
    server.by_token("my-token").await.unwrap();
}

#[tokio::test]
async fn once_set_up_only_an_administrators_force_replaces_anything() {
    let server = Server::set_up().await;
    let again = || SetupRequest {
        username: "next".into(),
        force: true,
        ..server.request()
    };
    let nobody = server.handle.quick_setup(None, again()).await;
    assert!(matches!(nobody, Err(Error::NotSignedIn)));
    let weak = server.token_with(&[Scope::MonitoringRead]).await;
    let refused = server.handle.quick_setup(Some(weak), again()).await;
    assert!(matches!(refused, Err(Error::MissingScopes(_))));
    let strong = server.token_with(&[Scope::SettingsWrite]).await;
    let refused = server.handle.quick_setup(Some(strong), again()).await;
    assert!(matches!(refused, Err(Error::NotForTokens)));
    let admin = server.admin().await;
    let unforced = SetupRequest {
        force: false,
        ..again()
    };
    let skipped = server
        .handle
        .quick_setup(Some(admin), unforced)
        .await
        .unwrap();
    assert!(matches!(skipped, SetupOutcome::Skipped));
    server
        .handle
        .login(attempt(NAME, PASSWORD, 1))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_forced_set_up_ends_the_old_account_its_sessions_and_tokens() {
    let mut server = Server::set_up().await;
    let token = server.mint(&[Scope::AiChat]).await.raw;
    let old = server.login().await;
    let request = SetupRequest {
        username: "next".into(),
        force: true,
        ..server.request()
    };
    let SetupOutcome::Done(done) = server
        .handle
        .quick_setup(Some(server.admin().await), request)
        .await
        .unwrap()
    else {
        panic!("it was forced");
    };
    for _ in 0..2 {
        assert!(server.by_cookie(&old.session).await.is_none());
        assert!(server.by_token(token.expose()).await.is_err());
        server
            .handle
            .login(attempt(NAME, PASSWORD, 1))
            .await
            .unwrap_err();
        server
            .handle
            .login(attempt("next", PASSWORD, 1))
            .await
            .unwrap();
        assert!(server.by_cookie(&done.login.session).await.is_some());
        server.restart();
    }
}

#[tokio::test]
async fn where_only_tokens_exist_one_of_them_may_ask_for_the_first_account() {
    let env = EnvCredentials {
        api_tokens: vec![Secret::new("from-the-environment")],
        ..EnvCredentials::default()
    };
    let server = Server::with(env);
    assert!(server.handle.is_set_up() && !server.path(".bootstrap_token").exists());
    let holder = server.by_token("from-the-environment").await.unwrap();
    let weak = TokenRequest {
        scopes: Some(vec!["ai:chat".into()]),
        ..TokenRequest::default()
    };
    let weak = server.handle.create_token(&holder, weak).await.unwrap();
    let weak = server.by_token(weak.raw.expose()).await.unwrap();
    assert!(
        server
            .handle
            .quick_setup(Some(weak), server.request())
            .await
            .is_err()
    );
    assert!(
        server
            .handle
            .quick_setup(None, server.request())
            .await
            .is_err()
    );
    server
        .handle
        .quick_setup(Some(holder), server.request())
        .await
        .unwrap();
    server
        .handle
        .login(attempt(NAME, PASSWORD, 1))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_damaged_account_record_does_not_reopen_set_up() {
    let mut server = Server::set_up().await;
    let table: pulse_store::Table<String> = pulse_store::Table::new("accounts", 1);
    server
        .store
        .write_now(|tables| tables.put(&table, NAME, &"gibberish".into()))
        .unwrap();
    server.restart();
    assert!(server.handle.is_set_up() && !server.path(".bootstrap_token").exists());
}
