//! Signing in, failing to, and being locked out.

use pulse_model::Secret;
use pulse_security::{Credentials, Error, Principal};

use crate::server::{MINUTE, NAME, PASSWORD, Server, attempt, client, ip};

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let server = Server::set_up().await;
    let logged_in = server
        .handle
        .login(attempt("ADMIN", PASSWORD, 1))
        .await
        .unwrap();
    assert_eq!(logged_in.session.expose().len(), 64);
    assert_eq!(logged_in.max_age.as_secs(), 86_400);
    let Some(Principal::User(user)) = server.by_cookie(&logged_in.session).await else {
        panic!("the cookie is good");
    };
    assert!(user.admin && user.name == NAME);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let server = Server::set_up().await;
    for (number, name) in [NAME, "nobody", "", "no such name!"]
        .into_iter()
        .enumerate()
    {
        let from = u8::try_from(number).unwrap() + 10;
        let refused = server
            .handle
            .login(attempt(name, "wrong password", from))
            .await;
        let Err(Error::InvalidCredentials {
            attempts: 1,
            remaining: 4,
            max: 5,
        }) = refused
        else {
            panic!("{name:?}: {refused:?}");
        };
    }
    assert_eq!(
        server.handle.figures().password_checks,
        4,
        "each cost one comparison"
    );
}

#[tokio::test]
async fn the_fifth_failure_locks_and_the_right_password_no_longer_helps() {
    let server = Server::set_up().await;
    for attempts in 1..=4 {
        let refused = server
            .handle
            .login(attempt(NAME, "wrong password", attempts))
            .await;
        let attempts = u32::from(attempts);
        let Err(Error::InvalidCredentials {
            attempts: counted, ..
        }) = refused
        else {
            panic!("{refused:?}");
        };
        assert_eq!(counted, attempts);
    }
    let fifth = server
        .handle
        .login(attempt(NAME, "wrong password", 5))
        .await;
    assert!(matches!(fifth, Err(Error::LockedNow { lasts }) if lasts == MINUTE * 15));
    let checks = server.handle.figures().password_checks;
    let locked = server.handle.login(attempt(NAME, PASSWORD, 6)).await;
    assert!(matches!(
        locked,
        Err(Error::AccountLocked {
            remaining_minutes: 15,
            ..
        })
    ));
    assert_eq!(
        server.handle.figures().password_checks,
        checks,
        "not even looked at"
    );

    server.hands.advance(MINUTE * 15);
    server
        .handle
        .login(attempt(NAME, PASSWORD, 6))
        .await
        .unwrap();
}

#[tokio::test]
async fn failures_from_one_address_lock_the_address_for_every_user() {
    let server = Server::set_up().await;
    for name in ["a", "b", "c", "d", "e"] {
        server
            .handle
            .login(attempt(name, "wrong password", 7))
            .await
            .unwrap_err();
    }
    let locked = server.handle.login(attempt(NAME, PASSWORD, 7)).await;
    assert!(matches!(locked, Err(Error::AccountLocked { .. })));
    server
        .handle
        .login(attempt(NAME, PASSWORD, 8))
        .await
        .unwrap();
}

#[tokio::test]
async fn success_clears_the_count_and_an_operator_can_too() {
    let server = Server::set_up().await;
    for _ in 0..3 {
        for _ in 0..4 {
            server
                .handle
                .login(attempt(NAME, "wrong password", 1))
                .await
                .unwrap_err();
        }
        server.login().await;
    }
    for _ in 0..5 {
        server
            .handle
            .login(attempt(NAME, "wrong password", 1))
            .await
            .unwrap_err();
    }
    server.handle.reset_lockout("Admin");
    let still_by_address = server.handle.login(attempt(NAME, PASSWORD, 1)).await;
    assert!(matches!(still_by_address, Err(Error::AccountLocked { .. })));
    server.handle.reset_lockout("192.0.2.1");
    server.login().await;
}

#[tokio::test]
async fn a_corrected_wall_clock_neither_locks_nor_unlocks() {
    let server = Server::set_up().await;
    for _ in 0..5 {
        server
            .handle
            .login(attempt(NAME, "wrong password", 1))
            .await
            .unwrap_err();
    }
    server
        .hands
        .set_wall("2040-01-01T00:00:00Z".parse().unwrap());
    let locked = server.handle.login(attempt(NAME, PASSWORD, 1)).await;
    assert!(matches!(locked, Err(Error::AccountLocked { .. })));
}

#[tokio::test]
async fn many_guesses_at_once_get_no_more_tries_than_one_by_one() {
    let server = Server::set_up().await;
    let guesses: Vec<_> = (0..64)
        .map(|_| {
            let handle = server.handle.clone();
            tokio::spawn(async move { handle.login(attempt(NAME, "wrong password", 1)).await })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap().unwrap_err();
    }
    // Two passwords are compared at a time, so one more may be under way when the lock falls.
    assert!(server.handle.figures().password_checks <= 6);
}

#[tokio::test]
async fn name_and_password_may_come_with_the_request_itself() {
    let server = Server::set_up().await;
    let with = |password: &str| Credentials {
        basic: Some((NAME.into(), Secret::new(password))),
        ..Credentials::default()
    };
    let principal = server
        .handle
        .authenticate(&with(PASSWORD), ip(1))
        .await
        .unwrap()
        .unwrap();
    assert!(principal.is_admin() && principal.session().is_none());
    assert!(server.handle.is_live(&principal));
    let refused = server
        .handle
        .authenticate(&with("wrong password"), ip(1))
        .await;
    assert!(matches!(refused, Err(Error::InvalidCredentials { .. })));
}

#[tokio::test]
async fn a_changed_password_ends_every_session_and_the_old_password() {
    let mut server = Server::set_up().await;
    let sessions = [server.login().await, server.login().await];
    let caller = &sessions[0].principal;
    let (old, wanted) = (
        || Secret::new(PASSWORD),
        || Secret::new("a better password"),
    );
    let short = server
        .handle
        .change_password(caller, old(), Secret::new("short"), &client(1))
        .await;
    assert!(matches!(short, Err(Error::PasswordRejected(_))));
    let wrong = server
        .handle
        .change_password(caller, wanted(), wanted(), &client(1))
        .await;
    assert!(matches!(wrong, Err(Error::WrongCurrentPassword)));
    server
        .handle
        .change_password(caller, old(), wanted(), &client(1))
        .await
        .unwrap();
    for _ in 0..2 {
        for session in &sessions {
            assert!(server.by_cookie(&session.session).await.is_none());
            assert!(!server.handle.is_live(&session.principal));
        }
        server
            .handle
            .login(attempt(NAME, PASSWORD, 1))
            .await
            .unwrap_err();
        server
            .handle
            .login(attempt(NAME, "a better password", 1))
            .await
            .unwrap();
        server.restart();
    }
}

#[tokio::test]
async fn a_token_does_not_change_passwords() {
    let server = Server::set_up().await;
    let token = server.token_with(pulse_security::Scope::ALL).await;
    let (old, wanted) = (Secret::new(PASSWORD), Secret::new("a better password"));
    let refused = server
        .handle
        .change_password(&token, old, wanted, &client(1))
        .await;
    assert!(matches!(refused, Err(Error::NotForTokens)));
}
