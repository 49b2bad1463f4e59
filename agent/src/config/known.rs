//! Every flag, with the environment variables that stand in for it.

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// On or off.
    Switch,
    /// One text.
    Text,
    /// One text each time, all kept.
    List,
}

/// A flag and the environment variables that stand in for it, the current name first.
pub(super) struct Flag {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) env: &'static [&'static str],
    pub(super) about: &'static str,
}

const fn switch(name: &'static str, env: &'static [&'static str], about: &'static str) -> Flag {
    Flag {
        name,
        takes: Takes::Switch,
        env,
        about,
    }
}

const fn text(name: &'static str, env: &'static [&'static str], about: &'static str) -> Flag {
    Flag {
        name,
        takes: Takes::Text,
        env,
        about,
    }
}

const fn list(name: &'static str, env: &'static [&'static str], about: &'static str) -> Flag {
    Flag {
        name,
        takes: Takes::List,
        env,
        about,
    }
}

/// Every flag. Those of features this version does not have are understood all the same, so that
/// an installation of the original agent can be taken over with its command line.
pub(super) const ALL: &[Flag] = &[
    text(
        "url",
        &["PULSE_URL"],
        "address of the server (http://localhost:7655)",
    ),
    text(
        "token-file",
        &["PULSE_TOKEN_FILE"],
        "file that holds the token (<state-dir>/token)",
    ),
    text(
        "token",
        &["PULSE_TOKEN"],
        "the token itself; as an argument every user can see it",
    ),
    switch(
        "enroll",
        &[],
        "trade the token for one of the agent's own, once",
    ),
    text(
        "interval",
        &["PULSE_INTERVAL"],
        "time between reports (30s)",
    ),
    text(
        "state-dir",
        &["PULSE_STATE_DIR"],
        "where the agent keeps its key, token and reports",
    ),
    text(
        "hostname",
        &["PULSE_HOSTNAME"],
        "name to report (the system's)",
    ),
    text(
        "agent-id",
        &["PULSE_AGENT_ID"],
        "stable id to report (made from the machine)",
    ),
    text(
        "agent-id-file",
        &["PULSE_AGENT_ID_FILE"],
        "where that id is kept (<state-dir>/agent-id)",
    ),
    text(
        "report-ip",
        &["PULSE_REPORT_IP"],
        "address to show for this machine",
    ),
    list(
        "tag",
        &["PULSE_TAGS"],
        "word to find this machine by; repeat",
    ),
    list(
        "disk-exclude",
        &["PULSE_DISK_EXCLUDE"],
        "disk or mount to leave out; repeat",
    ),
    list(
        "disk-include",
        &["PULSE_DISK_INCLUDE"],
        "disk or mount to keep in any case; repeat",
    ),
    text(
        "cacert",
        &["PULSE_CACERT"],
        "certificate authority to believe besides the system's",
    ),
    text(
        "server-fingerprint",
        &["PULSE_SERVER_FINGERPRINT"],
        "SHA-256 of the one certificate to believe",
    ),
    switch(
        "insecure",
        &["PULSE_INSECURE_SKIP_VERIFY"],
        "believe any certificate",
    ),
    switch(
        "allow-plaintext-http",
        &["PULSE_AGENT_ALLOW_PLAINTEXT_HTTP"],
        "allow http:// to a public address",
    ),
    text(
        "health-addr",
        &["PULSE_HEALTH_ADDR"],
        "address of the health page (127.0.0.1:9191), or off",
    ),
    text(
        "log-level",
        &["LOG_LEVEL"],
        "trace, debug, info, warn, error or disabled (info)",
    ),
    text(
        "log-file",
        &["PULSE_LOG_FILE"],
        "write the log there as JSON instead of to standard error",
    ),
    switch(
        "enable-host",
        &["PULSE_ENABLE_HOST"],
        "report this machine (on)",
    ),
    switch(
        "enable-docker",
        &["PULSE_ENABLE_DOCKER"],
        "report containers (on where Docker or Podman is)",
    ),
    text(
        "docker-runtime",
        &["PULSE_DOCKER_RUNTIME"],
        "docker or podman alone (auto: both)",
    ),
    list(
        "docker-state",
        &["PULSE_DOCKER_STATES"],
        "state of containers to report; repeat (all)",
    ),
    list(
        "docker-exclude",
        &["PULSE_DOCKER_EXCLUDE"],
        "name of containers to leave out; repeat",
    ),
    switch(
        "disable-docker-disk-usage",
        &["PULSE_DISABLE_DOCKER_DISK_USAGE"],
        "do not have disk usage added up",
    ),
    switch(
        "disable-docker-update-checks",
        &["PULSE_DISABLE_DOCKER_UPDATE_CHECKS"],
        "do not look for newer images",
    ),
    switch(
        "disable-registry-credentials",
        &["PULSE_DISABLE_REGISTRY_CREDENTIALS"],
        "do not use stored registry logins",
    ),
    text(
        "memory-ceiling",
        &["PULSE_MEMORY_CEILING"],
        "memory beyond which optional work is left out (64M; 96M with a cluster), or off",
    ),
    text(
        "cpu-ceiling",
        &["PULSE_CPU_CEILING"],
        "share of a core beyond which it is (20%), or off",
    ),
    switch(
        "enable-kubernetes",
        &["PULSE_ENABLE_KUBERNETES"],
        "report a Kubernetes cluster (off)",
    ),
    text(
        "kubeconfig",
        &["PULSE_KUBECONFIG"],
        "how to reach it (the pod's own cluster, then the usual kubeconfig)",
    ),
    text(
        "kube-context",
        &["PULSE_KUBE_CONTEXT"],
        "context of the kubeconfig (its current one)",
    ),
    list(
        "kube-include-namespace",
        &["PULSE_KUBE_INCLUDE_NAMESPACES"],
        "namespace to report; repeat (all)",
    ),
    list(
        "kube-exclude-namespace",
        &["PULSE_KUBE_EXCLUDE_NAMESPACES"],
        "namespace to leave out; repeat",
    ),
    switch(
        "kube-include-all-pods",
        &[
            "PULSE_KUBE_INCLUDE_ALL_PODS",
            "PULSE_KUBE_INCLUDE_ALL_POD_FILES",
        ],
        "report healthy pods too",
    ),
    switch(
        "kube-include-all-deployments",
        &["PULSE_KUBE_INCLUDE_ALL_DEPLOYMENTS"],
        "report healthy deployments too",
    ),
    text(
        "kube-max-pods",
        &["PULSE_KUBE_MAX_PODS"],
        "most pods to report (200)",
    ),
    list(
        "disable-collector",
        &["PULSE_DISABLE_COLLECTORS"],
        "collector to switch off; repeat",
    ),
    switch(
        "disable-ceph",
        &["PULSE_DISABLE_CEPH"],
        "do not report Ceph",
    ),
    text(
        "custom-sensors-file",
        &["PULSE_CUSTOM_SENSORS_FILE"],
        "sensors of your own",
    ),
    switch("once", &[], "collect once, print the report and end"),
    switch("print", &[], "the same as --once"),
    switch("self-test", &[], "check the settings and end"),
    switch("version", &[], "print the version and end"),
    switch("help", &[], "print this text and end"),
    // --- understood, but nothing comes of them in this version
    switch(
        "enable-proxmox",
        &["PULSE_ENABLE_PROXMOX"],
        "register this Proxmox node",
    ),
    text("proxmox-type", &["PULSE_PROXMOX_TYPE"], "pve or pbs"),
    switch(
        "enable-commands",
        &["PULSE_ENABLE_COMMANDS"],
        "run commands of the server",
    ),
    switch(
        "disable-commands",
        &["PULSE_DISABLE_COMMANDS"],
        "do not run commands (the default)",
    ),
    switch(
        "disable-auto-update",
        &["PULSE_DISABLE_AUTO_UPDATE"],
        "do not update by itself",
    ),
    text(
        "observers-file",
        &["PULSE_OBSERVERS_FILE"],
        "further servers to report to",
    ),
    text(
        "deploy-ssh-user",
        &["PULSE_DEPLOY_SSH_USER"],
        "user for installing on cluster peers",
    ),
];

/// Returns the text for `--help`.
pub(super) fn help() -> String {
    let mut text = "Reports what this machine is doing to a Pulse server.\n\n\
        Usage: pulse-agent --url https://pulse.example.org --token-file FILE [flags]\n\n"
        .to_owned();
    for flag in ALL {
        let env = flag
            .env
            .first()
            .map(|name| format!(" [{name}]"))
            .unwrap_or_default();
        let value = if flag.takes == Takes::Switch {
            ""
        } else {
            " VALUE"
        };
        let name = format!("--{}{value}", flag.name);
        text.push_str(&format!("  {name:<34} {}{env}\n", flag.about));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_flag() {
        let help = help();
        assert!(
            ALL.iter()
                .all(|flag| help.contains(&format!("--{}", flag.name)))
        );
    }
}
