//! Which namespaces are reported.

/// The operator's choice: exact names, or patterns in which `*` is any text and `?` any character.
/// Leaving out wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespaces {
    /// The only ones to report; all when empty.
    pub include: Vec<String>,
    /// Those to leave out.
    pub exclude: Vec<String>,
}

impl Namespaces {
    /// Tells whether a namespace is reported. What is in none always is.
    pub(crate) fn wants(&self, namespace: &str) -> bool {
        let is_in = |patterns: &[String]| {
            patterns
                .iter()
                .any(|pattern| is_match(pattern.trim(), namespace))
        };
        namespace.is_empty()
            || (!is_in(&self.exclude) && (self.include.is_empty() || is_in(&self.include)))
    }

    /// Returns the namespaces by name, if the choice names them all: they are then asked for one by
    /// one, which needs rights in them only.
    pub(crate) fn named(&self) -> Option<Vec<String>> {
        let names: Vec<&str> = self.include.iter().map(|name| name.trim()).collect();
        let is_name = |name: &&str| !name.is_empty() && !name.contains(['*', '?']);
        if names.is_empty() || !names.iter().all(is_name) {
            return None;
        }
        let mut wanted: Vec<String> = Vec::new();
        for name in names.into_iter().filter(|name| self.wants(name)) {
            if !wanted.iter().any(|known| known == name) {
                wanted.push(name.to_owned());
            }
        }
        Some(wanted)
    }
}

/// Compares without ever going back more than once per star.
fn is_match(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, taken)) = star else {
                    return false;
                };
                star = Some((at, taken + 1));
                p = at + 1;
                t = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(include: &[&str], exclude: &[&str]) -> Namespaces {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Namespaces {
            include: owned(include),
            exclude: owned(exclude),
        }
    }

    #[test]
    fn stars_and_question_marks_stand_for_text() {
        for (pattern, text, expected) in [
            ("kube-*", "kube-system", true),
            ("*-system", "kube-system", true),
            ("*e-s*", "kube-system", true),
            ("team-?", "team-a", true),
            ("team-?", "team-ab", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("*", "any", true),
            ("", "any", false),
            ("default", "default", true),
            ("default", "default2", false),
        ] {
            assert_eq!(is_match(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn leaving_out_wins_over_taking_in() {
        let choice = choice(&["team-*"], &["team-b"]);
        assert!(choice.wants("team-a") && !choice.wants("team-b") && !choice.wants("other"));
        assert!(choice.wants(""), "what is in no namespace is not filtered");
        assert!(Namespaces::default().wants("anything"));
    }

    #[test]
    fn exact_names_are_asked_for_one_by_one() {
        assert_eq!(choice(&[], &[]).named(), None);
        assert_eq!(choice(&["a", "b*"], &[]).named(), None);
        assert_eq!(
            choice(&["a", " b ", "a", "c"], &["c"]).named(),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
    }
}
