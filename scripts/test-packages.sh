#!/usr/bin/env bash
# The system packages that some tests want: chromium, PostgreSQL's programs, espeak-ng. Installs
# what is missing if it may; if not, says what will not be run, and goes on: those tests skip
# themselves.
# Never starts a server.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

# Debian starts a cluster on installing PostgreSQL. The tests have their own, so no cluster.
install_postgresql() {
    local conf=/etc/postgresql-common/createcluster.conf
    if [ ! -e "$conf" ]; then
        apt_install postgresql-common || return
        if grep -qE '^#?create_main_cluster' "$conf" 2>/dev/null; then
            sed -i -E 's/^#?create_main_cluster.*/create_main_cluster = false/' "$conf"
        else
            echo 'create_main_cluster = false' >>"$conf"
        fi
    fi
    apt_install postgresql
}

install_chromium() { apt_install chromium; }

# After a failure, the next tries wait half a day: `make test` stays quick without a network.
tried=.venv/.packages-tried
recently() { [ -n "$(find "$tried-$1" -mmin -720 2>/dev/null)" ]; }

ensure() {  # name, what goes without it
    "has_$1" && return
    if can_apt && ! recently "$1"; then
        say "installing $1 (system package)"
        if "install_$1" && "has_$1"; then
            return
        fi
        touch "$tried-$1" 2>/dev/null || true
    fi
    say "$1 is missing and cannot be installed here: $2"
}

has_espeak() { command -v espeak-ng >/dev/null; }
install_espeak() { apt_install espeak-ng; }

ensure chromium "the tests marked 'browser' will be skipped"
ensure postgresql "the tests marked 'postgres' will be skipped"
ensure espeak "the tests that speak will be skipped"
