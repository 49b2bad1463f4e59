//! What is asked, what is compared, and how long it holds.

use super::*;

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

fn now() -> Time {
    Time::from_second(1_700_000_000).expect("a time")
}

fn reference(text: &str) -> Reference {
    Reference::parse(text).expect("a reference")
}

fn latest(own: char, platforms: &[char]) -> Result<Latest, Refusal> {
    Ok(Latest {
        digest: digest(own),
        platforms: platforms.iter().map(|digit| digest(*digit)).collect(),
    })
}

/// What a container on `local` says when the registry answered `outcome`.
fn judged(local: char, outcome: Result<Latest, Refusal>) -> ContainerUpdate {
    let mut state = State::default();
    let at = Instant::now();
    let want =
        |state: &mut State| state.want(reference("nginx"), true, vec![digest(local)], at, now());
    assert_eq!(
        want(&mut state),
        None,
        "nothing is claimed before it was asked"
    );
    state.note(&reference("nginx"), outcome, at);
    want(&mut state).expect("a status")
}

#[tokio::test]
async fn the_digest_of_the_list_or_of_any_platform_in_it_is_up_to_date() {
    assert!(!judged('a', latest('a', &[])).update_available);
    assert!(!judged('c', latest('a', &['b', 'c'])).update_available);
    let update = judged('d', latest('a', &['b', 'c']));
    assert!(update.update_available && update.error.is_empty());
    assert_eq!(
        (update.current_digest, update.latest_digest),
        (digest('d'), digest('a'))
    );
    assert_eq!(update.last_checked, Some(now()));
}

#[tokio::test]
async fn what_cannot_be_told_is_no_update_and_says_why() {
    let refused = judged(
        'a',
        Err(Refusal::Because("authentication required".to_owned())),
    );
    assert_eq!(
        (refused.update_available, refused.error.as_str()),
        (false, "authentication required")
    );
}

#[test]
fn only_images_that_came_from_the_repository_are_asked_about() {
    let own = format!("nginx@{}", digest('a'));
    let elsewhere = format!("ghcr.io/x/nginx@{}", digest('b'));
    let both = [own, elsewhere.clone()];
    assert_eq!(
        question("nginx:1", &both),
        Question::Ask(reference("nginx:1"), vec![digest('a')])
    );
    for (image, digests) in [
        ("nginx:1", &[elsewhere][..]),
        ("nginx:1", &["<none>@<none>".to_owned()]),
        ("nginx:1", &[]),
        (&format!("nginx@{}", digest('a')), &both),
        (&digest('a'), &both),
        ("a b", &both),
    ] {
        assert!(
            matches!(question(image, digests), Question::Pointless(_)),
            "{image}"
        );
    }
}

#[tokio::test]
async fn answers_failures_and_limits_hold_for_their_time() {
    let at = Instant::now();
    for (outcome, time) in [
        (latest('a', &[]), ANSWERED),
        (Err(Refusal::Because("x".to_owned())), FAILED),
        (Err(Refusal::RateLimited(None)), RATE_LIMITED),
        (
            Err(Refusal::RateLimited(Some(Duration::from_secs(2 * 60 * 60)))),
            Duration::from_secs(2 * 60 * 60),
        ),
    ] {
        let mut state = State::default();
        state.want(reference("nginx"), true, vec![digest('a')], at, now());
        state.note(&reference("nginx"), outcome, at);
        assert!(state.next(at + time - Duration::from_secs(1)).is_none());
        assert!(state.next(at + time).is_some());
    }
}

#[tokio::test]
async fn a_registry_that_wants_to_be_left_alone_is_and_others_are_not() {
    let at = Instant::now();
    let mut state = State::default();
    for image in ["nginx", "redis", "ghcr.io/x/y"] {
        state.want(reference(image), true, vec![digest('a')], at, now());
    }
    state.note(&reference("nginx"), Err(Refusal::RateLimited(None)), at);
    let (next, _) = state.next(at).expect("the other registry");
    assert_eq!(next, &reference("ghcr.io/x/y"));
    let status = state.want(reference("redis"), true, vec![digest('a')], at, now());
    assert_eq!(status.expect("a status").error, "rate limited");
}
