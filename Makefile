# What a person or a pipeline does with a checkout. `make help` lists it.

# The environment's own Python, or the first fit one on PATH; another one: make setup PYTHON=/path/to/python3
PYTHON ?= $(shell for name in .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name && break; done)

# Runs a program with the environment and the engine on PATH; sets them up first, silently when they are there.
RUN = $(PYTHON) -m tools.setup run --

# Processes that run tests: one more than cores, because a test waits now and then for a server or for time to pass.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# Further arguments for the program behind a target: make test ARGS="-k portal"
ARGS =

.DEFAULT_GOAL := help
.PHONY: help setup env demo sandbox test lint reference bench waiting fleets constraints changelog clean python

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { gsub(/\$$\$$/, "$$"); printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: python ## Make the environment (.venv) and get the Pulumi engine; seconds when they are there
	@$(PYTHON) -m tools.setup

env: python ## Print shell lines to go on by hand: eval "$$(make -s env)"
	@$(PYTHON) -m tools.setup env

demo: setup ## Build both examples in a sandbox with pulumi up, and preview them again
	@$(RUN) python -m tools.demo $(ARGS)

sandbox: python ## Run RevCent in a box until Ctrl-C (ARGS="--port 8321")
	@$(RUN) revcent-portal sandbox $(ARGS)

test: setup lint ## Run everything: lint, types, and all tests with coverage (ARGS="-k portal": some, without coverage)
	@$(RUN) pytest -n $(WORKERS) --dist worksteal $(or $(ARGS),--cov)

lint: python ## Check style and types
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@for program in examples/*/__main__.py examples/*/*/__main__.py templates/*/__main__.py; do $(RUN) mypy "$$program" || exit 1; done

reference: python ## Write the tables of inputs, outputs and options into README.md and docs/
	@$(RUN) python -m tools.reference

bench: setup ## Measure times, requests and state size for 100 portals
	@$(RUN) python -m bench.run $(ARGS)

waiting: setup ## Measure waiting for 50 domains (ARGS="--never 1": one never gets ready)
	@$(RUN) python -m bench.waiting $(ARGS)

fleets: setup ## Measure fleets of 25, 100 and 400 brands, beside other programs and split (ARGS="--sizes 25")
	@$(RUN) python -m bench.fleet $(ARGS)

# With the oldest Python, so that what only that one needs is pinned too. A comment or an address would not survive
# `pip freeze`, so there is none to take out.
constraints: ## Pin the newest versions of all packages in constraints.txt (needs python3.11)
	@directory=$$(mktemp -d) && trap 'rm -rf "$$directory"' EXIT && \
	python3.11 -m venv "$$directory" && \
	"$$directory/bin/python" -m pip install --quiet --upgrade pip && \
	"$$directory/bin/python" -m pip install --quiet hatchling editables && \
	"$$directory/bin/python" -m pip install --quiet --no-build-isolation --editable '.[dev]' && \
	"$$directory/bin/python" -m pip freeze --all --exclude setuptools --exclude wheel --exclude-editable > "$$directory/pins" && \
	{ echo '# Every version that make setup installs. Written by: make constraints'; cat "$$directory/pins"; } \
	> constraints.txt

changelog: python ## Gather changes/ into CHANGELOG.md (ARGS="--version 0.2.0")
	@$(RUN) towncrier build --yes $(ARGS)

clean: ## Remove the environment, the local stacks and all caches of this checkout; the engine stays
	rm -rf .venv .state .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo 'FAIL there is no Python 3.11 or newer: "$(PYTHON)" is none' >&2; \
	echo '     What to do: install one, or name one that is there: make setup PYTHON=/path/to/python3' >&2; exit 1; }
