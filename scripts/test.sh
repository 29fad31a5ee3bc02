#!/usr/bin/env bash
# Runs pytest with the arguments given. make turns every failure into its own status 2 and adds a
# line of its own; a caller who wants pytest's status names a file for it in CENTRALINO_TEST_STATUS.
set -uo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

status_file=${CENTRALINO_TEST_STATUS:-}
unset CENTRALINO_TEST_STATUS MAKEFLAGS MFLAGS MAKELEVEL

.venv/bin/python -m pytest "$@"
status=$?

if [ -n "$status_file" ]; then
    echo "$status" >"$status_file"
    exit 0
fi
exit "$status"
