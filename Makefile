# Everything a person or a machine does with the project; needs make and python3 >= 3.11 only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
ARGS ?=

.PHONY: help install install-dev run demo test check bench screenshots lock build clean

help:            ## this list
	@sed -n 's/^\([a-z-]*\): .*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

install: $(VENV)/.installed  ## the service and what it needs, in .venv, checked against known hashes

install-dev: $(VENV)/.installed-dev  ## the same, and what tests and checks need

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements.txt requirements-build.txt pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements.txt -r requirements-build.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q crawler tracker feeds db
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

run: install     ## the service, against the live source
	$(BIN)/asalee-tracker run $(ARGS)

demo: install    ## a demonstration on this machine alone, without any network
	$(BIN)/asalee-tracker demo $(ARGS)

test: install-dev  ## every test, with branch coverage
	$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term --cov-fail-under=90 $(ARGS)

check: install-dev  ## style, types, and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: install-dev  ## figures as ratios to a reference measured in the same run
	$(BIN)/python -m tests.bench $(ARGS)

screenshots: install-dev  ## the pictures in docs/screenshots/, from the demonstration; needs chromium
	$(BIN)/python -m tests.screenshots

lock: install-dev  ## the requirements files, from pyproject.toml
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) --group build --constraint requirements.txt --output-file requirements-build.txt
	$(LOCK) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt

build: install   ## the wheel, in dist/
	rm -rf build dist
	$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:           ## what is made here, except the data
	rm -rf $(VENV) build dist .coverage .hypothesis .mypy_cache .ruff_cache .import_linter_cache
