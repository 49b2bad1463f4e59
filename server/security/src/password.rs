//! Passwords: what a new one must be like, and comparing with a bcrypt hash.

use crate::{Error, PasswordProblem};

/// Fewest characters of a new password.
pub(crate) const MIN_CHARS: usize = 12;
/// bcrypt looks at no more; longer ones are refused rather than cut.
pub(crate) const MAX_BYTES: usize = 72;
const MAX_NAME: usize = 128;
const HASH_LENGTH: usize = 60;
/// A hash from elsewhere may cost this much; each step doubles the time.
const MAX_COST: u32 = 16;

pub(crate) fn check_rules(password: &str) -> Result<(), PasswordProblem> {
    if password.len() > MAX_BYTES {
        return Err(PasswordProblem::TooLong);
    }
    if password.chars().count() < MIN_CHARS {
        return Err(PasswordProblem::TooShort);
    }
    if password.contains('\0') {
        return Err(PasswordProblem::HasNul);
    }
    Ok(())
}

pub(crate) fn is_valid_name(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-+@".contains(&b);
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_plain)
}

pub(crate) fn hash(password: &str, cost: u32) -> Result<String, Error> {
    bcrypt::hash(password, cost).map_err(Error::Hashing)
}

/// Tells whether `text` is a bcrypt hash we accept from outside.
pub(crate) fn is_hash(text: &str) -> bool {
    let has_known_version = ["$2a$", "$2b$", "$2y$"].iter().any(|v| text.starts_with(v));
    text.len() == HASH_LENGTH
        && has_known_version
        && cost_of(text).is_some_and(|cost| (4..=MAX_COST).contains(&cost))
}

pub(crate) fn cost_of(hash: &str) -> Option<u32> {
    hash.get(4..6)?.parse().ok()
}

/// Tells whether `password` belongs to `hash`. Takes as long for every password.
pub(crate) fn verify(password: &str, hash: &str) -> bool {
    let is_possible = password.len() <= MAX_BYTES && !password.contains('\0');
    bcrypt::verify(password, hash).unwrap_or(false) && is_possible
}

/// Returns a hash no password has, to compare with where there is no account.
pub(crate) fn nobodys_hash(cost: u32) -> String {
    format!("$2b${cost:02}${}", ".".repeat(53))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_at_least_twelve_characters_and_at_most_72_bytes() {
        assert_eq!(check_rules("elevenchars"), Err(PasswordProblem::TooShort));
        assert_eq!(check_rules("twelve chars"), Ok(()));
        assert_eq!(check_rules("zwölf Zeichen"), Ok(()));
        assert_eq!(check_rules(&"x".repeat(72)), Ok(()));
        assert_eq!(check_rules(&"x".repeat(73)), Err(PasswordProblem::TooLong));
        assert_eq!(check_rules(&"ä".repeat(37)), Err(PasswordProblem::TooLong));
        assert_eq!(check_rules("twelve\0chars"), Err(PasswordProblem::HasNul));
    }

    #[test]
    fn a_name_has_letters_digits_and_five_signs() {
        for good in ["a", "admin", "Jo.Doe-1_x+y@example.org", &"n".repeat(128)] {
            assert!(is_valid_name(good), "{good}");
        }
        for bad in [
            "",
            " admin",
            "admin ",
            "a b",
            "a/b",
            "jürgen",
            "a\n",
            &"n".repeat(129),
        ] {
            assert!(!is_valid_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_password_longer_than_bcrypt_reads_never_matches_by_its_beginning() {
        let kept = "x".repeat(72);
        let hash = hash(&kept, 4).unwrap();
        assert!(verify(&kept, &hash));
        assert!(!verify(&format!("{kept}x"), &hash));
    }

    #[test]
    fn hashes_of_all_three_versions_are_accepted() {
        let ours = hash("correct horse battery", 4).unwrap();
        for version in ["$2a$", "$2b$", "$2y$"] {
            let hash = format!("{version}{}", &ours[4..]);
            assert!(
                is_hash(&hash) && verify("correct horse battery", &hash),
                "{hash}"
            );
            assert!(!verify("correct horse staple", &hash));
        }
        for bad in [
            "",
            "plain password",
            &ours[..59],
            &ours.replace("$04$", "$31$"),
        ] {
            assert!(!is_hash(bad), "{bad}");
        }
        assert!(!is_hash(&ours.replace("$2b$", "$2x$")));
    }

    #[test]
    fn nobodys_hash_is_compared_with_in_earnest() {
        let hash = nobodys_hash(4);
        assert!(is_hash(&hash));
        assert!(
            !bcrypt::verify("anything", &hash).unwrap(),
            "parsed and computed, not rejected"
        );
    }
}
