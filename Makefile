# What a developer or an operator types. Everything prepares itself.

PYTHON ?= python3
# One more than there are cores: much of a test's time is waiting for media to play.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')
VENV := .venv
BIN := $(VENV)/bin
MINUTES ?= 30
SEED ?= 1
HOURS ?= 12
PYTEST = $(BIN)/python -m pytest
PYTEST_BESIDE = $(PYTEST) -n $(WORKERS) --dist worksteal
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --annotation-style line $(if $(UPGRADE),--upgrade)

.PHONY: setup run test test-long matrix chaos soak check format lock clean
.DEFAULT_GOAL := run

# What an operator needs; `make setup DEV=1` also what tests and checks need, which they see to themselves.
setup: $(if $(DEV),$(READY_DEV),$(READY))

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Nonstop needs Python 3.11 or newer. Name one with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) …" >&2
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo "Python cannot make a virtual environment. On Debian: apt install python3-venv" >&2; exit 1; }
	@$(INSTALL) -r requirements.txt >&2
	@touch $@

# Holds what requirements.txt has, in the same versions, and the tools.
$(READY_DEV): requirements-dev.txt $(READY)
	@echo "Adding what tests and checks need to $(VENV) …" >&2
	@$(INSTALL) -r requirements-dev.txt >&2
	@touch $@

run: $(READY)
	@exec $(BIN)/python -m bot up

test: $(READY_DEV)
	@$(PYTEST_BESIDE) -m "not timed and not long" && $(PYTEST) -m "timed and not long"

# What plays for longer: faults, restarts, odd items, a short run of `make chaos`.
test-long: $(READY_DEV)
	@$(PYTEST_BESIDE) -m "long and not timed" && $(PYTEST) -m "long and timed"

# Every kind of odd item in every mode, between ordinary neighbours; writes the table.
matrix: $(READY_DEV)
	@$(BIN)/python -m tests.matrix --beside 6 --table docs/odd-items.md

# Every promise about faults, one after the other, and then MINUTES of random ones; SEED makes another run.
chaos: $(READY_DEV)
	@$(BIN)/python -m tests.chaos table
	@$(BIN)/python -m tests.chaos random --minutes $(MINUTES) --seed $(SEED)

# HOURS without a fault: memory, open files, children and lip-sync may not grow.
soak: $(READY_DEV)
	@$(BIN)/python -m tests.chaos soak --hours $(HOURS)

check: $(READY_DEV)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml bot streaming
	@$(BIN)/python .ci/audit.py requirements.txt

format: $(READY_DEV)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Both locks, from scratch: UPGRADE=1 takes the newest versions, else what is pinned stays where it fits.
lock:
	@rm -rf $(VENV)-lock
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(LOCK) pyproject.toml --output-file requirements.txt
	@$(LOCK) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
	@rm -rf $(VENV)-lock

clean:
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
