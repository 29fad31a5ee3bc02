#!/usr/bin/env bash
# Runs pytest with the arguments given. make turns every failure into its own status 2 and adds a
# line of its own; a caller who wants pytest's status names a file for it in CENTRALINO_TEST_STATUS.
set -uo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

status_file=${CENTRALINO_TEST_STATUS:-}
unset CENTRALINO_TEST_STATUS MAKEFLAGS MFLAGS MAKELEVEL

# As many at a time as there are processors, four at most: each may start a browser or a database.
.venv/bin/python -m pytest -n auto --maxprocesses 4 "$@"
status=$?

if [ -n "$status_file" ]; then
    echo "$status" >"$status_file"
    exit 0
fi
exit "$status"
