# Sourced by the other scripts.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

say() { printf '%s\n' "centralino: $*" >&2; }
die() { say "$*"; exit 1; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Installs packages without questions; says nothing unless it fails.
apt_install() {
    local log status=0
    log=$(mktemp)
    {
        apt-get update -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o Acquire::Retries=2 -o Acquire::http::Timeout=60 "$@"
    } >"$log" 2>&1 </dev/null || status=$?
    [ "$status" = 0 ] || grep -E '^E:' "$log" | head -3 >&2
    rm -f "$log"
    return "$status"
}
