# make run: the app on http://127.0.0.1:8501 · make test: every test · make check: the gates · make bench · make docs · make lock
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test check bench docs lock clean

help:
	@head -n 1 Makefile | cut -c 3-

run: $(VENV)/.run
	@$(BIN)/python -m kam_metrics serve --port $(PORT)

test: $(VENV)/.dev $(VENV)/.browser
	@$(BIN)/python -m pytest --cov --numprocesses logical --maxprocesses 4 --dist loadfile $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m kam_metrics.reference --check

# Some five minutes; the ratios mean something on a machine that does nothing else.
bench: export PYTHONPATH := .
bench: $(VENV)/.bench $(VENV)/.browser
	@$(BIN)/python -m kam_metrics demo
	$(BIN)/python benchmarks/ledger.py
	$(BIN)/python benchmarks/readers.py
	$(BIN)/python benchmarks/receivables.py
	$(BIN)/python benchmarks/pages.py data/demo.duckdb
	$(BIN)/python benchmarks/board_pack.py data/demo.duckdb

docs: $(VENV)/.run
	$(BIN)/python -m kam_metrics.reference

lock:
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -o requirements-dev.txt
	$(LOCK) pyproject.toml --extra dev --extra bench -o requirements-bench.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "KAM Metrics needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python cannot make a virtual environment here. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.txt
	@echo "Installing what the app needs (once, a minute or two) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo "Installing what the tests need (once) …"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.txt
	@$(PIP) -r requirements-bench.txt
	@touch $@

# The browser tests drive the system's Chromium; Debian's package brings the libraries it needs.
$(VENV)/.browser: $(VENV)/.made
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif ! command -v apt-get >/dev/null; then \
		echo "The browser tests need Chromium or Chrome on the PATH; please install one." >&2; exit 1; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -qq -y chromium >/dev/null; \
	elif sudo -n true 2>/dev/null; then sudo apt-get update -qq && sudo apt-get install -qq -y chromium >/dev/null; \
	else echo "The browser tests need Chromium: sudo apt install chromium" >&2; exit 1; fi
	@touch $@
