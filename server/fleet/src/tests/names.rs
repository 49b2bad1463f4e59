//! Names others would like to have.

use super::*;

#[tokio::test]
async fn an_agent_takes_nothing_from_one_whose_name_begins_with_its_own() {
    let world = World::start();
    assert!(world.admits("web-2", &bound("theirs", "web-2")));
    assert!(!world.admits("web-2", &bound("evil", "web")));
    world
        .fleet
        .note_machine("web-3", &token("theirs"))
        .expect("it is noted");
    assert!(!world.admits("web-3", &bound("evil", "web")));
    assert!(world.admits("web-podman", &bound("own", "web-podman")));
    world.hands.advance(HOUR);
    assert!(
        !world.admits("web-2", &bound("evil", "web")),
        "however long"
    );
    assert!(world.admits("web-2", &bound("rotated", "web-2")));
}

#[tokio::test]
async fn a_token_that_takes_ever_new_names_leaves_no_more_behind_than_it_may_report() {
    let world = World::start();
    assert!(world.admits("theirs", &token("b")));
    for number in 0..3 * PER_TOKEN {
        if number > 0 && number % PER_TOKEN == 0 {
            world.hands.advance(HOUR);
        }
        assert!(world.admits(&format!("dock-{number:02}"), &token("a")));
    }
    let (known, last) = (|name: &str| world.fleet.knows(&engine(name)), 3 * PER_TOKEN);
    let left = (0..last).filter(|number| known(&format!("dock-{number:02}")));
    assert_eq!(left.count(), PER_TOKEN);
    assert!(known("theirs"));
    while world.board.gone().len() < 2 * PER_TOKEN {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.board.gone()[0], "docker:dock-00");
}
