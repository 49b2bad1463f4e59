#!/bin/sh
# The real server with a real agent, and a real Prometheus that scrapes both of its pages of figures: /metrics, open, and
# /api/prometheus, with a token from a file. Everything is thrown away at the end.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

has prometheus || apt_install prometheus || stop "This needs Prometheus. On Debian type: sudo apt-get install -y prometheus"
has curl || apt_install curl || stop "This needs curl."
need_rust
need_c
cargo build --quiet --locked -p pulse-server -p pulse-agent

work=$(mktemp -d)
server_pid=
agent_pid=
prometheus_pid=
finish() {
    for pid in $prometheus_pid $agent_pid $server_pid; do
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# failed "what" file...: shows the end of what was said, and ends.
failed() {
    what=$1
    shift
    tail -n 20 "$@" >&2 || true
    stop "$what"
}

# until_true "what did not happen" pid log command...: asks again and again, for two minutes, while the process lives.
until_true() {
    what=$1
    pid=$2
    log=$3
    shift 3
    tries=0
    until "$@"; do
        kill -0 "$pid" 2>/dev/null || failed "$what: it has ended." "$log"
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || failed "$what, within two minutes." "$log"
        sleep 0.2
    done
}

secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
# ask url [curl's options]: with the token of the file $work/header.
ask() { curl --silent --show-error --fail --header "@$work/header" "$@"; }

admin=$(secret)
umask 077
printf 'X-API-Token: %s\n' "$admin" >"$work/header"
PULSE_AUTH_USER=admin PULSE_AUTH_PASS=$(secret) API_TOKENS=raw:$admin LOG_FORMAT=json LOG_LEVEL=info \
    "$TARGET_DIR/debug/pulse" serve --listen 127.0.0.1:0 --data-dir "$work/pulse" 2>"$work/server.log" &
server_pid=$!
unset admin

address=
listens() {
    address=$(sed -n 's/.*"message":"listening".*"address":"\([^"]*\)".*/\1/p' "$work/server.log")
    [ -n "$address" ]
}
until_true "The server did not start" "$server_pid" "$work/server.log" listens

"$TARGET_DIR/debug/pulse-agent" --enroll --url "http://$address" --token-file "$work/pulse/local-agent.token" \
    --state-dir "$work/agent" --interval 5s --health-addr off 2>"$work/agent.log" &
agent_pid=$!

ask "http://$address/api/security/tokens" --json '{"name":"prometheus","scopes":["monitoring:read"]}' |
    sed -n 's/.*"token":"\([^"]*\)".*/\1/p' >"$work/token"
[ -s "$work/token" ] || failed "No token was made." "$work/server.log"

if has promtool; then
    curl --silent --show-error --fail "http://$address/metrics" | promtool check metrics
    estate_is_there() { ask "http://$address/api/prometheus" | grep -q '^pulse_resource_up{.*} 1$'; }
    until_true "The agent's machine did not appear" "$agent_pid" "$work/agent.log" estate_is_there
    ask "http://$address/api/prometheus" | promtool check metrics
fi

cat >"$work/prometheus.yml" <<END
global: { scrape_interval: 5s, scrape_timeout: 5s }
scrape_configs:
  - job_name: pulse
    static_configs: [{ targets: ["$address"] }]
  - job_name: estate
    metrics_path: /api/prometheus
    honor_labels: true
    authorization: { credentials_file: "$work/token" }
    static_configs: [{ targets: ["$address"] }]
END
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" --web.listen-address=127.0.0.1:0 \
    2>"$work/prometheus.log" &
prometheus_pid=$!

there=
scrapes() {
    there=$(sed -n 's/.*msg="Listening on".* address=\([^ ]*\).*/\1/p' "$work/prometheus.log")
    [ -n "$there" ] && curl --silent --fail "http://$there/-/ready" >/dev/null
}
until_true "Prometheus did not start" "$prometheus_pid" "$work/prometheus.log" scrapes

targets() { curl --silent --fail "http://$there/api/v1/targets?state=active"; }
both_are_up() { [ "$(targets | grep -o '"health":"up"' | wc -l)" -eq 2 ]; }
targets_log() { targets >"$work/targets.log" 2>&1 || true; both_are_up; }
until_true "Prometheus could not scrape both pages" "$prometheus_pid" "$work/targets.log" targets_log

# query expression: the value of its first sample.
query() {
    curl --silent --fail --get --data-urlencode "query=$1" "http://$there/api/v1/query" |
        sed -n 's/.*"value":\[[^,]*,"\([^"]*\)"\].*/\1/p'
}
is_up() { [ "$(query 'sum(pulse_resource_up{job="estate",type="agent"})')" = 1 ]; }
until_true "Prometheus does not know the machine as up" "$prometheus_pid" "$work/targets.log" is_up
is_counted() {
    count=$(query 'sum(pulse_resources{job="pulse"})')
    [ "${count:-0}" -ge 1 ]
}
until_true "Prometheus does not know how much is monitored" "$prometheus_pid" "$work/targets.log" is_counted
say "Prometheus scrapes /metrics and /api/prometheus, and knows this machine as up."
