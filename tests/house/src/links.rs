//! Links between the documents resolve: the file is there, and so is the heading.

use crate::tree::Tree;

/// Names relative links that lead nowhere.
#[must_use]
pub fn broken(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for document in tree.files.iter().filter(|file| file.extension() == "md") {
        for target in targets(&without_code(&document.text)) {
            if !resolves(tree, &document.path, target) {
                found.push(format!("{}: {target}", document.path));
            }
        }
    }
    found
}

fn resolves(tree: &Tree, from: &str, target: &str) -> bool {
    if target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() {
        from.to_owned()
    } else {
        join(from, path)
    };
    if !tree.paths.contains(&path) {
        return false;
    }
    let text = tree.file(&path).map_or("", |file| &file.text);
    heading.is_empty() || headings(text).any(|known| known == heading)
}

/// The document without fenced and inline code, where brackets mean something else.
fn without_code(text: &str) -> String {
    let mut prose = String::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let pieces = line.split('`').enumerate().filter(|(at, _)| at % 2 == 0);
            prose.extend(pieces.map(|(_, piece)| piece));
            prose.push('\n');
        }
    }
    prose
}

fn targets(prose: &str) -> impl Iterator<Item = &str> {
    let after = prose.split("](").skip(1);
    after
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|target| !target.is_empty())
}

/// Resolves `path` against the directory of the document `from`.
fn join(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Anchors of a document's headings, as the usual viewers make them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter(|line| line.starts_with('#'));
    lines.map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn every_link_in_the_documents_resolves() {
        demand_none("these links lead nowhere:", &broken(&Tree::repository()));
    }

    #[test]
    fn a_broken_link_and_a_broken_anchor_are_caught() {
        let tree = Tree::invented(&[
            (
                "README.md",
                "[a](docs/A.md) [b](docs/B.md) [c](docs/A.md#no-such) ![d](x.png)",
            ),
            (
                "docs/A.md",
                "# Why it *works*\n[up](../README.md) [here](#why-it-works)",
            ),
        ]);
        assert_eq!(
            broken(&tree),
            [
                "README.md: docs/B.md",
                "README.md: docs/A.md#no-such",
                "README.md: x.png"
            ]
        );
    }

    #[test]
    fn code_and_addresses_are_left_alone() {
        let tree = Tree::invented(&[(
            "README.md",
            "`a[0](b)`\n```\n[x](y)\n```\n[site](https://example.org/x) [mail](mailto:a@example.org)",
        )]);
        assert!(broken(&tree).is_empty());
    }
}
