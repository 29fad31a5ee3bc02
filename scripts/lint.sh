#!/usr/bin/env bash
# ruff, then the layers (.importlinter); both, even if the first one complains.
set -uo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

status=0
.venv/bin/ruff check . || status=1
.venv/bin/lint-imports --no-logo --no-cache || status=1
exit "$status"
