# The words. `make demo` and `make test` set up whatever they need.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
# Compiled once here, so that every start is quick; a second try trusts what the system trusts.
SYNC := UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --frozen --all-extras --compile-bytecode --quiet
ARGS ?=

.PHONY: help setup demo test lint fmt bench screenshots guide fonts ci clean

help: ## say what can be said
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: .venv/ready ## virtual environment with the locked dependencies

.venv/ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tocsin needs Python 3.11 or newer; say which: make PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { echo "Cannot make a virtual environment: install your system's package for it (Debian: python3-venv)." >&2; exit 1; }
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(SYNC) || $(SYNC) --system-certs
	@touch $@

demo: setup ## everything on this machine, with a post box to look into: make demo ARGS="--port 8001"
	@exec $(BIN)/tocsin demo --states $(ARGS)

# Two processes, each with a database of its own. Both go through the tests in the order in which
# one alone would, and never back: what rolls back, what empties tables, what needs no database.
SIDE_BY_SIDE = -n 2 --dist load

test: setup ## all tests: make test ARGS="tests/kit"
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.relay_host
	@$(BIN)/python -m tests.checkers.tools
	@$(BIN)/python -m tests.lynx
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

lint: setup ## style, types, who may import whom
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

fmt: setup ## put the code in shape
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: setup ## how fast mail leaves, beside its limits: make bench ARGS="--quick"
	@$(BIN)/python -m bench.outbox $(ARGS)

screenshots: setup ## take the pictures of docs and of the guide for editors anew
	@$(BIN)/python -m tests.screenshots
	@$(BIN)/python -m tests.editors_pictures
	@$(BIN)/python -m pytest -q tests/pages/gallery.py

guide: setup ## lay out the guide for editors (docs/editors) for the office
	@$(BIN)/python -m tests.editors_guide

fonts: setup ## make the fonts of pages, pictures and posters anew (needs npm)
	@$(BIN)/python -m tests.fonts

ci: lint test ## what the continuous integration runs

clean: ## forget the demo's data and the virtual environment
	rm -rf var .venv
