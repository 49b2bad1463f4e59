//! What a cookie is good for, and for how long.

use std::time::Duration;

use pulse_model::Secret;
use pulse_security::LoginAttempt;

use crate::server::{MINUTE, NAME, PASSWORD, Server, attempt};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn a_session_ends_a_day_after_its_last_use() {
    let server = Server::set_up().await;
    let cookie = server.login().await.session;
    for _ in 0..5 {
        server.hands.advance(DAY - MINUTE);
        assert!(server.by_cookie(&cookie).await.is_some());
    }
    server.hands.advance(DAY);
    assert!(server.by_cookie(&cookie).await.is_none());
}

#[tokio::test]
async fn a_remembered_session_lasts_a_month_and_no_session_for_ever() {
    let server = Server::set_up().await;
    let remembered = LoginAttempt {
        remember: true,
        ..attempt(NAME, PASSWORD, 1)
    };
    let logged_in = server.handle.login(remembered).await.unwrap();
    assert_eq!(logged_in.max_age, DAY * 30);
    for _ in 0..3 {
        server.hands.advance(DAY * 30 - MINUTE);
        assert!(server.by_cookie(&logged_in.session).await.is_some());
    }
    server.hands.advance(MINUTE * 3);
    assert!(
        server.by_cookie(&logged_in.session).await.is_none(),
        "90 days after login"
    );
}

#[tokio::test]
async fn a_session_survives_a_restart_with_its_slides() {
    let mut server = Server::set_up().await;
    let cookie = server.login().await.session;
    server.hands.advance(HOUR * 20);
    assert!(server.by_cookie(&cookie).await.is_some());
    server.handle.flush().await;
    server.hands.advance(HOUR * 20);
    server.restart();
    assert!(server.by_cookie(&cookie).await.is_some());
}

#[tokio::test]
async fn the_cookie_itself_is_nowhere_in_the_store() {
    let server = Server::set_up().await;
    let cookie = server.login().await.session;
    let table: pulse_store::Table<serde_json_row::Any> = pulse_store::Table::new("sessions", 1);
    let scan = server
        .store
        .read_now(|tables| tables.scan(&table, ""))
        .unwrap();
    assert!(!scan.rows.is_empty());
    for (key, serde_json_row::Any(text)) in scan.rows {
        assert!(!key.contains(cookie.expose()) && !text.contains(cookie.expose()));
    }
}

mod serde_json_row {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    /// A record as text, whatever its members.
    pub struct Any(pub String);

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "read through Debug")]
    enum Value {
        Text(String),
        Number(i64),
    }

    impl<'de> Deserialize<'de> for Any {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            Ok(Self(format!(
                "{:?}",
                BTreeMap::<String, Value>::deserialize(from)?
            )))
        }
    }
}

#[tokio::test]
async fn any_changed_digit_of_a_cookie_makes_it_nobodys() {
    let server = Server::set_up().await;
    let cookie = server.login().await.session;
    for at in 0..cookie.expose().len() {
        for replacement in ["0", "f", "F", "g", ""] {
            let mut changed = cookie.expose().to_owned();
            changed.replace_range(at..=at, replacement);
            if changed != cookie.expose() {
                assert!(server.by_cookie(&Secret::new(changed)).await.is_none());
            }
        }
    }
    assert!(server.by_cookie(&cookie).await.is_some());
}

#[tokio::test]
async fn signing_in_again_ends_the_browsers_earlier_session() {
    let server = Server::set_up().await;
    let before = server.login().await;
    let previous_session = Some(Secret::new(before.session.expose()));
    let again = LoginAttempt {
        previous_session,
        ..attempt(NAME, PASSWORD, 1)
    };
    let after = server.handle.login(again).await.unwrap();
    assert_ne!(before.session.expose(), after.session.expose());
    assert!(server.by_cookie(&before.session).await.is_none());
    assert!(server.by_cookie(&after.session).await.is_some());
}

#[tokio::test]
async fn a_cookie_chosen_by_somebody_else_never_becomes_a_session() {
    let server = Server::set_up().await;
    let chosen = Secret::new("ab".repeat(32));
    let previous_session = Some(Secret::new(chosen.expose()));
    let logged_in = server
        .handle
        .login(LoginAttempt {
            previous_session,
            ..attempt(NAME, PASSWORD, 1)
        })
        .await;
    assert_ne!(logged_in.unwrap().session.expose(), chosen.expose());
    assert!(server.by_cookie(&chosen).await.is_none());
}

#[tokio::test]
async fn the_eleventh_session_replaces_the_first() {
    let mut server = Server::set_up().await;
    server.handle.revoke_sessions(NAME).await.unwrap();
    let mut cookies = Vec::new();
    for _ in 0..11 {
        server.hands.advance(MINUTE);
        cookies.push(server.login().await.session);
    }
    for _ in 0..2 {
        assert!(server.by_cookie(&cookies[0]).await.is_none());
        for cookie in &cookies[1..] {
            assert!(server.by_cookie(cookie).await.is_some());
        }
        server.restart();
    }
}

#[tokio::test]
async fn logging_out_ends_one_session_and_tells_open_sockets() {
    let mut server = Server::set_up().await;
    let (leaving, staying) = (server.login().await, server.login().await);
    let mut epoch = server.handle.auth_epoch();
    assert!(server.handle.is_live(&leaving.principal));
    server.handle.logout(&leaving.principal).await.unwrap();
    assert!(epoch.has_changed().unwrap());
    epoch.mark_unchanged();
    assert!(!server.handle.is_live(&leaving.principal));
    assert!(server.handle.is_live(&staying.principal));
    for _ in 0..2 {
        assert!(server.by_cookie(&leaving.session).await.is_none());
        assert!(server.by_cookie(&staying.session).await.is_some());
        server.restart();
    }
}

#[tokio::test]
async fn revoking_a_users_sessions_ends_them_all() {
    let server = Server::set_up().await;
    server.handle.revoke_sessions(NAME).await.unwrap();
    let cookies = [server.login().await.session, server.login().await.session];
    assert_eq!(server.handle.revoke_sessions("Admin").await.unwrap(), 2);
    for cookie in &cookies {
        assert!(server.by_cookie(cookie).await.is_none());
    }
}

#[tokio::test]
async fn expired_sessions_are_swept_from_disk() {
    let server = Server::set_up().await;
    server.login().await;
    server.hands.advance(DAY);
    server.handle.sweep().await;
    assert_eq!(server.handle.figures().sessions, 0);
    let table: pulse_store::Table<serde_json_row::Any> = pulse_store::Table::new("sessions", 1);
    assert!(
        server
            .store
            .read_now(|tables| tables.scan(&table, ""))
            .unwrap()
            .rows
            .is_empty()
    );
}

#[tokio::test]
async fn a_csrf_token_belongs_to_one_session_and_lasts_four_hours() {
    let server = Server::set_up().await;
    let (ours, theirs) = (server.login().await, server.login().await);
    let session = ours.principal.session().unwrap();
    assert!(server.handle.verify_csrf(session, ours.csrf.expose()));
    for wrong in [theirs.csrf.expose(), "", "x", ours.session.expose()] {
        assert!(!server.handle.verify_csrf(session, wrong));
    }
    server.hands.advance(HOUR * 4);
    assert!(!server.handle.verify_csrf(session, ours.csrf.expose()));
    let fresh = server.handle.issue_csrf(session);
    assert_eq!(fresh.expose().len(), 43);
    assert!(server.handle.verify_csrf(session, fresh.expose()));
}

#[tokio::test]
async fn after_a_restart_a_session_gets_a_fresh_csrf_token() {
    let mut server = Server::set_up().await;
    let logged_in = server.login().await;
    server.restart();
    let session = server
        .by_cookie(&logged_in.session)
        .await
        .unwrap()
        .session()
        .unwrap();
    assert!(!server.handle.verify_csrf(session, logged_in.csrf.expose()));
    let fresh = server.handle.issue_csrf(session);
    assert!(server.handle.verify_csrf(session, fresh.expose()));
}
