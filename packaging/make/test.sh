#!/bin/sh
# make test: everything CI runs. Every step is tried, even after one has failed; the end says what passed, what failed
# and what could not run here, and why.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

passed=0
failed=0
skipped=0
report=

# step "what it shows" command...
step() {
    title=$1
    shift
    printf '\n== %s\n' "$title"
    if "$@"; then
        passed=$((passed + 1))
        report="$report
  passed   $title"
    else
        failed=$((failed + 1))
        report="$report
  FAILED   $title"
    fi
}

# not_run "what" "why"
not_run() {
    skipped=$((skipped + 1))
    report="$report
  not run  $1: $2"
}

in_web() { (cd web && npm run --silent "$@"); }

unformatted() { cargo fmt --all --check; }
# rustc's own lints are denied by clippy too; one pass does both.
lint() { cargo clippy --quiet --workspace --all-targets --locked -- -D warnings; }
shell_scripts() { git ls-files '*.sh' .ci/run | xargs shellcheck --external-sources; }
metrics_format() { promtool check metrics <"$TARGET_DIR/browser/metrics.txt"; }

need_rust
need_c
need_node
cargo fmt --version >/dev/null 2>&1 || apt_install rustfmt-web || true
cargo clippy --version >/dev/null 2>&1 || apt_install rust-web-clippy || true

if cargo fmt --version >/dev/null 2>&1; then
    step "Rust is formatted" unformatted
else
    not_run "Rust is formatted" "rustfmt is not installed"
fi
step "the dashboard builds" sh packaging/make/dashboard.sh
step "the dashboard is typed and linted" in_web check
step "the dashboard's unit tests" in_web test
if cargo clippy --version >/dev/null 2>&1; then
    step "Rust has no lint" lint
else
    not_run "Rust has no lint" "clippy is not installed"
fi
step "all Rust tests, house rules and flows included" cargo test --quiet --workspace --locked --no-fail-fast

if has shellcheck || apt_install shellcheck; then
    step "shell scripts have no lint" shell_scripts
else
    not_run "shell scripts have no lint" "shellcheck is not installed"
fi
if has cargo-deny; then
    step "dependencies keep to the rules" cargo deny --config .deny.toml check
else
    not_run "dependencies keep to the rules" "cargo-deny is not installed (cargo install cargo-deny)"
fi
has dockerd || apt_install docker.io || true
has podman || apt_install podman || true
has docker-registry || apt_install docker-registry || true
[ -x /bin/busybox ] || apt_install busybox-static || true
for part in podman docker-registry; do
    has "$part" || not_run "real engines: the part with $part" "$part is not installed and could not be"
done
if ! has dockerd || ! has docker || [ ! -x /bin/busybox ]; then
    not_run "real engines: Docker, Swarm, update checks" "docker.io and busybox-static are not installed and could not be"
elif ! unshare --mount --net --pid --fork --mount-proc true 2>/dev/null; then
    not_run "real engines: Docker, Swarm, update checks" "namespaces may not be made here; root may"
else
    step "real engines: Docker, a registry, Swarm, Podman" sh packaging/make/docker.sh
fi
step "Socket.IO's own client, by polling, WebSocket and both" sh packaging/make/socketio.sh
if has prometheus || apt_install prometheus; then
    step "a Prometheus scrapes /metrics and what is monitored" sh packaging/make/prometheus.sh
else
    not_run "a Prometheus scrapes /metrics and what is monitored" "prometheus is not installed and could not be"
fi
if has chromium || apt_install chromium; then
    step "the browser flow: first run, sign-in, live values, drawer" sh packaging/make/browser.sh
    if has promtool || apt_install prometheus; then
        step "/metrics is well formed" metrics_format
    else
        not_run "/metrics is well formed" "promtool is not installed (Debian: prometheus)"
    fi
else
    not_run "the browser flow" "chromium is not installed and could not be"
    not_run "/metrics is well formed" "it reads what the browser flow's server answered"
fi

printf '\n== Summary%s\n\n%s passed, %s failed, %s skipped\n' "$report" "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
