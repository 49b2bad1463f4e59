//! The role in `installers/kubernetes` allows what is read, and nothing more.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::fake::{node, pod};
use crate::setting::{Setting, everything};

const RIGHTS: &str = include_str!("../../../../installers/kubernetes/agent-rights.yaml");

/// What operators are left to allow themselves, with the reasons given in the file.
const LEFT_OUT: [(&str, &str); 2] = [("", "configmaps"), ("", "secrets")];

/// API group and kind, as a role names them.
type Right = (String, String);

/// Returns what was asked for; what lies below one object, and what is of no kind, needs another right or none.
fn right(path: &str) -> Option<Right> {
    let path = path.split('?').next()?;
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["api", _, kind] => Some((String::new(), kind.to_owned())),
        ["apis", group, _, kind] => Some((group.to_owned(), kind.to_owned())),
        _ => None,
    }
}

fn granted() -> BTreeSet<Right> {
    let documents = serde_yaml_ng::Deserializer::from_str(RIGHTS);
    let mut documents = documents.map(|one| Value::deserialize(one).expect("YAML"));
    let role = documents.find(|one| one["kind"] == "ClusterRole");
    let role = role.expect("a role");
    let rules = role["rules"].as_array().expect("rules").clone();
    let words = |rule: &Value, name: &str| -> Vec<String> {
        serde_json::from_value(rule[name].clone()).expect("words")
    };
    let mut granted = BTreeSet::new();
    for rule in &rules {
        for verb in words(rule, "verbs") {
            assert!(["list", "watch"].contains(&verb.as_str()), "{rule}");
        }
        for group in words(rule, "apiGroups") {
            let kinds = words(rule, "resources").into_iter();
            granted.extend(kinds.map(|kind| (group.clone(), kind)));
        }
    }
    granted
}

#[tokio::test]
async fn the_role_that_is_handed_out_allows_what_is_read_and_nothing_more() {
    let setting = Setting::start().await;
    setting.add("/api/v1/nodes", node("n1"));
    setting.add("/api/v1/pods", pod("shop", "web-1", "n1"));
    setting.report(everything()).await;
    let world = setting.api.world();
    let mut needed: BTreeSet<Right> = world
        .seen
        .iter()
        .filter_map(|asked| right(&asked.path))
        .collect();
    for (group, kind) in LEFT_OUT {
        let is_asked = needed.remove(&(group.to_owned(), kind.to_owned()));
        assert!(is_asked, "{kind} are asked for");
    }
    assert_eq!(granted(), needed);
}
