# `make` alone explains what there is.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out
SCENARIO := china-heavy-rare-earths-2025
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install run desk test test-all lint bench docs clean lock

help:  ## what you can do here
	@echo "Lodestock: supply security of critical raw materials. Two commands: 'make run' and 'make test'."
	@echo
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.core: requirements/core.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Lodestock needs Python 3.11 or newer: make PYTHON=python3.12 run"; exit 1; }
	@if command -v uv >/dev/null; then uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/core.lock; \
	 else $(BIN)/python -m pip install -q --require-hashes -r requirements/core.lock; fi
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation --no-index -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.desk: $(VENV)/.core requirements/desk.lock
	@if command -v uv >/dev/null; then uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/desk.lock; \
	 else $(BIN)/python -m pip install -q --require-hashes -r requirements/desk.lock; fi
	@touch $@

$(VENV)/.dev: $(VENV)/.core requirements/dev.lock
	@if command -v uv >/dev/null; then uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.lock; \
	 else $(BIN)/python -m pip install -q --require-hashes -r requirements/dev.lock; fi
	@touch $@

install: $(VENV)/.core  ## install the library and the command line into .venv

run: install  ## build the evidence store, run the flagship scenario, write the brief to out/, print the headline
	@$(BIN)/lodestock data build
	@$(BIN)/lodestock brief $(SCENARIO) --lang both --out $(OUT)

desk: $(VENV)/.desk  ## start the desk on this computer with marked example data, and print who to log in as
	@$(BIN)/python -m lodestock_desk

# A worker that dies ends the run: with a new worker in its place the runner can wait for ever, since it hands out again
# what the dead one had finished.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --max-worker-restart 0 -q

test: $(VENV)/.dev lint  ## install what is missing and run every check but the slow cases
	@$(PYTEST) -m "not slow"

test-all: $(VENV)/.dev lint  ## run every check, the slow cases too, and draw new random cases
	@LODESTOCK_CASES=explore $(PYTEST)

lint: $(VENV)/.dev  ## style, types and the order of the rooms
	@$(BIN)/ruff check -q src tests benchmarks
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev  ## run the benchmark of the main job; the others are explained in benchmarks/README.md
	@$(BIN)/python benchmarks/main_job.py

docs: $(VENV)/.dev  ## build the documentation into docs/_build/html
	@$(BIN)/python tools/make_reference_docs.py
	@$(BIN)/sphinx-build -q -W -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock:  ## pin the requirements again (needs uv)
	for set in core desk dev; do uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q requirements/$$set.in -o requirements/$$set.lock; done

clean:  ## remove what was installed and made here
	rm -rf $(VENV) $(OUT) docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
