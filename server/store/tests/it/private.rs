//! Nobody else reads what the data directory holds, and one server at a time uses it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use pulse_store::{DataDir, Error, Store, Table, file};

const WORDS: Table<String> = Table::new("words", 1);

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_directory_and_all_in_it_are_for_their_owner_only() {
    let place = tempfile::tempdir().unwrap();
    let dir = DataDir::open(place.path().join("deep/data")).unwrap();
    let _store = Store::open(&dir).unwrap();
    file::write_private(&dir.path().join("token"), b"x").unwrap();
    assert_eq!(mode(dir.path()), 0o700);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_loose_directory_and_database_are_tightened() {
    let place = tempfile::tempdir().unwrap();
    let database = place.path().join("pulse.redb");
    drop(Store::open(&DataDir::open(place.path()).unwrap()).unwrap());
    set_mode(place.path(), 0o755);
    set_mode(&database, 0o644);
    let dir = DataDir::open(place.path()).unwrap();
    let _store = Store::open(&dir).unwrap();
    assert_eq!((mode(place.path()), mode(&database)), (0o700, 0o600));
}

#[test]
fn symbolic_links_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let [real, link] = ["real", "link"].map(|name| place.path().join(name));
    fs::create_dir(&real).unwrap();
    symlink(&real, &link).unwrap();
    for ending in ["", "/", "//", "/."] {
        let path = format!("{}{ending}", link.display());
        let refused = DataDir::open(path);
        assert!(matches!(refused, Err(Error::Symlink { .. })), "{ending:?}");
    }

    let dir = DataDir::open(&real).unwrap();
    let elsewhere = place.path().join("elsewhere");
    fs::File::create(&elsewhere).unwrap();
    for name in ["token", "pulse.redb"] {
        symlink(&elsewhere, real.join(name)).unwrap();
    }
    let token = real.join("token");
    assert!(matches!(
        file::write_private(&token, b"secret"),
        Err(Error::Symlink { .. })
    ));
    assert!(matches!(
        file::read_private(&token, 10),
        Err(Error::Symlink { .. })
    ));
    assert!(matches!(Store::open(&dir), Err(Error::Symlink { .. })));
    assert_eq!(fs::read(&elsewhere).unwrap(), b"");
}

#[test]
fn a_second_server_is_told_which_directory_is_in_use() {
    let place = tempfile::tempdir().unwrap();
    let first = DataDir::open(place.path()).unwrap();
    let store = Store::open(&first).unwrap();
    let refusal = DataDir::open(place.path()).unwrap_err();
    assert!(matches!(refusal, Error::InUse { .. }));
    assert!(refusal.to_string().contains(place.path().to_str().unwrap()));
    drop(first);
    assert!(
        DataDir::open(place.path()).is_err(),
        "the open store still needs the directory"
    );
    drop(store);
    DataDir::open(place.path()).unwrap();
}

#[test]
fn records_are_there_after_a_restart() {
    let place = tempfile::tempdir().unwrap();
    for expected in [None, Some("alpha")] {
        let store = Store::open(&DataDir::open(place.path()).unwrap()).unwrap();
        let found = store.read_now(|tables| tables.get(&WORDS, "a")).unwrap();
        assert_eq!(found.as_deref(), expected);
        store
            .write_now(|tables| tables.put(&WORDS, "a", &"alpha".to_owned()))
            .unwrap();
    }
}

#[test]
fn a_private_file_is_replaced_as_a_whole_and_read_up_to_a_bound() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("token");
    assert_eq!(file::read_private(&path, 10).unwrap(), None);
    file::write_private(&path, b"first").unwrap();
    set_mode(&path, 0o644);
    file::write_private(&path, b"second").unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(
        file::read_private(&path, 6).unwrap().as_deref(),
        Some(&b"second"[..])
    );
    assert!(matches!(
        file::read_private(&path, 5),
        Err(Error::TooLarge { .. })
    ));
    assert!(file::remove(&path).unwrap());
    assert!(!file::remove(&path).unwrap());
    assert!(
        file::read_private(place.path(), 10).is_err(),
        "a directory is no file"
    );
    assert_eq!(
        fs::read_dir(place.path()).unwrap().count(),
        0,
        "nothing unfinished stays"
    );
}

#[test]
fn what_an_interrupted_write_left_is_swept_at_the_next_start() {
    let place = tempfile::tempdir().unwrap();
    fs::File::create(place.path().join("token.0011223344556677.pulse-tmp")).unwrap();
    let _dir = DataDir::open(place.path()).unwrap();
    let left: Vec<_> = fs::read_dir(place.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["pulse.lock"]);
}

#[test]
fn an_emptied_database_is_an_error_and_not_a_fresh_start() {
    let place = tempfile::tempdir().unwrap();
    let dir = DataDir::open(place.path()).unwrap();
    drop(Store::open(&dir).unwrap());
    fs::File::create(place.path().join("pulse.redb")).unwrap();
    assert!(matches!(Store::open(&dir), Err(Error::Unsafe { .. })));
}

#[test]
fn a_private_file_found_open_is_closed_and_a_secret_in_it_is_none_any_more() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("token");
    file::write_private(&path, b"secret").unwrap();
    let secret = Some(&b"secret"[..]);
    assert_eq!(file::read_secret(&path, 10).unwrap().as_deref(), secret);
    for loose in [0o640, 0o604, 0o620] {
        set_mode(&path, loose);
        assert_eq!(file::read_secret(&path, 10).unwrap(), None, "{loose:o}");
        assert_eq!(file::read_private(&path, 10).unwrap().as_deref(), secret);
        assert_eq!(mode(&path), 0o600);
    }
}

#[test]
fn what_belongs_to_another_user_is_refused_however_closed_it_is() {
    let place = tempfile::tempdir().unwrap();
    if fs::metadata(place.path()).unwrap().uid() != 0 {
        eprintln!("skipped: only root can give files away");
        return;
    }
    let give_away = |path: &Path| chown(path, Some(65_534), None).unwrap();
    let is_refused = |error: Error| {
        matches!(error, Error::Unsafe { .. }) && error.to_string().contains("another user")
    };
    let [token, database] = ["token", "pulse.redb"].map(|name| place.path().join(name));
    let dir = DataDir::open(place.path()).unwrap();
    drop(Store::open(&dir).unwrap());
    file::write_private(&token, b"x").unwrap();
    give_away(&token);
    give_away(&database);
    assert!(is_refused(file::read_private(&token, 10).unwrap_err()));
    assert!(is_refused(file::read_secret(&token, 10).unwrap_err()));
    assert!(is_refused(Store::open(&dir).unwrap_err()));
    drop(dir);

    give_away(place.path());
    assert!(is_refused(DataDir::open(place.path()).unwrap_err()));
    let as_administrator = file::read_private(&token, 10).unwrap();
    assert_eq!(as_administrator.as_deref(), Some(&b"x"[..]));
}
