#!/bin/sh
# make run: builds what changed, starts the server and this machine's own agent, says where to look, and stops both
# on Ctrl-C. PORT and DATA may be set: make run PORT=7700 DATA=/tmp/pulse
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

port=${PORT:-7655}
data=${DATA:-./data}
url=http://127.0.0.1:$port
: "${LOG_LEVEL:=warn}" "${PULSE_HEALTH_ADDR:=off}"
export LOG_LEVEL PULSE_HEALTH_ADDR

# Asked of the kernel's own table, so that it is known before the long first build and needs no tool.
port_is_taken() {
    awk -v port="$(printf ':%04X' "$port")" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 }
        END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

if port_is_taken; then
    stop "Port $port is already in use, perhaps by a Pulse that is still running; choose another with: make run PORT=7700"
fi

need_rust
need_c
sh packaging/make/dashboard.sh
[ -x "$TARGET_DIR/quick/pulse" ] || say "building the server and the agent (the first build takes some minutes)"
cargo build --quiet --locked --profile quick -p pulse-server -p pulse-agent
pulse=$TARGET_DIR/quick/pulse
agent=$TARGET_DIR/quick/pulse-agent

server_pid=
agent_pid=
finish() {
    trap '' INT TERM HUP
    # The agent first: its last report still finds the server.
    for pid in $agent_pid $server_pid; do
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
trap 'finish; exit 0' INT TERM HUP

"$pulse" serve --listen "127.0.0.1:$port" --data-dir "$data" &
server_pid=$!
waited=0
until "$pulse" healthcheck --url "$url" >/dev/null 2>&1; do
    kill -0 "$server_pid" 2>/dev/null || stop "The server did not start; the line above says why."
    waited=$((waited + 1))
    [ "$waited" -lt 150 ] || { finish; stop "The server did not become healthy within 30 seconds."; }
    sleep 0.2
done

"$agent" --enroll --url "$url" --token-file "$data/local-agent.token" --state-dir "$data/agent" --interval 5s &
agent_pid=$!

say ""
say "Pulse is running:  $url"
if [ -f "$data/.bootstrap_token" ]; then
    say "First run: the page asks for this bootstrap token"
    say ""
    say "    $(cat "$data/.bootstrap_token")"
fi
say ""
say "Data is in $data. Ctrl-C stops the server and the agent."

while kill -0 "$server_pid" 2>/dev/null; do
    if [ -n "$agent_pid" ] && ! kill -0 "$agent_pid" 2>/dev/null; then
        say "This machine's agent has stopped; the line above says why. The server goes on without it." >&2
        agent_pid=
    fi
    sleep 1 &
    wait $! || true
done
finish
stop "The server has stopped; the line above says why."
