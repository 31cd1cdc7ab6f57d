# What a developer or an operator types. Everything prepares itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MINUTES ?= 30
SEED ?= 1
HOURS ?= 12
READY := $(VENV)/.ready

.PHONY: setup run test matrix chaos soak check format lock clean
.DEFAULT_GOAL := run

setup: $(READY)

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Nonstop needs Python 3.11 or newer. Name one with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) …" >&2
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo "Python cannot make a virtual environment. On Debian: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt >&2
	@touch $@

run: setup
	@exec $(BIN)/python -m bot up

test: setup
	@$(BIN)/python -m pytest -n 4 --dist worksteal -m "not timed" && $(BIN)/python -m pytest -m timed

# Every kind of odd item in every mode, between ordinary neighbours; writes the table.
matrix: setup
	@$(BIN)/python -m tests.matrix --beside 10 --table docs/odd-items.md

# Every promise about faults, one after the other, and then MINUTES of random ones; SEED makes another run.
chaos: setup
	@$(BIN)/python -m tests.chaos table
	@$(BIN)/python -m tests.chaos random --minutes $(MINUTES) --seed $(SEED)

# HOURS without a fault: memory, open files, children and lip-sync may not grow.
soak: setup
	@$(BIN)/python -m tests.chaos soak --hours $(HOURS)

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock:
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/python -m pip install --quiet uv
	@$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --annotation-style line --group dev pyproject.toml -o requirements.txt
	@rm -rf $(VENV)-lock

clean:
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
