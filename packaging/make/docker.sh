#!/bin/sh
# Real container engines: Docker, a registry, Swarm, Podman, each on directories of its own. Everything runs in
# namespaces that end with the tests, so that no process, mount or interface is left, and no engine of this machine is
# touched. Needs root.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

need_rust
need_c

in_namespaces() { unshare --mount --net --pid --fork --mount-proc --kill-child "$@"; }

tests=$(cargo test --quiet --locked -p pulse-agent-docker --test engines --no-run --message-format=json |
    sed -n 's/.*"name":"engines".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
[ -n "$tests" ] || stop "The tests with real engines were not built."

skip=
has podman || skip="$skip --skip podman::"
has docker-registry || skip="$skip --skip registry::"
# Docker writes a key there, the tests write everything else into $work: both are the namespace's own.
mkdir -p /etc/docker
work=$(mktemp -d)
# Control groups have no such end; the engines keep theirs below one of their own.
clean() {
    find /sys/fs/cgroup -depth -type d -path '*/pulse-engines*' -exec rmdir {} + 2>/dev/null || true
    rmdir "$work"
}
trap clean EXIT
# shellcheck disable=SC2016,SC2086
TMPDIR=$work in_namespaces sh -c \
    '/bin/busybox ip link set lo up && mount -t tmpfs none /etc/docker && mount -t tmpfs none "$TMPDIR" && exec "$@"' sh \
    "$tests" --ignored --nocapture --test-threads=1 $skip
