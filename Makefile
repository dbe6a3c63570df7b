# Every command makes the environment it needs in .venv, and keeps it until a lock file changes.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

PYTHONS := python3 python3.12 python3.11
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))
PYTHON := $(shell for each in $(PYTHONS); do $$each -c '$(SUITS)' 2>/dev/null && echo $$each && break; done)
APT := apt-get install -y python3 python3-venv python3-dev gcc libc6-dev make git

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
CORE := .venv/.core
DEV := .venv/.dev
WORKERS := 2

.PHONY: help
help: ## Show what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: serve
serve: $(CORE) ## Run a demonstration on http://127.0.0.1:8000, from a fresh clone too
	@exec $(BIN)/triage serve --demo $(ARGS)

.PHONY: test
test: check ## Check everything, then run every test
	@$(TESTS) -n $(WORKERS) $(ARGS) || { test $$? = 1 && $(ALONE); }

TESTS = $(BIN)/pytest -p no:benchmark --ignore=tests/benchmarks

# Tests of processes and time may fail on a machine that is busy. What failed is run once more with
# nothing beside it, and both results are shown; what fails twice fails.
ALONE = echo 'What failed is run once more, alone.' && \
	$(TESTS) -q -p no:xdist --last-failed --last-failed-no-failures none $(ARGS)

.PHONY: prove
prove: $(DEV) ## Run every long campaign in full, about half an hour; broken off, it goes on
	PROVE=1 $(BIN)/python -m pytest -n $(WORKERS) -p no:benchmark -p tests.proving -v $(CAMPAIGNS) $(ARGS)

# A round of a campaign has its seed for a name: make prove ARGS="-k round_7" runs that one again.
CAMPAIGNS = tests/faults $(shell grep -rl --include='test_*.py' --exclude-dir=faults '^from tests.campaigns' tests)

.PHONY: check
check: $(DEV) ## Check format, lint, types, imports and the rulebook; no tests
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet --output-format concise .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache > .venv/imports.log || { cat .venv/imports.log; exit 1; }
	$(BIN)/triage rules check --quiet

.PHONY: bench
bench: $(DEV) ## Measure: decisions a second, start time, the server's share
	$(BIN)/pytest tests/benchmarks -s -p no:xdist --benchmark-columns=median,mean,stddev,ops,rounds $(ARGS)

.PHONY: screenshots
screenshots: $(DEV) ## Take pictures of every page, wide and narrow, into screenshots/; needs Chromium
	$(BIN)/python -m tests.browser.screenshots

.PHONY: format
format: $(DEV) ## Put the format of every file right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: lock
lock: ## Write the lock files again from pyproject.toml (for maintainers; needs uv)
	@command -v uv > /dev/null || { echo 'make lock needs uv: pip install uv' >&2; exit 1; }
	$(COMPILE) --group dev -o requirements-dev.lock
	$(COMPILE) -c requirements-dev.lock -o requirements.lock
	@! grep -n '://' requirements.lock requirements-dev.lock || { echo 'a lock file names an address' >&2; exit 1; }

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-header --no-annotate --no-emit-index-url pyproject.toml

.PHONY: clean
clean: ## Take away the environment and every cache
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache

$(DEV): requirements-dev.lock $(CORE)
	@echo 'Installing what the tests need...'
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(CORE): requirements.lock pyproject.toml
	@$(call need,$(PYTHON),Python 3.11 or 3.12 is needed; the rule engine does not run on later ones)
	@$(call works,$(PYTHON) -c 'import ensurepip',Python is here without venv)
	@$(call works,command -v gcc,A C compiler is needed: the rule engine is compiled once)
	@$(call works,echo '\#include <stdio.h>' | gcc -E -,The headers of the C library are missing)
	@$(call works,test -f "$(INCLUDE)/Python.h",The headers of Python are missing)
	@echo 'Making .venv with $(PYTHON); the rule engine is compiled, which takes half a minute...'
	@$(BIN)/python -c '$(SUITS)' 2> /dev/null || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv .venv
	@$(PIP) --use-pep517 --require-hashes -r requirements.lock
	@$(PIP) --no-deps --editable .
	@touch $@

INCLUDE = $(if $(PYTHON),$(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))'))
say = { echo "$(1). On Debian or Ubuntu: $(APT)" >&2; exit 1; }
need = test -n "$(1)" || $(call say,$(2))
works = { $(1); } > /dev/null 2>&1 || $(call say,$(2))
