#!/bin/sh
# What the agent costs a real Docker Engine with 50 running containers: the daemon's processor time without and with it.
# Engine and containers run in namespaces that end with the measurement, as those of docker.sh do. Needs root.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

need_rust
need_c
for program in dockerd docker busybox; do
    has "$program" || stop "$program is not installed (docker.io, busybox-static)."
done

cargo build --quiet --locked -p xtask
if [ -z "${AGENT:-}" ]; then
    cargo build --quiet --locked --profile dist -p pulse-agent
    AGENT=$TARGET_DIR/dist/pulse-agent
fi
mkdir -p /etc/docker
work=$(mktemp -d)
clean() {
    find /sys/fs/cgroup -depth -type d -path '*/pulse-engines*' -exec rmdir {} + 2>/dev/null || true
    rmdir "$work"
}
trap clean EXIT
# shellcheck disable=SC2016
TMPDIR=$work unshare --mount --net --pid --fork --mount-proc --kill-child sh -eu -c '
    busybox ip link set lo up
    mount -t tmpfs none /etc/docker
    mount -t tmpfs none "$TMPDIR"
    dockerd --host "unix://$TMPDIR/docker.sock" --data-root "$TMPDIR/data" --exec-root "$TMPDIR/exec" \
        --pidfile "$TMPDIR/pid" --iptables=false --bridge=none --cgroup-parent=/pulse-engines >"$TMPDIR/log" 2>&1 &
    engine=$!
    export DOCKER_HOST="unix://$TMPDIR/docker.sock"
    tries=0
    until docker version >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || { cat "$TMPDIR/log" >&2; exit 1; }
        sleep 1
    done
    mkdir -p "$TMPDIR/tree/bin"
    cp "$(command -v busybox)" "$TMPDIR/tree/bin/busybox"
    ln -s busybox "$TMPDIR/tree/bin/sleep"
    tar -C "$TMPDIR/tree" -cf "$TMPDIR/tree.tar" .
    docker import "$TMPDIR/tree.tar" web:1 >/dev/null
    for number in $(seq 50); do
        docker run -d --name "web$number" --network none web:1 /bin/sleep 86400 >/dev/null
    done
    "$1" bench agent --agent "$2" --engine "$TMPDIR/docker.sock" --engine-process "$engine"
' sh "$TARGET_DIR/debug/xtask" "$AGENT"
