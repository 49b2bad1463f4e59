//! Who shares a request count with whom.

use pulse_security::Scope;
use pulse_security::rate::{Caller, Category, Limit, Limits};

use crate::server::{MINUTE, Server, ip};

#[tokio::test]
async fn agents_behind_one_address_do_not_starve_each_other() {
    let server = Server::set_up().await;
    for _ in 0..3 {
        let token = server.token_with(&[Scope::AgentReport]).await;
        let caller = Caller::of(Some(&token), ip(1));
        for _ in 0..500 {
            let verdict = server
                .handle
                .count_request(Category::General, &caller)
                .unwrap();
            assert!(verdict.is_allowed());
        }
        let verdict = server
            .handle
            .count_request(Category::General, &caller)
            .unwrap();
        assert!(!verdict.is_allowed() && verdict.remaining == 0);
    }
    assert_eq!(server.handle.figures().rate_limited, 3);
}

#[tokio::test]
async fn anonymous_callers_are_counted_by_network() {
    let server = Server::fresh();
    let from = |text: &str| Caller::of(None, text.parse().unwrap());
    for _ in 0..10 {
        let verdict = server
            .handle
            .count_request(Category::Auth, &from("2001:db8::1"));
        assert!(verdict.unwrap().is_allowed());
    }
    let neighbour = server
        .handle
        .count_request(Category::Auth, &from("2001:db8::2"));
    assert!(!neighbour.unwrap().is_allowed());
    let elsewhere = server
        .handle
        .count_request(Category::Auth, &from("2001:db8:0:1::1"));
    assert!(elsewhere.unwrap().is_allowed());
}

#[tokio::test]
async fn a_verdict_says_when_to_come_back() {
    let server = Server::fresh();
    let caller = Caller::of(None, ip(1));
    for _ in 0..3 {
        server.handle.count_request(Category::Recovery, &caller);
    }
    let verdict = server
        .handle
        .count_request(Category::Recovery, &caller)
        .unwrap();
    let wait = verdict.retry_after.unwrap();
    assert!((540..=660).contains(&wait), "{wait}");
    assert_eq!(
        verdict.reset_unix,
        1_760_000_000 + i64::try_from(wait).unwrap()
    );
    server.hands.advance(MINUTE * 11);
    assert!(
        server
            .handle
            .count_request(Category::Recovery, &caller)
            .unwrap()
            .is_allowed()
    );
}

#[tokio::test]
async fn every_number_can_be_set_and_all_can_be_off() {
    let server = Server::fresh();
    let caller = Caller::of(None, ip(1));
    let limit = Limit {
        requests: 2,
        window: MINUTE,
    };
    server
        .handle
        .set_limits(Limits::default().with(Category::Downloads, limit));
    let allowed = (0..5).filter(|_| {
        server
            .handle
            .count_request(Category::Downloads, &caller)
            .unwrap()
            .is_allowed()
    });
    assert_eq!(allowed.count(), 2);
    server.handle.set_limits(Limits::off());
    assert!(
        server
            .handle
            .count_request(Category::Downloads, &caller)
            .is_none()
    );
}
