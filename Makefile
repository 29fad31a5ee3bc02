# Everything needs only Debian, Python 3.11 or newer and make.
#
#   make run      the demo data, then the site on 127.0.0.1:8000
#   make test     all tests              make test ARGS="-x -k quota"
#   make test-live   only those with a real Asterisk and real telephones
#   make lint     ruff and the layers    make format: ruff's fixes
#   make bench    the benchmarks         make bench ARGS="..."
#   make bench-live  live calls beside native dialplan and an ARI script
#   make lock     new requirements/*.lock (ARGS=--upgrade: the newest versions)
#   make clean    removes environments and caches, never var/

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test test-live lint format bench bench-live lock clean

help:
	@sed -n '3,10s/^# *//p' Makefile

run:
	@scripts/venv.sh run
	@.venv/bin/centralino demo
	@exec .venv/bin/centralino serve

test:
	@scripts/venv.sh test
	@scripts/test-packages.sh
	@scripts/asterisk.sh
	@scripts/test.sh $(ARGS)

test-live:
	@scripts/venv.sh test
	@scripts/asterisk.sh
	@scripts/test.sh tests/live $(ARGS)

lint:
	@scripts/venv.sh test
	@scripts/lint.sh

format:
	@scripts/venv.sh test
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

bench:
	@scripts/venv.sh bench
	@.venv/bin/python -m benchmarks $(ARGS)

bench-live:
	@scripts/venv.sh bench
	@scripts/asterisk.sh
	@.venv/bin/python -m benchmarks.live $(ARGS)

lock:
	@scripts/venv.sh lock
	@scripts/lock.sh $(ARGS)

clean:
	@rm -rf .venv .venv-lock .venv*.lock .pytest_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
