//! Who is who: re-installs, renames, clones, stolen ids, overtaken reports.

use super::*;

const INTERVAL: Duration = Duration::from_secs(10);

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn claim(token: &str, hostname: &str, machine: &str) -> Claim {
    Claim {
        agent_id: Some(machine.into()),
        host_id: Some(machine.into()),
        machine_id: Some(machine.into()),
        hostname: hostname.into(),
        token_id: Some(token.into()),
        ..Claim::default()
    }
}

fn bound(agent_id: &str, claim: Claim) -> Claim {
    Claim {
        bound_agent_id: Some(agent_id.into()),
        keyed: true,
        ..claim
    }
}

fn report(agents: &mut Agents, claim: &Claim, at: u64) -> Result<String, Refusal> {
    let made_at = Timestamp::UNIX_EPOCH + secs(at);
    let resolved = agents.resolve(claim, made_at, secs(at))?;
    agents.accept(&resolved.agent_id, claim, made_at, INTERVAL, secs(at));
    Ok(resolved.agent_id)
}

#[test]
fn a_host_keeps_its_id_when_its_token_is_replaced() {
    let mut agents = Agents::default();
    let first = report(&mut agents, &claim("t1", "web", "M-1"), 0);
    assert_eq!(first.as_deref(), Ok("m-1"));
    assert_eq!(report(&mut agents, &claim("t2", "web", "M-1"), 10), first);
    assert_eq!(
        report(&mut agents, &claim("t2", "web.lan", "M-1"), 20),
        first
    );
}

#[test]
fn two_live_machines_with_one_machine_id_stay_two() {
    let mut agents = Agents::default();
    let original = report(&mut agents, &claim("t", "web", "m"), 0);
    let copy = report(&mut agents, &claim("t", "web-copy", "m"), 5);
    assert_ne!(original, copy);
    assert_eq!(report(&mut agents, &claim("t", "web-copy", "m"), 15), copy);
    assert_eq!(report(&mut agents, &claim("t", "web", "m"), 16), original);
}

#[test]
fn a_machine_renamed_while_silent_keeps_its_id() {
    let mut agents = Agents::default();
    let before = report(&mut agents, &claim("t", "web", "m"), 0);
    assert_eq!(report(&mut agents, &claim("t", "shop", "m"), 31), before);
}

#[test]
fn a_bound_agent_keeps_its_id_under_any_name() {
    let mut agents = Agents::default();
    let first = report(&mut agents, &bound("a-1", claim("t", "web", "m")), 0);
    assert_eq!(first.as_deref(), Ok("a-1"));
    assert_eq!(
        report(&mut agents, &bound("a-1", claim("t", "shop", "m2")), 10),
        first
    );
}

#[test]
fn a_bound_agent_may_not_claim_to_be_another_one() {
    let mut agents = Agents::default();
    report(&mut agents, &claim("t1", "victim", "m-1"), 0).expect("the victim reports");
    let thief = bound(
        "a-2",
        Claim {
            agent_id: Some("m-1".into()),
            ..claim("t2", "thief", "m-2")
        },
    );
    let refused = report(&mut agents, &thief, 10);
    assert!(
        matches!(refused, Err(Refusal::OtherAgent { .. })),
        "{refused:?}"
    );
    assert_eq!(
        agents.get("m-1").map(|agent| agent.hostname.as_str()),
        Some("victim")
    );
}

#[test]
fn an_agent_that_signs_is_closed_to_unsigned_reports() {
    let mut agents = Agents::default();
    report(&mut agents, &bound("m-1", claim("t1", "web", "m-1")), 0).expect("the first report");
    let unsigned = Claim {
        keyed: false,
        ..bound("m-1", claim("t1", "web", "m-1"))
    };
    let by_token_only = claim("t9", "web", "m-1");
    for attempt in [unsigned, by_token_only] {
        let refused = report(&mut agents, &attempt, 10);
        assert!(
            matches!(refused, Err(Refusal::KeyRequired { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn an_overtaken_report_is_no_news() {
    let mut agents = Agents::default();
    let numbered = |stream: u8, number| Claim {
        sequence: Some(Sequence {
            stream: [stream; 16],
            number,
        }),
        ..claim("t", "web", "m")
    };
    let is_news = |agents: &Agents, claim: &Claim| {
        agents
            .resolve(claim, Timestamp::UNIX_EPOCH, secs(100))
            .map(|resolved| resolved.is_news)
    };
    report(&mut agents, &numbered(1, 7), 0).expect("a report");
    assert_eq!(is_news(&agents, &numbered(1, 7)), Ok(false));
    assert_eq!(is_news(&agents, &numbered(1, 6)), Ok(false));
    assert_eq!(is_news(&agents, &numbered(1, 8)), Ok(true));
    report(&mut agents, &numbered(2, 1), 10).expect("the agent restarted");
    assert_eq!(is_news(&agents, &numbered(1, 99)), Ok(false));
}

#[test]
fn without_a_sequence_only_a_clock_going_back_at_once_is_no_news() {
    let mut agents = Agents::default();
    let plain = claim("t", "web", "m");
    report(&mut agents, &plain, 100).expect("a report");
    let is_news = |made: u64, mono: u64| {
        let made_at = Timestamp::UNIX_EPOCH + secs(made);
        agents
            .resolve(&plain, made_at, secs(mono))
            .map(|resolved| resolved.is_news)
    };
    assert_eq!(is_news(90, 101), Ok(false));
    assert_eq!(is_news(90, 110), Ok(true));
    assert_eq!(is_news(110, 101), Ok(true));
}

#[test]
fn a_report_without_any_name_is_refused() {
    let agents = Agents::default();
    let nameless = Claim {
        hostname: " -- ".into(),
        ..Claim::default()
    };
    let refused = agents.resolve(&nameless, Timestamp::UNIX_EPOCH, Duration::ZERO);
    assert_eq!(refused, Err(Refusal::Nameless));
}

#[test]
fn ids_are_short_lower_case_and_dashed() {
    assert_eq!(sanitize("  Web Server__01.LAN "), "web-server-01-lan");
    assert_eq!(sanitize("--"), "");
    assert_eq!(sanitize("Stats"), "host-stats");
    assert!(sanitize(&"x".repeat(500)).len() <= LONGEST_ID);
}

#[test]
fn a_copied_disk_that_reports_under_the_same_key_is_kept_apart() {
    let mut agents = Agents::default();
    let from = |stream: u8, number| {
        let sequence = Some(Sequence {
            stream: [stream; 16],
            number,
        });
        bound(
            "a-1",
            Claim {
                sequence,
                ..claim("t", "web", "m")
            },
        )
    };
    assert_eq!(report(&mut agents, &from(1, 1), 0).as_deref(), Ok("a-1"));
    assert_eq!(report(&mut agents, &from(2, 1), 10).as_deref(), Ok("a-1"));
    let twin = report(&mut agents, &from(1, 2), 15).expect("taken");
    assert_ne!(twin, "a-1");
    assert_eq!(report(&mut agents, &from(2, 2), 20).as_deref(), Ok("a-1"));
    assert_eq!(report(&mut agents, &from(1, 3), 25), Ok(twin));
}

#[test]
fn what_an_ended_process_left_in_its_queue_is_no_copy() {
    let mut agents = Agents::default();
    let from = |stream: u8, number| {
        let sequence = Some(Sequence {
            stream: [stream; 16],
            number,
        });
        bound(
            "a-1",
            Claim {
                sequence,
                ..claim("t", "web", "m")
            },
        )
    };
    report(&mut agents, &from(1, 1), 0).expect("taken");
    report(&mut agents, &from(2, 1), 60).expect("the agent restarted");
    let made_at = Timestamp::UNIX_EPOCH + secs(30);
    let queued = agents
        .resolve(&from(1, 2), made_at, secs(61))
        .expect("whose");
    assert_eq!((queued.agent_id.as_str(), queued.is_news), ("a-1", false));
}

#[test]
fn a_host_counts_for_the_token_it_reports_with_now() {
    let mut agents = Agents::default();
    let first = report(&mut agents, &claim("t1", "web", "M-1"), 0).expect("it is taken");
    report(&mut agents, &claim("t2", "web", "M-1"), 10).expect("it is taken");
    let counts = |agents: &Agents| ["t1", "t2"].map(|token| agents.count_of(Some(token)));
    assert_eq!(counts(&agents), [0, 1]);
    report(&mut agents, &claim("t2", "web", "M-1"), 20).expect("it is taken");
    assert_eq!(counts(&agents), [0, 1]);
    agents.forget(&first);
    assert_eq!(counts(&agents), [0, 0]);
}
