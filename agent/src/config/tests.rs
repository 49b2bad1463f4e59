//! What flags and variables come to.

use super::*;

fn load_with(arguments: &[&str], env: &[(&str, &str)]) -> Result<Action, Error> {
    let env = |name: &str| {
        let found = env.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    load(arguments.iter().map(|&argument| argument.to_owned()), &env)
}

fn config(arguments: &[&str], env: &[(&str, &str)]) -> Config {
    match load_with(arguments, env).expect("settings") {
        Action::Run(config) => *config,
        other => panic!("something else to do: {other:?}"),
    }
}

#[test]
fn without_anything_the_defaults_hold() {
    let config = config(&[], &[]);
    assert_eq!(config.url, "http://localhost:7655");
    assert_eq!(config.interval, Duration::from_secs(30));
    assert_eq!(config.health_addr.as_deref(), Some("127.0.0.1:9191"));
    assert_eq!(config.log_level, Some(Level::INFO));
    assert!(config.enable_host && !config.enroll && !config.allow_plaintext_http);
    assert!(matches!(config.token, TokenSource::StateDir));
    assert!(config.remarks.is_empty());
}

#[test]
fn a_flag_wins_over_the_environment() {
    let env = [
        ("PULSE_URL", "http://env"),
        ("PULSE_INTERVAL", "10s"),
        ("PULSE_ENABLE_HOST", "no"),
    ];
    let config = config(&["-url", "http://flag", "--enable-host"], &env);
    assert_eq!(config.url, "http://flag");
    assert_eq!(config.interval, Duration::from_secs(10));
    assert!(config.enable_host);
}

#[test]
fn lists_add_up_without_doubles() {
    let config = config(
        &["--tag", "web", "--tag=db "],
        &[("PULSE_TAGS", "rack1, web,,")],
    );
    assert_eq!(config.tags, ["rack1", "web", "db"]);
}

#[test]
fn switches_of_the_environment_say_yes_in_several_ways() {
    for (value, expected) in [
        ("1", true),
        ("TRUE", true),
        ("Yes", true),
        ("y", true),
        ("on", true),
        ("0", false),
        ("x", false),
    ] {
        let config = config(&[], &[("PULSE_AGENT_ALLOW_PLAINTEXT_HTTP", value)]);
        assert_eq!(config.allow_plaintext_http, expected, "{value}");
    }
}

#[test]
fn the_token_is_taken_from_the_first_place_that_has_one() {
    let all = ["--token", "argument", "--token-file", "/file"];
    let env = [("PULSE_TOKEN", "environment")];
    let exposed = |config: Config| match config.token {
        TokenSource::Given(token) => token.expose().to_owned(),
        TokenSource::File(path) => path.display().to_string(),
        TokenSource::StateDir => "state".to_owned(),
    };
    assert_eq!(exposed(config(&all, &env)), "argument");
    assert_eq!(exposed(config(&all[2..], &env)), "environment");
    assert_eq!(exposed(config(&all[2..], &[])), "/file");
    assert_eq!(exposed(config(&[], &[])), "state");
}

#[test]
fn a_token_as_an_argument_is_remarked_on_and_not_repeated() {
    let remarks = config(&["--token", "s3cret"], &[]).remarks;
    assert_eq!(remarks.len(), 1);
    assert!(remarks[0].contains("--token-file") && !remarks[0].contains("s3cret"));
    assert!(config(&[], &[("PULSE_TOKEN", "s3cret")]).remarks.is_empty());
}

#[test]
fn settings_never_show_the_token() {
    let shown = format!("{:?}", config(&["--token", "s3cret"], &[]));
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[test]
fn what_this_version_does_not_have_is_remarked_on_once_and_is_no_error() {
    let remarks = config(
        &[
            "--enable-kubernetes=true",
            "--kubeconfig=/k",
            "--enable-commands=false",
            "--kube-max-pods",
            "5",
        ],
        &[
            ("PULSE_ENABLE_PROXMOX", "1"),
            ("PULSE_OBSERVERS_FILE", "/x"),
        ],
    )
    .remarks;
    assert_eq!(remarks.len(), 2, "{remarks:?}");
}

#[test]
fn collectors_are_switched_off_by_name_and_a_wrong_name_is_remarked_on() {
    let config = config(
        &["--disable-collector", "smart", "--disable-ceph"],
        &[
            ("PULSE_DISABLE_COLLECTORS", "zfs, nothing"),
            ("PULSE_SMARTCTL_PATH", "/opt/smartctl"),
        ],
    );
    assert_eq!(config.collect.disabled, ["zfs", "nothing", "smart", "ceph"]);
    assert_eq!(config.collect.smartctl, Some("/opt/smartctl".into()));
    assert_eq!(config.remarks.len(), 1, "{:?}", config.remarks);
    assert!(config.remarks[0].contains("no collector nothing"));
}

#[test]
fn the_health_page_can_be_moved_and_turned_off() {
    for (arguments, env, expected) in [
        (
            [].as_slice(),
            [("PULSE_HEALTH_ADDR", "off")].as_slice(),
            None,
        ),
        (&[], &[("PULSE_HEALTH_ADDR", "Disabled")], None),
        (
            &["--health-addr="],
            &[("PULSE_HEALTH_ADDR", "127.0.0.1:1")],
            None,
        ),
        (
            &[],
            &[("PULSE_HEALTH_ADDR", "127.0.0.1:1")],
            Some("127.0.0.1:1"),
        ),
    ] {
        assert_eq!(config(arguments, env).health_addr.as_deref(), expected);
    }
}

#[test]
fn mistakes_are_named() {
    for (arguments, part) in [
        (["--interval", "0s"], "--interval"),
        (["--interval", "soon"], "--interval"),
        (["--docker-runtime", "rkt"], "--docker-runtime"),
        (["--report-ip", "0.0.0.0"], "--report-ip"),
        (["--report-ip", "host"], "--report-ip"),
        (["--server-fingerprint", "abc"], "--server-fingerprint"),
        (["--log-level", "loud"], "--log-level"),
        (["--token", "two words"], "--token"),
        (["--memory-ceiling", "64"], "--memory-ceiling"),
        (["--memory-ceiling", "much"], "--memory-ceiling"),
        (["--cpu-ceiling", "0"], "--cpu-ceiling"),
    ] {
        let error = load_with(&arguments, &[])
            .expect_err("a mistake")
            .to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn ceilings_have_defaults_and_can_be_set_and_taken_away() {
    let ceilings = |arguments: &[&str], env: &[(&str, &str)]| config(arguments, env).ceilings;
    assert_eq!(ceilings(&[], &[]).memory, Some(64 << 20));
    assert_eq!(ceilings(&[], &[]).cpu, Some(20.0));
    let cluster = ["--enable-kubernetes"];
    assert_eq!(ceilings(&cluster, &[]).memory, Some(96 << 20));
    let set = ["--enable-kubernetes", "--memory-ceiling=32M"];
    assert_eq!(ceilings(&set, &[]).memory, Some(32 << 20));
    let env = [
        ("PULSE_MEMORY_CEILING", "96M"),
        ("PULSE_CPU_CEILING", "off"),
    ];
    assert_eq!(ceilings(&[], &env).memory, Some(96 << 20));
    assert_eq!(ceilings(&[], &env).cpu, None);
    assert_eq!(ceilings(&["--memory-ceiling=OFF"], &env).memory, None);
    assert_eq!(ceilings(&["--cpu-ceiling", "1.5%"], &env).cpu, Some(1.5));
}

#[test]
fn actions_are_told_apart() {
    let action = |arguments: &[&str]| load_with(arguments, &[]).expect("settings");
    assert!(matches!(action(&[]), Action::Run(_)));
    assert!(matches!(action(&["--once", "--print"]), Action::Print(_)));
    assert!(matches!(action(&["-self-test"]), Action::SelfTest(_)));
    assert!(matches!(action(&["--version=false"]), Action::Run(_)));
    let Action::Say(text) = action(&["--version"]) else {
        panic!("a version")
    };
    assert_eq!(text, concat!(env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_fingerprint_is_stricter_than_believing_anybody() {
    let pin = "ab".repeat(32);
    let config = config(&["--insecure", "--server-fingerprint", &pin], &[]);
    assert!(matches!(config.trust.resolve(), Ok(Trust::Pinned(_))));
}

#[test]
fn containers_are_reported_where_there_is_an_engine_unless_told_otherwise() {
    let docker = |arguments: &[&str], env: &[(&str, &str)]| config(arguments, env).docker;
    assert_eq!(docker(&[], &[]).enabled, None);
    assert_eq!(docker(&["--enable-docker=false"], &[]).enabled, Some(false));
    assert_eq!(
        docker(&[], &[("PULSE_ENABLE_DOCKER", "1")]).enabled,
        Some(true)
    );
    let settings = docker(
        &["--docker-runtime=Podman", "--docker-exclude", "k8s_*"],
        &[],
    )
    .settings;
    assert_eq!(
        settings
            .runtime
            .map(|runtime| runtime.to_string())
            .as_deref(),
        Some("podman")
    );
    assert_eq!(settings.exclude, ["k8s_*"]);
    assert!(settings.updates && settings.credentials && settings.disk_usage);
    let careful = docker(
        &["--disable-registry-credentials"],
        &[
            ("PULSE_DISABLE_DOCKER_UPDATE_CHECKS", "yes"),
            ("DOCKER_CONFIG", "/etc/d"),
        ],
    );
    assert!(!careful.settings.updates && !careful.settings.credentials);
    assert_eq!(
        careful.settings.login_files,
        [std::path::Path::new("/etc/d/config.json")]
    );
}

#[test]
fn engines_are_found_by_their_own_variables() {
    let env = [
        ("DOCKER_HOST", "tcp://nas:2375"),
        ("XDG_RUNTIME_DIR", "/run/user/7"),
        ("DOCKER_TLS_VERIFY", ""),
    ];
    let places = config(&[], &env).docker.places;
    assert_eq!(places.docker_host.as_deref(), Some("tcp://nas:2375"));
    assert_eq!(
        places.runtime_dir.as_deref(),
        Some(std::path::Path::new("/run/user/7"))
    );
    assert!(!places.tls_verify);
}
