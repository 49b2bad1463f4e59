//! Names: the words that name nothing are not used for files, modules, types, constants and
//! functions. Tests are sentences and are left alone. `fn new` is Rust's own word.

use crate::source::{code_only, is_test_file, split_tests};
use crate::tree::Tree;

/// Words that say "cupboard" or "second attempt" instead of a thing of the domain.
const FORBIDDEN: [&str; 16] = [
    "manager",
    "managers",
    "helper",
    "helpers",
    "util",
    "utils",
    "common",
    "misc",
    "data",
    "info",
    "base",
    "impl",
    "old",
    "v2",
    "enhanced",
    "additional",
];

/// Compounds in which the word is the field's own.
const FIELD_WORDS: [&str; 11] = [
    "data_dir",           // PULSE_DATA_DIR
    "data_directory",     // the same, spelled out
    "base_url",           // the server's address as an agent is given it
    "server_info",        // GET /api/server/info
    "raw_data",           // frame of the live socket
    "request_data",       // frame of the live socket
    "additional_sensors", // wire member of a host report
    "info_schema",        // OpenAPI's own object
    "agent_info",         // the wire's name for this part of a report
    "host_info",          // the same
    "sync_data",          // redb's name for a storage back end's duty
];

const ITEMS: [&str; 8] = [
    "fn", "struct", "enum", "trait", "type", "const", "static", "mod",
];

/// Names files and items that use a forbidden word.
#[must_use]
pub fn forbidden(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in &tree.files {
        if !matches!(file.extension(), "rs" | "ts" | "tsx" | "sh" | "mjs") {
            continue;
        }
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        found.extend(
            word_in(stem, true).map(|word| format!("{}: `{word}` in a file name", file.path)),
        );
        if file.extension() != "rs" || is_test_file(&file.path) {
            continue;
        }
        let (own, _) = split_tests(&code_only(&file.text));
        for (keyword, item) in items(&own) {
            let strict = keyword != "fn";
            found.extend(
                word_in(item, strict).map(|word| format!("{}: `{word}` in {item}", file.path)),
            );
        }
    }
    found
}

/// Keyword and name of each item declared in `code`.
fn items(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '&' && c != '*');
    let mut before = "";
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if ITEMS.contains(&before) && word.starts_with(|c: char| c.is_alphabetic()) && word != "fn"
        {
            found.push((before, word));
        }
        before = word;
    }
    found
}

/// The forbidden word in `name`. A version word (`new`, `old`) counts in nouns only: "rotates the
/// old key" is what some functions do.
fn word_in(name: &str, noun: bool) -> Option<String> {
    let snake = snake_case(name);
    if FIELD_WORDS.iter().any(|field| snake.contains(field)) || snake == "new" {
        return None;
    }
    let forbidden = |word: &&str| match *word {
        "new" | "old" => noun,
        word => FORBIDDEN.contains(&word),
    };
    snake.split('_').find(forbidden).map(str::to_owned)
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut previous_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && previous_lower {
            snake.push('_');
        }
        previous_lower = c.is_lowercase() || c.is_ascii_digit();
        snake.extend(c.to_lowercase().map(|c| if c == '-' { '_' } else { c }));
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand_none;

    #[test]
    fn every_name_is_a_word_of_the_domain() {
        demand_none(
            "find the field's word for these:",
            &forbidden(&Tree::repository()),
        );
    }

    #[test]
    fn a_cupboard_is_caught_by_file_and_by_item() {
        let tree = Tree::invented(&[
            ("server/x/src/utils.rs", ""),
            (
                "server/x/src/a.rs",
                "pub struct SessionManager;\nfn load_data() {}\nmod parser_v2 {}\nstruct NewHost;",
            ),
            ("web/src/helpers.ts", ""),
        ]);
        let expected = [
            "server/x/src/utils.rs: `utils` in a file name",
            "server/x/src/a.rs: `manager` in SessionManager",
            "server/x/src/a.rs: `data` in load_data",
            "server/x/src/a.rs: `v2` in parser_v2",
            "server/x/src/a.rs: `new` in NewHost",
            "web/src/helpers.ts: `helpers` in a file name",
        ];
        assert_eq!(forbidden(&tree), expected);
    }

    #[test]
    fn the_field_s_own_words_and_sentences_of_tests_pass() {
        let own = "fn new() {}\nfn data_dir() {}\nfn database() {}\nconst BASE64: u8 = 0; // struct Info\n\
            fn replace_old_key() {}\n#[cfg(test)]\nmod tests {\n fn old_data_is_kept() {}\n}";
        let tree = Tree::invented(&[("server/x/src/a.rs", own)]);
        assert_eq!(forbidden(&tree), Vec::<String>::new());
    }
}
