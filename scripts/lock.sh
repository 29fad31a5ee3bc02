#!/usr/bin/env bash
# Writes requirements/*.lock anew: build (setuptools), run from pyproject.toml's dependencies, test on top of run,
# bench on top of test, and lock (pip-tools) for itself.
#
#   scripts/lock.sh                     keeps the versions that still fit
#   scripts/lock.sh --upgrade           takes the newest; also: --upgrade-package NAME
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

export CUSTOM_COMPILE_COMMAND="make lock"

compile() {  # name of the lock, arguments
    local name=$1
    shift
    say "locking $name"
    .venv-lock/bin/pip-compile --quiet --no-config --generate-hashes --allow-unsafe \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras \
        --output-file "requirements/$name.lock" "$@"
}

project=(pyproject.toml requirements/build.in)

compile build "$@" requirements/build.in
compile run "$@" "${project[@]}"
compile test "$@" --constraint requirements/run.lock \
    --extra postgresql --extra test "${project[@]}"
compile bench "$@" --constraint requirements/test.lock \
    --extra postgresql --extra test --extra bench "${project[@]}"
compile lock "$@" requirements/lock.in

if grep -nE '://|^--?(index|extra|find|trusted|i )' requirements/*.lock; then
    die "a lock names a host; it must not"
fi
