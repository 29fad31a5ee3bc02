#!/usr/bin/env bash
# Brings .venv up to date with requirements/<lock>.lock, and with the project itself, editable.
#
#   scripts/venv.sh run|test|bench      into .venv; bench holds test, which holds run
#   scripts/venv.sh lock                into .venv-lock: only what `make lock` needs
#
# A stamp in the environment makes the second time quick. PYTHON=... chooses the interpreter.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

lock=${1:?run, test, bench or lock}
case $lock in
    run)   venv=.venv;      holds="run" ;;
    test)  venv=.venv;      holds="run test" ;;
    bench) venv=.venv;      holds="run test bench" ;;
    lock)  venv=.venv-lock; holds="lock" ;;
    *) die "no such lock: $lock" ;;
esac

# What a stamp stands for: the lock, the project's metadata, this script, and the folder.
fingerprint() {
    { pwd; cat requirements/build.lock "requirements/$1.lock" pyproject.toml scripts/venv.sh; } | sha256sum | cut -d' ' -f1
}

fresh() {
    [ "$(cat "$venv/.stamp-$lock" 2>/dev/null)" = "$(fingerprint "$lock")" ] \
        && "$venv/bin/python" -c '' 2>/dev/null
}

# Locks are made with the oldest Python there is: Debian 12's own is 3.11.2, and some packages
# already want 3.11.5.
find_python() {
    local candidate candidates="python3.11 python3 python3.12 python3.13 python3.14"
    [ "$lock" != lock ] || candidates="/usr/bin/python3.11 $candidates"
    for candidate in ${PYTHON:-$candidates}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed (PYTHON=/path/to/python3 chooses one)"
}

usable() {  # an environment of this folder, with a pip that runs
    [ "$(cat "$venv/.folder" 2>/dev/null)" = "$PWD" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

create() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        local version
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        can_apt || die "python3-venv is missing; as root: apt-get install python$version-venv"
        say "installing python3-venv"
        apt_install "python$version-venv" || apt_install python3-venv \
            || die "python3-venv could not be installed"
    fi
    say "creating $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
    echo "$PWD" >"$venv/.folder"
}

install() {
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input)
    local hashed=(install --quiet --require-hashes --use-pep517 --no-build-isolation)
    say "installing requirements/$lock.lock into $venv"
    rm -f "$venv"/.stamp-*
    # First what builds the few packages that come without a wheel: nothing unlocked is fetched.
    "${pip[@]}" "${hashed[@]}" -r requirements/build.lock
    "${pip[@]}" "${hashed[@]}" -r "requirements/$lock.lock"
    if [ "$lock" != lock ]; then
        "${pip[@]}" install --quiet --no-deps --no-build-isolation --editable .
    fi
    "${pip[@]}" check >/dev/null || "${pip[@]}" check >&2
    for name in $holds; do
        fingerprint "$name" >"$venv/.stamp-$name"
    done
}

fresh && exit 0
if command -v flock >/dev/null; then  # two makes at once: the second waits, then finds it done
    exec 9>"$venv.lock"
    flock 9
    fresh && exit 0
fi
usable || create
install
