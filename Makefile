# What others script against: setup, drill, prove, test, check. Everything that needs the environment makes it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
EXTRAS ?= s3,reference,dev

.PHONY: setup drill prove test check lint types tables pins bench bench-proxy calibrate clean
setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Blackstart needs Python 3.11 or newer; $(PYTHON) is " + sys.version.split()[0] + ". Say which: make PYTHON=python3.12")'
	@echo "setting up $(VENV) (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@

drill: $(READY)
	@$(BIN)/blackstart run --target reference $(ARGS)

prove: $(READY)
	@$(BIN)/blackstart run --target reference --prove $(ARGS)

test: $(READY)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

check: lint types
	@$(BIN)/python -m pytest -q -m "not slow" tests/test_floors.py tests/model

tables: $(READY)
	@$(BIN)/python -m blackstart.runner.tables docs

# What the constraints hold: every package of every extra, by name and version only.
pins: $(READY)
	@$(PYTHON) -m venv .venv-pins && .venv-pins/bin/pip install --quiet -e '.[s3,reference,containers,load,browser,parallel,dev]'
	@{ echo "# Exact versions that Blackstart is tested with. Regenerate with 'make pins'; names and versions only."; .venv-pins/bin/pip freeze --exclude-editable; } > constraints.txt
	@rm -rf .venv-pins

bench: $(READY)
	@$(BIN)/python benchmarks/stack.py
	@$(BIN)/python benchmarks/harness.py
	@$(BIN)/python benchmarks/ledger.py

# Known outages, losses and lies beside what is measured of them.
calibrate: $(READY)
	@$(BIN)/python -m blackstart.runner.calibrate $(ARGS)

# Needs a C compiler; compares with haproxy and toxiproxy-server where they are on PATH.
bench-proxy: $(READY)
	@$(BIN)/python -m benchmarks.proxy.speed $(ARGS)
	@$(BIN)/python -m benchmarks.proxy.accuracy

clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache out
