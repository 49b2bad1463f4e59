#!/bin/sh
# The Socket.IO flow: the real server and agent on a throw-away data directory, and Socket.IO's own client.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

need_rust
need_c
need_node
cargo build --quiet --locked -p pulse-server -p pulse-agent

node_modules tests/socketio
cd tests/socketio
PULSE_BINARIES="$TARGET_DIR/debug" exec node --test --test-reporter=spec .
