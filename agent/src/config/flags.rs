//! The command line, in the syntax of the original agent.
//!
//! One dash or two, `-flag=value` or `-flag value`; a flag that is on or off takes a value only
//! behind `=`. Lists repeat their flag.

use super::known::{ALL, Takes};
use crate::error::Error;

/// What was given on the command line, in order.
#[derive(Debug, Default)]
pub(super) struct Given(Vec<(&'static str, String)>);

impl Given {
    /// Returns the last value of a flag.
    pub(super) fn last(&self, name: &str) -> Option<&str> {
        self.all(name).next_back()
    }

    /// Returns every value of a flag.
    pub(super) fn all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl DoubleEndedIterator<Item = &'a str> + use<'a, 'n> {
        self.0
            .iter()
            .filter(move |(flag, _)| *flag == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads the arguments after the program's name.
pub(super) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Given, Error> {
    let mut given = Given::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (name, value) = split(&argument)?;
        let name = if name == "h" { "help" } else { name };
        let flag = ALL.iter().find(|flag| flag.name == name);
        let flag =
            flag.ok_or_else(|| Error::Usage(format!("there is no flag --{name}; see --help")))?;
        let value = match (value, flag.takes) {
            (Some(value), _) => value.to_owned(),
            (None, Takes::Switch) => "true".to_owned(),
            (None, Takes::Text | Takes::List) => arguments
                .next()
                .ok_or_else(|| Error::Usage(format!("--{name} needs a value")))?,
        };
        if flag.takes == Takes::Switch {
            switch_value(name, &value)?;
        }
        given.0.push((flag.name, value));
    }
    Ok(given)
}

fn split(argument: &str) -> Result<(&str, Option<&str>), Error> {
    let flag = argument
        .strip_prefix("--")
        .or_else(|| argument.strip_prefix('-'));
    let flag = flag.filter(|flag| !flag.is_empty() && !flag.starts_with(['-', '=']));
    let Some(flag) = flag else {
        // Not shown: a token that lost its flag must not end up in a log.
        let text = "an argument is not a flag; a switch is turned off with =false";
        return Err(Error::Usage(text.to_owned()));
    };
    Ok(match flag.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (flag, None),
    })
}

/// Reads the value of a switch.
pub(super) fn switch_value(name: &str, value: &str) -> Result<bool, Error> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(Error::Usage(format!("--{name} is either true or false"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> Result<Given, Error> {
        parse(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn one_dash_two_dashes_and_equals_are_the_same() {
        for arguments in [
            ["-url", "http://a"].as_slice(),
            ["--url", "http://a"].as_slice(),
            ["-url=http://a"].as_slice(),
            ["--url=http://a"].as_slice(),
        ] {
            assert_eq!(
                given(arguments).expect("flags").last("url"),
                Some("http://a")
            );
        }
    }

    #[test]
    fn a_switch_takes_its_value_behind_an_equals_sign_only() {
        let flags = given(&["--insecure=false", "-enroll"]).expect("flags");
        assert_eq!(flags.last("insecure"), Some("false"));
        assert_eq!(flags.last("enroll"), Some("true"));
        assert!(given(&["--insecure", "false"]).is_err());
        assert!(given(&["--insecure=maybe"]).is_err());
    }

    #[test]
    fn lists_keep_every_value_and_texts_the_last() {
        let flags = given(&["--tag", "a", "--tag=b", "--url", "x", "--url", "y"]).expect("flags");
        assert_eq!(flags.all("tag").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(flags.last("url"), Some("y"));
    }

    #[test]
    fn a_value_may_look_like_a_flag_or_hold_an_equals_sign() {
        let flags = given(&["--hostname", "-x", "--agent-id=a=b"]).expect("flags");
        assert_eq!(
            (flags.last("hostname"), flags.last("agent-id")),
            (Some("-x"), Some("a=b"))
        );
    }

    #[test]
    fn mistakes_are_errors_that_repeat_no_value() {
        for arguments in [
            ["--no-such"].as_slice(),
            &["--url"],
            &["s3cret"],
            &["--"],
            &["-"],
            &["--=x"],
            &["---url", "x"],
        ] {
            let error = given(arguments).expect_err("a mistake").to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
