//! What changed between two JSON documents, as a merge patch (RFC 7386).

use serde_json::{Map, Value};

/// Returns the patch that makes `new` of `old`, or nothing when they are equal.
///
/// Only objects are merged; a list that changed is sent whole.
pub(crate) fn between(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Option<Map<String, Value>> {
    let mut patch = Map::new();
    for (name, value) in new {
        match (old.get(name), value) {
            (Some(before), _) if before == value => {}
            (Some(Value::Object(before)), Value::Object(after)) => {
                if let Some(inner) = between(before, after) {
                    patch.insert(name.clone(), Value::Object(inner));
                }
            }
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    (!patch.is_empty()).then_some(patch)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("not an object: {other}"),
        }
    }

    fn apply(target: &mut Map<String, Value>, patch: Map<String, Value>) {
        for (name, value) in patch {
            match value {
                Value::Null => {
                    target.remove(&name);
                }
                Value::Object(inner) => {
                    let slot = target.entry(name).or_insert_with(|| json!({}));
                    if !slot.is_object() {
                        *slot = json!({});
                    }
                    if let Value::Object(slot) = slot {
                        apply(slot, inner);
                    }
                }
                other => {
                    target.insert(name, other);
                }
            }
        }
    }

    #[test]
    fn only_what_changed_is_sent_and_what_went_is_null() {
        let old = object(json!({"a": 1, "b": {"c": 2, "d": 3}, "e": [1, 2]}));
        let new = object(json!({"a": 1, "b": {"c": 5}, "e": [1]}));
        let patch = between(&old, &new).map(Value::Object);
        assert_eq!(patch, Some(json!({"b": {"c": 5, "d": null}, "e": [1]})));
        assert_eq!(between(&new, &new), None);
    }

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i32>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a-d]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn applying_the_patch_gives_the_new_document(old in documents(), new in documents()) {
            let (Value::Object(old), Value::Object(new)) = (old, new) else { return Ok(()) };
            let mut patched = old.clone();
            if let Some(patch) = between(&old, &new) {
                apply(&mut patched, patch);
            }
            prop_assert_eq!(patched, new);
        }
    }
}
