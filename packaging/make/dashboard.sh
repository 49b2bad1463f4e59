#!/bin/sh
# Builds the dashboard into web/dist, unless what it is built from is what it was built from last time.
# shellcheck source=packaging/make/toolchain.sh
. "$(dirname -- "$0")/toolchain.sh"

# Names and contents of everything the build reads.
built_from() {
    find web docs/openapi.json \( -name node_modules -o -name dist \) -prune -o -type f -print 2>/dev/null |
        LC_ALL=C sort | xargs cksum | cksum
}

# Beside what it speaks of, so that two checkouts that share a target directory do not believe each other's.
stamp=web/node_modules/.built-from
if [ -f web/dist/index.html ] && [ "$(built_from)" = "$(cat "$stamp" 2>/dev/null)" ]; then
    exit 0
fi

need_node
node_modules web
say "building the dashboard"
(cd web && npm run --silent build)
# After the build, which may write generated types beside its sources.
built_from >"$stamp"
