#!/bin/sh
# The browser flow: the real server and agent on a throw-away data directory, driven in Chromium by tests/browser.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

has chromium || apt_install chromium || stop "The browser flow needs Chromium. On Debian type: sudo apt-get install -y chromium"
need_rust
need_c
need_node
sh packaging/make/dashboard.sh
cargo build --quiet --locked -p pulse-server -p pulse-agent

node_modules tests/browser
cd tests/browser
PULSE_BINARIES="$TARGET_DIR/debug" PULSE_SHOTS="$TARGET_DIR/browser" CHROMIUM="$(command -v chromium)" \
    exec node --test --test-reporter=spec .
