//! Just enough of a Rust reader for the rules: tells code from comments and strings, and a file's
//! own code from the tests that live in it. It keeps line numbers, and it is no parser.

/// Returns `text` with comments and the contents of strings blanked out, line for line.
#[must_use]
pub fn code_only(text: &str) -> String {
    let mut reader = Reader {
        rest: text,
        out: String::with_capacity(text.len()),
    };
    while let Some(next) = reader.rest.chars().next() {
        reader.step(next);
    }
    reader.out
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
}

impl Reader<'_> {
    fn step(&mut self, next: char) {
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.blank(end);
        } else if self.rest.starts_with("/*") {
            self.blank(block_comment_length(self.rest));
        } else if let Some(hashes) = raw_string_hashes(self.rest, self.out.chars().last()) {
            self.blank(raw_string_length(self.rest, hashes));
        } else if next == '"' {
            self.blank(quoted_length(self.rest, '"'));
        } else if next == '\'' && is_char_literal(self.rest) {
            self.blank(quoted_length(self.rest, '\''));
        } else {
            self.out.push(next);
            self.rest = &self.rest[next.len_utf8()..];
        }
    }

    fn blank(&mut self, length: usize) {
        let (gone, rest) = self.rest.split_at(length);
        self.out
            .extend(gone.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        self.rest = rest;
    }
}

fn block_comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// How many `#` a raw string that starts here has; nothing when none starts here.
fn raw_string_hashes(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = rest.bytes().take_while(|b| *b == b'#').count();
    rest[hashes..].starts_with('"').then_some(hashes)
}

fn raw_string_length(text: &str, hashes: usize) -> usize {
    let close = format!("\"{}", "#".repeat(hashes));
    let open = text.find('"').unwrap_or(0) + 1;
    text[open..]
        .find(&close)
        .map_or(text.len(), |at| open + at + close.len())
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

/// Tells `'a'` and `'\n'` from the lifetime `'a`.
fn is_char_literal(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    matches!(
        (chars.next(), chars.next()),
        (Some('\\'), _) | (Some(_), Some('\''))
    )
}

/// Returns code (see [`code_only`]) split into the file's own part and its inline tests, each with
/// the other's lines blanked so that line numbers still hold.
#[must_use]
pub fn split_tests(code: &str) -> (String, String) {
    let mut own = String::new();
    let mut tests = String::new();
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with("#[cfg(test)]") {
            own.push_str(line);
            own.push('\n');
            tests.push('\n');
            continue;
        }
        let mut depth = 0_i64;
        let mut current = Some(line);
        while let Some(line) = current {
            tests.push_str(line);
            tests.push('\n');
            own.push('\n');
            depth += braces(line);
            let ends = line.contains(';') || line.contains('}');
            if depth == 0 && ends && !line.trim_start().starts_with("#[") {
                break;
            }
            current = lines.next();
        }
    }
    (own, tests)
}

fn braces(line: &str) -> i64 {
    line.chars().fold(0, |depth, c| match c {
        '{' => depth + 1,
        '}' => depth - 1,
        _ => depth,
    })
}

/// Programs that live beside the tests without being any.
const PROGRAMS: [&str; 2] = ["tests/load/src/", "tests/house/src/"];

/// True for files that hold nothing but tests.
#[must_use]
pub fn is_test_file(path: &str) -> bool {
    if PROGRAMS.iter().any(|program| path.starts_with(program)) {
        return false;
    }
    path.contains("/tests/") || path.starts_with("tests/") || path.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        let text = "let a = \"Command::new\"; // Command::new\n/* x /* y */ z */ let b = 'q';";
        let code = code_only(text);
        assert!(!code.contains("Command"));
        assert!(!code.contains('x') && !code.contains('z') && !code.contains('q'));
        assert!(code.contains("let a =") && code.contains("let b ="));
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn raw_strings_and_lifetimes_are_told_apart() {
        let code =
            code_only("fn f<'a>(x: &'a str) { r#\"un\"safe\"# } let hidden = br\"no\"; for_r");
        assert!(code.contains("fn f<'a>(x: &'a str) {"));
        assert!(!code.contains("safe") && !code.contains("no"));
        assert!(code.contains("for_r"));
    }

    #[test]
    fn inline_tests_are_split_off_and_lines_keep_their_number() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn t() {}\n}\nfn b() {}\n";
        let (own, tests) = split_tests(text);
        assert_eq!(own.lines().nth(5), Some("fn b() {}"));
        assert!(!own.contains("fn t"));
        assert_eq!(tests.lines().nth(3), Some("  fn t() {}"));
    }

    #[test]
    fn a_test_module_in_its_own_file_ends_at_its_semicolon() {
        let (own, tests) = split_tests("#[cfg(test)]\nmod tests;\nfn a() {}\n");
        assert!(own.contains("fn a"));
        assert!(!tests.contains("fn a"));
    }
}
