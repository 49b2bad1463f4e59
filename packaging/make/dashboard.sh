#!/bin/sh
# Builds the dashboard into web/dist, unless what it is built from is what it was built from last time.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

stamp=$TARGET_DIR/stamps/dashboard
modules=$TARGET_DIR/stamps/web-modules

# Names and contents of everything the build reads.
built_from() {
    find web docs/openapi.json \( -name node_modules -o -name dist \) -prune -o -type f -print 2>/dev/null |
        LC_ALL=C sort | xargs cksum | cksum
}

mkdir -p "$TARGET_DIR/stamps"
now=$(built_from)
if [ -f web/dist/index.html ] && [ "$now" = "$(cat "$stamp" 2>/dev/null)" ]; then
    exit 0
fi

need_node
cd web
lock=$(cksum <package-lock.json)
if [ ! -d node_modules ] || [ "$lock" != "$(cat "$modules" 2>/dev/null)" ]; then
    say "fetching the dashboard's packages"
    npm ci --no-audit --no-fund --loglevel=error
    printf '%s\n' "$lock" >"$modules"
fi
say "building the dashboard"
npm run --silent build
cd ..
# The build may write generated types beside its sources: the stamp is of the tree as the build leaves it.
built_from >"$stamp"
