# Everything a fresh clone needs. `make` lists the targets.
# Only Python 3.11+, make and git are expected; the rest is set up in .venv and web/node_modules.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first Python that is new enough; `make PYTHON=/path/to/python run` overrides it.
FIND_PYTHON = for p in python3.13 python3.12 python3.11 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done
PYTHON ?= $(shell $(FIND_PYTHON))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WITH_NODE := ./web/with-node
# A test run on a small machine gains nothing from more workers than cores.
TEST_WORKERS ?= 2
ROUNDS ?= 20
SECONDS ?= 60

RUN_READY := .venv/.run-ready
DEV_READY := .venv/.dev-ready
FUZZ_READY := .venv/.fuzz-ready
BENCH_READY := .venv/.bench-ready
PAGES := distribution/pages/index.html
TEST_PLAYERS := tests/web/players/node_modules/.ready
API_DOCUMENT = mkdir -p build && $(BIN)/python -m config.api_document > build/openapi.json
EVENTS_DOCUMENT = mkdir -p build && $(BIN)/python -m notify.type_document > build/events.json
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/.*' 2>/dev/null)

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -e 's/:.*## /\t/' | expand -t 18

.PHONY: run
run: setup ## set up, start the server, print where to publish and where to watch
	@exec $(BIN)/rillcast serve $(ARGS)

.PHONY: demo
demo: setup ## publish a generated show to the running server
	@exec $(BIN)/rillcast demo $(ARGS)

.PHONY: setup
setup: $(RUN_READY) $(PAGES) ## make .venv from locked dependencies and build the web pages
	@# A service may not write here, and would compile everything anew at each start.
	@$(BIN)/python -m compileall -q $(filter-out fuzz/,$(dir $(wildcard */__init__.py)))

.PHONY: web
web: $(PAGES) ## build the web pages

.PHONY: test
test: setup $(DEV_READY) $(TEST_PLAYERS) system-packages check ## set up, check, and run every test with real encoders and players
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadgroup

.PHONY: check
check: $(RUN_READY) $(DEV_READY) web/node_modules/.ready ## formatting, lint, types, import rules, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	cd web && ../$(WITH_NODE) npm run --silent check && ../$(WITH_NODE) npm test --silent
	$(API_DOCUMENT)
	$(EVENTS_DOCUMENT)
	cd web && ../$(WITH_NODE) npm run --silent api-types -- --check
	cd web && ../$(WITH_NODE) npm run --silent event-types -- --check

.PHONY: api-types
api-types: $(RUN_READY) web/node_modules/.ready ## generate the web pages' types from the API's document
	$(API_DOCUMENT)
	cd web && ../$(WITH_NODE) npm run --silent api-types

.PHONY: event-types
event-types: $(RUN_READY) web/node_modules/.ready ## generate the web pages' types from the events' schemas
	$(EVENTS_DOCUMENT)
	cd web && ../$(WITH_NODE) npm run --silent event-types

.PHONY: events-reference
events-reference: $(RUN_READY) ## write docs/events.md anew from the events' schemas
	$(BIN)/python -m notify.reference > docs/events.md

.PHONY: format
format: $(DEV_READY) ## rewrite the Python files in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: fuzz
fuzz: $(RUN_READY) $(FUZZ_READY) ## fuzz all that reads strangers' bytes, or TARGET=NAME, for SECONDS each
	$(BIN)/python -m fuzz --seconds $(SECONDS) $(addprefix --target ,$(TARGET))

.PHONY: properties
properties: $(RUN_READY) $(DEV_READY) ## check every property with new arbitrary input, ROUNDS times
	for round in $$(seq $(ROUNDS)); do \
		$(BIN)/python -m pytest -q -m hypothesis --hypothesis-profile=new-input -n $(TEST_WORKERS) || exit 1; done

.PHONY: bench
bench: setup $(DEV_READY) $(BENCH_READY) bench/peers/node/node_modules/.ready ## measure beside nginx-rtmp and node-media-server, and write a report
	$(BIN)/python -m bench.debian_packages
	$(BIN)/python -m bench $(ARGS)

.PHONY: system-packages
system-packages: ## install what the tests need from Debian, or name it
	@$(PYTHON) tests/support/debian_packages.py

.PHONY: lock
lock: $(DEV_READY) ## resolve the dependencies of pyproject.toml anew
	for group in run dev bench; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header pyproject.toml \
		--group $$(test $$group = run && echo build || echo $$group) -o requirements/$$group.lock || exit 1; done
	for group in node fuzz; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header \
		--group pyproject.toml:$$group -o requirements/$$group.lock || exit 1; done

.PHONY: clean
clean: ## remove all that the targets above made, but no data
	rm -rf .venv web/node_modules tests/web/players/node_modules bench/peers/node/node_modules distribution/pages build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Rillcast needs Python 3.11 or newer; none was found on PATH." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu install its venv module: apt-get install python3-venv" >&2; exit 1; }

$(RUN_READY): requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "Installing the locked dependencies into .venv"
	@$(PIP) install --require-hashes -r requirements/run.lock
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_READY): requirements/dev.lock $(RUN_READY)
	@echo "Installing the locked development tools into .venv"
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

$(BENCH_READY): requirements/bench.lock $(RUN_READY)
	@echo "Installing what the benchmarks draw with into .venv"
	@$(PIP) install --require-hashes -r requirements/bench.lock
	@touch $@

bench/peers/node/node_modules/.ready: bench/peers/node/package.json bench/peers/node/package-lock.json | .venv/bin/python
	@echo "Installing node-media-server into bench/peers/node/node_modules"
	@cd bench/peers/node && ../../../web/with-node npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(FUZZ_READY): requirements/fuzz.lock $(RUN_READY)
	@echo "Installing the locked fuzzer into .venv"
	@$(PIP) install --require-hashes -r requirements/fuzz.lock
	@touch $@

web/node_modules/.ready: web/package.json web/package-lock.json | .venv/bin/python
	@echo "Installing the locked web dependencies into web/node_modules"
	@cd web && ../$(WITH_NODE) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(TEST_PLAYERS): tests/web/players/package.json tests/web/players/package-lock.json | .venv/bin/python
	@echo "Installing the players of the tests into tests/web/players/node_modules"
	@cd tests/web/players && ../../../$(WITH_NODE) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGES): web/node_modules/.ready $(WEB_SOURCES)
	@echo "Building the web pages"
	@cd web && ../$(WITH_NODE) npm run --silent build
	@touch $@
